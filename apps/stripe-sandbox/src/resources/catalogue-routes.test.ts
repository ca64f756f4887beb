import { describe, expect, it } from 'vitest';
import { aCustomer, aDraft, aSandbox, dataOf, idOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

describe('the catalogue', () => {
  it('keeps products that have prices, and prices as they were made', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const product = idOf(await client.post('/v1/products', { name: 'Calls', id: 'calls' }));
    expect((await client.post('/v1/products', { name: 'Calls', id: 'calls' })).body).toMatchObject({
      error: { code: 'resource_already_exists' },
    });
    const price = idOf(await client.post('/v1/prices', { product, currency: 'usd', unit_amount_decimal: '0.250' }));
    expect((await client.get(`/v1/prices/${price}`)).body).toMatchObject({
      unit_amount: null,
      unit_amount_decimal: '0.25',
    });
    expect((await client.post(`/v1/prices/${price}`, { unit_amount: 5 })).body).toMatchObject({
      error: { code: 'parameter_unknown' },
    });
    expect((await client.delete(`/v1/products/${product}`)).status).toBe(400);
    expect((await client.post(`/v1/products/${product}`, { active: 'false' })).body).toMatchObject({ active: false });
  });

  it.each([
    ['tiers that do not go up', { 'tiers[0][up_to]': 5, 'tiers[1][up_to]': 5 }],
    ['tiers that end', { 'tiers[0][up_to]': 5, 'tiers[1][up_to]': 10 }],
    [
      'packages',
      {
        'tiers[0][up_to]': 5,
        'tiers[1][up_to]': 'inf',
        'transform_quantity[divide_by]': 5,
        'transform_quantity[round]': 'up',
      },
    ],
  ] as Array<[string, Record<string, string | number>]>)('refuses tiers with %s', async (_what, more) => {
    await using sandbox = await aSandbox();
    const refused = await sandbox.client.post('/v1/prices', {
      'product_data[name]': 'Calls',
      currency: 'usd',
      billing_scheme: 'tiered',
      tiers_mode: 'volume',
      'tiers[0][unit_amount]': 2,
      'tiers[1][unit_amount]': 1,
      ...more,
    });
    expect(refused.status).toBe(400);
  });

  it('ends a coupon at its time, and gives it one kind of value', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    expect((await client.post('/v1/coupons', { percent_off: 10, amount_off: 5 })).status).toBe(400);
    const coupon = idOf(await client.post('/v1/coupons', { percent_off: 10, redeem_by: 1 }));
    expect((await client.get(`/v1/coupons/${coupon}`)).body).toMatchObject({ valid: false, percent_off: 10 });
    idOf(await client.delete(`/v1/coupons/${coupon}`));
    expect((await client.get(`/v1/coupons/${coupon}`)).status).toBe(404);
  });

  it('never changes the percentage of a tax rate', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const rate = idOf(await client.post('/v1/tax_rates', { display_name: 'VAT', inclusive: 'true', percentage: 8.1 }));
    expect((await client.post(`/v1/tax_rates/${rate}`, { percentage: 9 })).status).toBe(400);
    expect((await client.post(`/v1/tax_rates/${rate}`, { active: 'false' })).body).toMatchObject({
      active: false,
      percentage: 8.1,
    });
  });
});

