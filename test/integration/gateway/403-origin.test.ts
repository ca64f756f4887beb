import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: { policies: { origins: { allow: ['https://app.example.com'], isRequired: false } } },
  });
});
afterAll(() => under.dispose());

describe('a call from an origin that is not on the list', () => {
  it('is refused, after its key was looked at', async () => {
    const headers = { origin: 'https://evil.test' };
    const answer = await under.call('/things', { headers });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'origin_not_allowed' });
    expect((await call(`${under.url}/things`, { headers })).status).toBe(401);
    expect(under.upstream.requests).toEqual([]);
    expect(await under.events()).toEqual([]);
  });

  it('is served from a listed one, and where no browser says one', async () => {
    expect((await under.call('/things', { headers: { origin: 'https://app.example.com' } })).status).toBe(200);
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is refused without an origin where one is required', async () => {
    const policies = { origins: { allow: ['https://app.example.com'], isRequired: true } };
    await under.database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query('UPDATE api_version SET policies = $2 WHERE id = $1', [
        under.catalog.version.id,
        JSON.stringify(policies),
      ]);
      await appendChange(transaction, 'catalog', 'all', under.database.clock.now());
    });
    await under.sync();
    const answer = await under.call('/things');
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'origin_not_allowed' });
  });
});
