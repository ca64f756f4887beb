import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aSandbox,
  dataOf,
  idOf,
  type SandboxClient,
  type StripeBody,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';
import {
  aClock,
  aPayer,
  aPrice,
  day,
  eventsOf,
  invoicesOf,
  seconds,
  subscribe,
  type Form,
} from '../../../../test/support/stripe-sandbox/subscriptions.js';

const start = seconds('2027-04-01T00:00:00');
const aCoupon = async (client: SandboxClient, form: Form): Promise<string> =>
  idOf(await client.post('/v1/coupons', form));
const aRate = async (client: SandboxClient, percentage: number, inclusive = false): Promise<string> =>
  idOf(await client.post('/v1/tax_rates', { display_name: 'VAT', percentage, inclusive: String(inclusive) }));

async function anInvoice(client: SandboxClient, items: readonly Form[], form: Form = {}): Promise<string> {
  const customer = await aCustomer(client);
  const invoice = idOf(await client.post('/v1/invoices', { customer, currency: 'usd', ...form }));
  for (const item of items)
    idOf(await client.post('/v1/invoiceitems', { customer, invoice, currency: 'usd', ...item }));
  return `/v1/invoices/${invoice}`;
}

const linesOf = (invoice: StripeBody): StripeBody[] => (invoice['lines'] as { data: StripeBody[] }).data;

describe('taxes of an invoice', () => {
  it('are those of the line, or else those of the invoice, and are rounded once', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const [usual, own] = [await aRate(client, 10), await aRate(client, 20, true)];
    const items = [{ amount: 5 }, { amount: 5 }, { amount: 1200, 'tax_rates[0]': own }, { amount: 995 }];
    const path = await anInvoice(client, items, { 'default_tax_rates[0]': usual });
    const { body } = await client.get(path);
    // 10% of 1005 is 100.5; 1200 has 200 in it.
    expect(body).toMatchObject({
      subtotal: 2205,
      subtotal_excluding_tax: 2005,
      total: 2306,
      total_excluding_tax: 2005,
      amount_due: 2306,
      default_tax_rates: [{ id: usual, percentage: 10 }],
      total_taxes: [
        { amount: 101, taxable_amount: 1005, tax_behavior: 'exclusive', tax_rate_details: { tax_rate: usual } },
        { amount: 200, taxable_amount: 1000, tax_behavior: 'inclusive', tax_rate_details: { tax_rate: own } },
      ],
    });
    const parts = linesOf(body).flatMap((line) => line['taxes'] as { amount: number; tax_behavior: string }[]);
    const exclusive = parts.filter(({ tax_behavior: behavior }) => behavior === 'exclusive');
    expect(exclusive.reduce((sum, { amount }) => sum + amount, 0)).toBe(101);
    const paid = await client.post(`${path}/pay`, { paid_out_of_band: 'true' });
    expect(paid.body).toMatchObject({ status: 'paid', amount_paid: 2306 });
    const page = await (await fetch(`${sandbox.running.url}/i/${path.split('/').at(-1)}`)).text();
    expect(page).toContain('VAT (20%, included)');
  });

  it('follow the customer until the invoice is finalized, and are zero for one who is exempt', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const rate = await aRate(client, 10);
    const path = await anInvoice(client, [{ amount: 1000, 'tax_rates[0]': rate }]);
    const before = await client.get(path);
    expect(before.body).toMatchObject({ total: 1100 });
    idOf(await client.post(`/v1/customers/${String(before.body['customer'])}`, { tax_exempt: 'reverse' }));
    expect((await client.post(`${path}/finalize`)).body).toMatchObject({
      total: 1000,
      total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }],
    });
  });

  it('are refused where the rate is unknown, archived, or one of more than five', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const archived = await aRate(client, 10);
    idOf(await client.post(`/v1/tax_rates/${archived}`, { active: 'false' }));
    const many: Form = {};
    for (let index = 0; index < 6; index++) many[`tax_rates[${index}]`] = await aRate(client, index);
    for (const form of [{ 'tax_rates[0]': 'txr_none' }, { 'tax_rates[0]': archived }, many]) {
      const refused = await client.post('/v1/invoiceitems', { customer, amount: 5, currency: 'usd', ...form });
      expect(refused.status).toBe(400);
    }
  });
});

