import { describe, expect, it } from 'vitest';
import { aCustomer, aDraft, aSandbox, dataOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

describe('what Stripe would refuse is refused', () => {
  it.each([
    ['an address in an unknown country', { 'address[country]': 'Germany' }, 'address[country]'],
    ['a country that there is not', { 'address[country]': 'QX' }, 'address[country]'],
    ['an email address without a domain', { email: 'ada' }, 'email'],
    ['a name of more than 256 characters', { name: 'a'.repeat(257) }, 'name'],
    ['a phone number of more than 20 characters', { phone: '1'.repeat(21) }, 'phone'],
    ['a metadata key of more than 40 characters', { [`metadata[${'k'.repeat(41)}]`]: 'v' }, 'metadata'],
    ['a metadata value of more than 500 characters', { 'metadata[k]': 'v'.repeat(501) }, 'metadata[k]'],
    [
      'more than 50 keys of metadata',
      Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`metadata[k${index}]`, 'v'])),
      'metadata',
    ],
  ])('of a customer: %s', async (_, form, param) => {
    await using sandbox = await aSandbox();
    expect(await sandbox.client.post('/v1/customers', form as Record<string, string>)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', param } },
    });
  });

  it('of an invoice: more than eight digits, a currency that Stripe does not have, and an item in it', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    expect(await client.post('/v1/invoices', { customer, currency: 'cup' })).toMatchObject({
      status: 400,
      body: { error: { param: 'currency' } },
    });
    const most = 99_999_999;
    const item = { customer, currency: 'usd', amount: String(most + 1) };
    expect((await client.post('/v1/invoiceitems', item)).body).toMatchObject({ error: { code: 'amount_too_large' } });
    const full = await aDraft(client, customer, [most, 1]);
    expect(await client.post(`/v1/invoices/${full}/finalize`)).toMatchObject({
      status: 400,
      body: { error: { code: 'amount_too_large' } },
    });
    const rupiah = await client.post('/v1/invoiceitems', { customer, currency: 'idr', amount: String(most + 1) });
    expect(rupiah.status).toBe(200);
  });

  it('takes nothing off an item below zero unless it is told to', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const invoice = await aDraft(client, customer, [1000, -200]);
    const lines = dataOf(await client.get(`/v1/invoices/${invoice}/lines`));
    expect(lines.map(({ amount, discountable }) => [amount, discountable])).toEqual(
      expect.arrayContaining([
        [1000, true],
        [-200, false],
      ]),
    );
  });
});
