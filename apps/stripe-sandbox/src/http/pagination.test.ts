import { describe, expect, it } from 'vitest';
import { aSandbox, dataOf, idOf, type SandboxClient } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

async function customers(client: SandboxClient, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.unshift(idOf(await client.post('/v1/customers')));
  return ids;
}

describe('lists', () => {
  it('come newest first, ten at a time, and say whether there is more', async () => {
    await using sandbox = await aSandbox();
    const ids = await customers(sandbox.client, 12);
    const first = await sandbox.client.get('/v1/customers');
    expect(dataOf(first).map(({ id }) => id)).toEqual(ids.slice(0, 10));
    expect(first.body).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' });
    const rest = await sandbox.client.get(`/v1/customers?starting_after=${ids[9]}`);
    expect(dataOf(rest).map(({ id }) => id)).toEqual(ids.slice(10));
    expect(rest.body['has_more']).toBe(false);
  });

  it('go back with ending_before', async () => {
    await using sandbox = await aSandbox();
    const ids = await customers(sandbox.client, 5);
    const page = await sandbox.client.get(`/v1/customers?ending_before=${ids[3]}&limit=2`);
    expect(dataOf(page).map(({ id }) => id)).toEqual([ids[1], ids[2]]);
    expect(page.body['has_more']).toBe(true);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'starting_after=cus_none', 'starting_after=a&ending_before=b'])(
    'refuse %s',
    async (query) => {
      await using sandbox = await aSandbox();
      expect((await sandbox.client.get(`/v1/customers?${query}`)).status).toBe(400);
    },
  );

  it('filter by time of creation', async () => {
    await using sandbox = await aSandbox();
    await customers(sandbox.client, 1);
    expect(dataOf(await sandbox.client.get('/v1/customers?created[gt]=0&created[lt]=99999999999'))).toHaveLength(1);
    expect(dataOf(await sandbox.client.get('/v1/customers?created[gte]=99999999999'))).toHaveLength(0);
  });
});