describe('discounts of an invoice', () => {
  it('come off the item, then off the invoice, before tax, and can be taken back while it is a draft', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const half = await aCoupon(client, { percent_off: 50 });
    const hundred = await aCoupon(client, { amount_off: 100, currency: 'usd' });
    const rate = await aRate(client, 10);
    const items = [
      { amount: 1000, 'discounts[0][coupon]': half },
      { amount: 500 },
      { amount: 300, discountable: 'false' },
    ];
    const path = await anInvoice(client, items, { 'discounts[0][coupon]': hundred, 'default_tax_rates[0]': rate });
    const { body } = await client.get(`${path}?expand[]=discounts&expand[]=discounts.source.coupon`);
    expect(body).toMatchObject({
      subtotal: 1300,
      total_excluding_tax: 1200,
      total: 1320,
      discounts: [{ object: 'discount', source: { coupon: { id: hundred, times_redeemed: 1 } } }],
    });
    const [own, shared] = body['total_discount_amounts'] as { amount: number; discount: string }[];
    expect([own!.amount, shared!.amount]).toEqual([500, 100]);
    const [last, second, first] = linesOf(body);
    expect(first).toMatchObject({ amount: 1000, discount_amounts: [{ amount: 500 }, { amount: 50 }] });
    expect(second).toMatchObject({ discount_amounts: [{ amount: 50, discount: shared!.discount }] });
    expect(last).toMatchObject({ discount_amounts: [] });
    const kept = await client.post(path, { 'discounts[0][discount]': shared!.discount });
    expect(kept.body).toMatchObject({ discounts: [shared!.discount], total: 1320 });
    expect((await client.post(path, { discounts: '' })).body).toMatchObject({ discounts: [], total: 1430 });
    idOf(await client.delete(`/v1/coupons/${half}`));
    expect((await client.get(path)).body).toMatchObject({ subtotal: 1300 });
  });

  it('are refused of a coupon that is used up, over, of another currency, or not one thing', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const single = await aCoupon(client, { percent_off: 10, max_redemptions: 1 });
    const path = await anInvoice(client, [{ amount: 1000 }], { 'discounts[0][coupon]': single });
    expect((await client.get(`/v1/coupons/${single}`)).body).toMatchObject({ times_redeemed: 1, valid: false });
    const over = await aCoupon(client, { percent_off: 10, redeem_by: 1_000_000_000 });
    const euros = await aCoupon(client, { amount_off: 10, currency: 'eur' });
    for (const form of [
      { 'discounts[0][coupon]': single },
      { 'discounts[0][coupon]': over },
      { 'discounts[0][coupon]': euros },
      { 'discounts[0][coupon]': 'none' },
      { 'discounts[0][discount]': 'di_none' },
      { 'discounts[0][coupon]': euros, 'discounts[0][discount]': 'di_none' },
    ]) {
      expect((await client.post(path, form)).status, JSON.stringify(form)).toBe(400);
    }
  });
});

