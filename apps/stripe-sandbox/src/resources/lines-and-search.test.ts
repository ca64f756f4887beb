import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aDraft,
  aSandbox,
  dataOf,
  idOf,
  type StripeBody,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const linesOf = ({ lines }: StripeBody): StripeBody[] => (lines as { data: StripeBody[] }).data;

describe('lines of a draft', () => {
  it('are added, changed and removed together, or not at all', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const path = `/v1/invoices/${await aDraft(client, customer, [100])}`;
    const pending = idOf(await client.post('/v1/invoiceitems', { customer, amount: 300, currency: 'usd' }));
    const rate = idOf(await client.post('/v1/tax_rates', { display_name: 'VAT', percentage: 10, inclusive: 'false' }));
    const added = await client.post(`${path}/add_lines`, {
      'lines[0][amount]': 200,
      'lines[0][tax_rates][0]': rate,
      'lines[1][invoice_item]': pending,
      'invoice_metadata[a]': 'b',
    });
    expect(added.body).toMatchObject({ total: 620, metadata: { a: 'b' } });
    const [third, second] = linesOf(added.body).map(({ id }) => String(id));
    const wrong = { 'lines[0][amount]': 5, 'lines[1][invoice_item]': pending };
    expect((await client.post(`${path}/add_lines`, wrong)).status).toBe(400);
    expect((await client.get(path)).body).toMatchObject({ total: 620 });
    const updated = await client.post(`${path}/update_lines`, {
      'lines[0][id]': second!,
      'lines[0][amount]': 1000,
      'lines[0][description]': 'More',
      'lines[0][tax_rates]': '',
    });
    expect(updated.body).toMatchObject({ total: 1400 });
    expect(linesOf(updated.body)[1]).toMatchObject({ amount: 1000, description: 'More', taxes: [] });
    const removed = await client.post(`${path}/remove_lines`, {
      'lines[0][id]': second!,
      'lines[0][behavior]': 'delete',
      'lines[1][id]': third!,
      'lines[1][behavior]': 'unassign',
    });
    expect(removed.body).toMatchObject({ total: 100 });
    expect(dataOf(await client.get(`/v1/invoiceitems?customer=${customer}&pending=true`))).toMatchObject([
      { id: pending },
    ]);
    idOf(await client.post(`${path}/finalize`));
    expect((await client.post(`${path}/add_lines`, { 'lines[0][amount]': 5 })).body).toMatchObject({
      error: { code: 'invoice_not_editable' },
    });
  });
});

describe('a search', () => {
  it('finds by equality, parts, comparison, metadata and null, joined in one way, page by page', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    for (const [name, team] of [
      ['Ada Ltd', 'red'],
      ['Bob & Ada', 'blue'],
      ['Carl', ''],
    ]) {
      idOf(await client.post('/v1/products', { name: name!, ...(team && { 'metadata[team]': team }) }));
    }
    const find = async (query: string): Promise<unknown> => {
      const { status, body } = await client.get(`/v1/products/search?query=${encodeURIComponent(query)}`);
      return status === 200 ? dataOf({ body } as never).map(({ name }) => name) : status;
    };
    expect(await find("name:'ada ltd'")).toEqual(['Ada Ltd']);
    expect(await find("name~'ada'")).toEqual(['Bob & Ada', 'Ada Ltd']);
    expect(await find('name~"ada" AND -metadata["team"]:"red"')).toEqual(['Bob & Ada']);
    expect(await find('metadata["team"]:null OR metadata["team"]:"red"')).toEqual(['Carl', 'Ada Ltd']);
    expect(await find('active:"true" name:"Carl"')).toEqual(['Carl']);
    for (const wrong of [
      'color:"red"',
      'name>3',
      'name~"a"',
      'name:"a" AND name:"b" OR name:"c"',
      'name',
      'name:"a" )',
    ]) {
      expect(await find(wrong), wrong).toBe(400);
    }
    const first = await client.get("/v1/products/search?query=active:'true'&limit=2");
    expect(first.body).toMatchObject({ has_more: true, next_page: expect.any(String) });
    const rest = await client.get(
      `/v1/products/search?query=active:'true'&limit=2&page=${String(first.body['next_page'])}`,
    );
    expect(dataOf(rest).map(({ name }) => name)).toEqual(['Ada Ltd']);
    const prices = await client.get('/v1/payment_intents/search?query=amount>=5 amount<9');
    expect(prices.body).toMatchObject({ object: 'search_result', data: [], has_more: false });
  });
});