describe("a customer's books", () => {
  it('say why the balance is what it is', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const path = `/v1/customers/${customer}/balance_transactions`;
    idOf(await client.post(path, { amount: -300, currency: 'usd' }));
    const invoice = await aDraft(client, customer, [1000]);
    expect((await client.post(`/v1/invoices/${invoice}/finalize`)).body).toMatchObject({
      amount_due: 700,
      total: 1000,
    });
    idOf(await client.post(`/v1/invoices/${invoice}/void`));
    const small = await aDraft(client, customer, [320]);
    idOf(await client.post(`/v1/invoices/${small}/finalize`));
    const rows = dataOf(await client.get(path)).map(({ type, amount, ending_balance: balance }) => [
      type,
      amount,
      balance,
    ]);
    expect(rows).toEqual([
      ['applied_to_invoice', 320, 20],
      ['unapplied_from_invoice', -300, -300],
      ['applied_to_invoice', 300, 0],
      ['adjustment', -300, -300],
    ]);
    expect((await client.post(path, { amount: 1, currency: 'eur' })).status).toBe(400);
  });

  it('hold at most five tax ids, each in the form of its country', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const path = `/v1/customers/${await aCustomer(client)}/tax_ids`;
    expect((await client.post(path, { type: 'constructor', value: 'x' })).status).toBe(400);
    expect((await client.post(path, { type: 'eu_vat', value: '123' })).body).toMatchObject({
      error: { code: 'tax_id_invalid' },
    });
    const ids = [];
    for (let index = 0; index < 5; index++)
      ids.push(idOf(await client.post(path, { type: 'eu_vat', value: `DE12345678${index}` })));
    expect((await client.post(path, { type: 'eu_vat', value: 'DE123456789' })).status).toBe(400);
    idOf(await client.delete(`${path}/${ids[0]}`));
    expect((await client.get(`${path}/${ids[0]}`)).status).toBe(404);
  });
});

describe('a credit note', () => {
  it('adds up its lines, shows itself beforehand, and is taken back while the invoice is open', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const invoice = await aDraft(client, await aCustomer(client), [1000]);
    idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
    const lines = { 'lines[0][type]': 'custom_line_item', 'lines[0][unit_amount]': 200, 'lines[0][quantity]': 2 };
    const query = new URLSearchParams({
      invoice,
      ...Object.fromEntries(Object.entries(lines).map(([k, v]) => [k, String(v)])),
    });
    expect((await client.get(`/v1/credit_notes/preview?${query.toString()}`)).body).toMatchObject({ total: 400 });
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ amount_remaining: 1000 });
    const note = idOf(await client.post('/v1/credit_notes', { invoice, ...lines }));
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ amount_remaining: 600 });
    expect((await client.post(`/v1/credit_notes/${note}/void`)).body).toMatchObject({ status: 'void' });
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ amount_remaining: 1000 });
    expect((await client.post(`/v1/credit_notes/${note}/void`)).status).toBe(400);
  });

  it('of what was paid can go to the balance', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [1000]);
    idOf(await client.post(`/v1/invoices/${invoice}/pay`, { payment_method: 'pm_card_visa' }));
    idOf(await client.post('/v1/credit_notes', { invoice, amount: 400, credit_amount: 400 }));
    expect((await client.get(`/v1/customers/${customer}`)).body).toMatchObject({ balance: -400 });
  });
});

describe('Checkout in payment mode', () => {
  it('charges what is in it, and can be expired before', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const price = idOf(
      await client.post('/v1/prices', { 'product_data[name]': 'Credits', currency: 'usd', unit_amount: 500 }),
    );
    const form = {
      mode: 'payment',
      success_url: 'http://127.0.0.1:9/ok',
      'line_items[0][price]': price,
      'line_items[0][quantity]': 3,
    };
    const session = await client.post('/v1/checkout/sessions', form);
    expect(session.body).toMatchObject({ amount_total: 1500, payment_status: 'unpaid' });
    const pay = (number: string) =>
      fetch(String(session.body['url']), {
        method: 'POST',
        body: new URLSearchParams({ number, expiry: '12/40', cvc: '123' }),
        redirect: 'manual',
      });
    expect((await pay('4000000000000002')).status).toBe(402);
    expect((await pay('4242424242424242')).headers.get('location')).toBe('http://127.0.0.1:9/ok');
    const paid = await client.get(`/v1/checkout/sessions/${idOf(session)}?expand[]=payment_intent`);
    expect(paid.body).toMatchObject({ payment_status: 'paid', payment_intent: { amount_received: 1500 } });
    expect((await client.post(`/v1/checkout/sessions/${idOf(session)}/expire`)).status).toBe(400);
    const second = idOf(await client.post('/v1/checkout/sessions', form));
    expect((await client.post(`/v1/checkout/sessions/${second}/expire`)).body).toMatchObject({
      status: 'expired',
      url: null,
    });
  });
});