describe('discounts and taxes of a subscription', () => {
  it.each([
    ['once', {}, [900, 1000, 1000, 1000]],
    ['repeating', { duration_in_months: 2 }, [900, 900, 1000, 1000]],
    ['forever', {}, [900, 900, 900, 900]],
  ] as const)('last as long as the coupon says: %s', async (duration, more, totals) => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, start);
    const coupon = await aCoupon(client, { percent_off: 10, duration, ...more });
    const customer = await aPayer(client, clock.id);
    const price = await aPrice(client, { unit_amount: 1000 });
    const subscription = await subscribe(client, customer, price, { 'discounts[0][coupon]': coupon });
    expect(await eventsOf(client, 'customer.discount.created')).toHaveLength(1);
    await clock.advance(seconds('2027-05-01T02:00:00'));
    await clock.advance(seconds('2027-06-01T02:00:00'));
    await clock.advance(seconds('2027-07-01T02:00:00'));
    expect((await invoicesOf(client, customer)).map(({ total }) => total).reverse()).toEqual(totals);
    const { body } = await client.get(`/v1/subscriptions/${String(subscription['id'])}`);
    expect(body['discounts']).toHaveLength(duration === 'once' ? 0 : 1);
    expect(await eventsOf(client, 'customer.discount.deleted')).toHaveLength(duration === 'once' ? 1 : 0);
  });

  it('that are good once wait while a trial costs nothing', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, start);
    const coupon = await aCoupon(client, { percent_off: 10 });
    const customer = await aPayer(client, clock.id);
    const price = await aPrice(client, { unit_amount: 1000 });
    await subscribe(client, customer, price, { 'discounts[0][coupon]': coupon, trial_period_days: 5 });
    await clock.advance(start + 6 * day);
    expect((await invoicesOf(client, customer)).map(({ total }) => total)).toEqual([900, 0]);
  });

  it('are those of its items before its own, on invoices, prorations and previews', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, start);
    const [usual, own] = [await aRate(client, 10), await aRate(client, 20)];
    const coupon = await aCoupon(client, { amount_off: 100, currency: 'usd', duration: 'forever' });
    const customer = await aPayer(client, clock.id);
    const [first, second] = [await aPrice(client, { unit_amount: 3000 }), await aPrice(client, { unit_amount: 1000 })];
    const subscription = await subscribe(client, customer, first, {
      'default_tax_rates[0]': usual,
      'items[0][discounts][0][coupon]': coupon,
      'items[1][price]': second,
      'items[1][tax_rates][0]': own,
    });
    expect(subscription).toMatchObject({ default_tax_rates: [{ id: usual }] });
    const path = `/v1/subscriptions/${String(subscription['id'])}`;
    // 2900 and 10%, 1000 and 20%.
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ subtotal: 3900, total: 3900 + 290 + 200 });
    await clock.advance(start + 15 * day);
    const { data: items } = subscription['items'] as { data: { id: string }[] };
    idOf(await client.post(path, { 'items[0][id]': items[1]!.id, 'items[0][quantity]': 2 }));
    const [owed] = dataOf(await client.get(`/v1/invoiceitems?customer=${customer}&pending=true`));
    expect(owed).toMatchObject({ amount: 1000, tax_rates: [{ id: own }] });
    const preview = await client.post('/v1/invoices/create_preview', { subscription: path.split('/').at(-1)! });
    // Besides the proration of 500 with its 20%.
    expect(preview.body).toMatchObject({ total: 2900 + 290 + 2000 + 400 + 500 + 100 });
    idOf(await client.post(path, { default_tax_rates: '', 'items[0][id]': items[0]!.id, 'items[0][discounts]': '' }));
    expect(
      (await client.post('/v1/invoices/create_preview', { subscription: path.split('/').at(-1)! })).body,
    ).toMatchObject({
      total: 3000 + 2000 + 400 + 500 + 100,
    });
  });

  it('can be taken off a subscription', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, start);
    const coupon = await aCoupon(client, { percent_off: 10, duration: 'forever' });
    const price = await aPrice(client);
    const subscription = await subscribe(client, await aPayer(client, clock.id), price, {
      'discounts[0][coupon]': coupon,
    });
    const path = `/v1/subscriptions/${String(subscription['id'])}`;
    expect((await client.delete(`${path}/discount`)).body).toMatchObject({ object: 'discount', deleted: true });
    expect((await client.get(path)).body).toMatchObject({ discounts: [] });
    expect((await client.delete(`${path}/discount`)).status).toBe(404);
  });
});

describe('a credit note', () => {
  it('of parts of a line has their share of its discounts and taxes, and of all parts the whole', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const coupon = await aCoupon(client, { percent_off: 10 });
    const rate = await aRate(client, 7.7);
    const items = [{ amount: 999, 'tax_rates[0]': rate }];
    const path = await anInvoice(client, items, { 'discounts[0][coupon]': coupon });
    const finalized = await client.post(`${path}/finalize`);
    // 999 less 100, and 69.2 of tax.
    expect(finalized.body).toMatchObject({ total: 899 + 69 });
    const line = String(linesOf(finalized.body)[0]!['id']);
    const credit = (amount: number) =>
      client.post('/v1/credit_notes', {
        invoice: path.split('/').at(-1)!,
        'lines[0][type]': 'invoice_line_item',
        'lines[0][invoice_line_item]': line,
        'lines[0][amount]': amount,
      });
    const [one, two] = [await credit(333), await credit(666)];
    const sums = [one, two].map(({ body }) => [body['subtotal'], body['discount_amount'], body['total']] as number[]);
    expect(sums[0]).toEqual([333, 33, 333 - 33 + 23]);
    expect(sums[0]!.map((each, index) => each + sums[1]![index]!)).toEqual([999, 100, 968]);
    expect((await client.get(path)).body).toMatchObject({ status: 'paid', amount_remaining: 0 });
    expect((await credit(1)).status).toBe(400);
  });

  it('in words of its own has the taxes that it names', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const rate = await aRate(client, 10);
    const path = await anInvoice(client, [{ amount: 5000 }]);
    idOf(await client.post(`${path}/finalize`));
    const lines = {
      'lines[0][type]': 'custom_line_item',
      'lines[0][unit_amount]': 1000,
      'lines[0][tax_rates][0]': rate,
    };
    const note = await client.post('/v1/credit_notes', { invoice: path.split('/').at(-1)!, ...lines });
    expect(note.body).toMatchObject({
      subtotal: 1000,
      total: 1100,
      total_excluding_tax: 1000,
      total_taxes: [{ amount: 100, taxable_amount: 1000 }],
    });
    expect((await client.get(path)).body).toMatchObject({ amount_remaining: 3900 });
  });
});
