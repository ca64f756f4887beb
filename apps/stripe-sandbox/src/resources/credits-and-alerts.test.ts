import { describe, expect, it } from 'vitest';
import {
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  type SandboxClient,
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

async function aMeter(client: SandboxClient): Promise<string> {
  const meter = { display_name: 'Calls', event_name: 'calls', 'default_aggregation[formula]': 'sum' };
  return idOf(await client.post('/v1/billing/meters', meter));
}

async function use(client: SandboxClient, customer: string, value: number, timestamp?: number): Promise<void> {
  const event = { event_name: 'calls', 'payload[stripe_customer_id]': customer, 'payload[value]': value };
  expect((await client.post('/v1/billing/meter_events', { ...event, ...(timestamp && { timestamp }) })).status).toBe(
    200,
  );
}

/** A metered subscription at 2 a call, and one licensed item of 1500. */
async function aMetered(client: SandboxClient, more: Form = {}) {
  const clock = await aClock(client, start);
  const customer = await aPayer(client, clock.id);
  const recurring = { 'recurring[usage_type]': 'metered', 'recurring[meter]': await aMeter(client) };
  const metered = await aPrice(client, { unit_amount: 2, ...recurring });
  await subscribe(client, customer, await aPrice(client), { 'items[1][price]': metered, ...more });
  return { clock, customer, metered };
}

const aGrant = async (client: SandboxClient, customer: string, value: number, more: Form = {}): Promise<string> =>
  idOf(
    await client.post('/v1/billing/credit_grants', {
      customer,
      'amount[type]': 'monetary',
      'amount[monetary][currency]': 'usd',
      'amount[monetary][value]': value,
      ...('applicability_config[scope][prices][0][id]' in more
        ? {}
        : { 'applicability_config[scope][price_type]': 'metered' }),
      ...more,
    }),
  );

async function balanceOf(client: SandboxClient, customer: string, grant?: string): Promise<unknown> {
  const filter =
    grant === undefined
      ? 'filter[type]=applicability_scope&filter[applicability_scope][price_type]=metered'
      : `filter[type]=credit_grant&filter[credit_grant]=${grant}`;
  const { body } = await client.get(`/v1/billing/credit_balance_summary?customer=${customer}&${filter}`);
  const [balance] = body['balances'] as { available_balance: { monetary: { value: number } } }[];
  return balance?.available_balance.monetary.value;
}

describe('billing credits', () => {
  it('pay for usage in the documented order as the invoice is finalized, before tax, and for nothing else', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const rate = idOf(await client.post('/v1/tax_rates', { display_name: 'VAT', percentage: 10, inclusive: 'false' }));
    const { clock, customer, metered } = await aMetered(client, { 'default_tax_rates[0]': rate });
    const later = { expires_at: start + 90 * day };
    const grants = {
      paid: await aGrant(client, customer, 30, later),
      given: await aGrant(client, customer, 30, { ...later, category: 'promotional' }),
      sooner: await aGrant(client, customer, 30, { expires_at: start + 60 * day }),
      first: await aGrant(client, customer, 30, { priority: 0 }),
      elsewhere: await aGrant(client, customer, 30, {
        'applicability_config[scope][prices][0][id]': metered,
        priority: 100,
      }),
      future: await aGrant(client, customer, 30, { effective_at: start + 45 * day, priority: 0 }),
      euros: await aGrant(client, customer, 30, { 'amount[monetary][currency]': 'eur', priority: 0 }),
    };
    await use(client, customer, 50, start);
    await clock.advance(start + 30 * day + 3600);
    const [invoice] = await invoicesOf(client, customer);
    expect(invoice).toMatchObject({
      subtotal: 1600,
      total_excluding_tax: 1500,
      total: 1650,
      status: 'paid',
      total_pretax_credit_amounts: [{ amount: 30 }, { amount: 30 }, { amount: 30 }, { amount: 10 }],
    });
    const debits = dataOf(await client.get(`/v1/billing/credit_balance_transactions?customer=${customer}`))
      .filter(({ type }) => type === 'debit')
      .map(({ credit_grant: grant }) => grant);
    expect(debits.reverse()).toEqual([grants.first, grants.sooner, grants.given, grants.paid]);
    expect(await balanceOf(client, customer, grants.paid)).toBe(20);
    expect(await balanceOf(client, customer, grants.elsewhere)).toBe(30);
    expect(await balanceOf(client, customer, grants.future)).toBeUndefined();
  });

  it('come back when the invoice is voided, and what is left expires at its time', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { clock, customer } = await aMetered(client, { collection_method: 'send_invoice', days_until_due: 5 });
    const grant = await aGrant(client, customer, 500, { expires_at: start + 40 * day });
    await use(client, customer, 50, start);
    await clock.advance(start + 30 * day + 3600);
    expect(await balanceOf(client, customer)).toBe(400);
    const [invoice] = await invoicesOf(client, customer);
    expect((await client.post(`/v1/billing/credit_grants/${grant}/void`)).status).toBe(400);
    idOf(await client.post(`/v1/invoices/${String(invoice!['id'])}/void`));
    expect(await balanceOf(client, customer)).toBe(500);
    await clock.advance(start + 40 * day);
    expect(await balanceOf(client, customer)).toBeUndefined();
    const [last] = dataOf(await client.get(`/v1/billing/credit_balance_transactions?credit_grant=${grant}`));
    expect(last).toMatchObject({ debit: { type: 'credits_expired', amount: { monetary: { value: 500 } } } });
    expect((await client.post(`/v1/billing/credit_grants/${grant}/expire`)).status).toBe(400);
  });

  it('can be expired or voided by hand, and have a scope, an amount and an end that make sense', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { customer } = await aMetered(client);
    const [one, two] = [await aGrant(client, customer, 100), await aGrant(client, customer, 200)];
    expect((await client.post(`/v1/billing/credit_grants/${one}/expire`)).body).toMatchObject({ expires_at: start });
    expect((await client.post(`/v1/billing/credit_grants/${two}/void`)).body).toMatchObject({ voided_at: start });
    expect(await balanceOf(client, customer)).toBeUndefined();
    const licensed = await aPrice(client);
    for (const more of [
      { 'amount[monetary][value]': 0 },
      { priority: 101 },
      { expires_at: start },
      { 'applicability_config[scope][prices][0][id]': licensed },
    ] as Form[]) {
      await expect(aGrant(client, customer, 100, more), JSON.stringify(more)).rejects.toThrow('400');
    }
  });
});

describe('a usage alert', () => {
  it('goes off once for each customer who reaches it, of usage since it was made, while it is active', async () => {
    const clock = new TestClock(start * 1000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const meter = await aMeter(client);
    const [ada, bob] = [idOf(await client.post('/v1/customers')), idOf(await client.post('/v1/customers'))];
    await use(client, ada, 90);
    clock.advance(1000);
    const alert = { alert_type: 'usage_threshold', title: 'Many', 'usage_threshold[meter]': meter };
    const threshold = { 'usage_threshold[gte]': 100, 'usage_threshold[recurrence]': 'one_time' };
    const filter = { 'usage_threshold[filters][0][type]': 'customer', 'usage_threshold[filters][0][customer]': bob };
    const everyone = idOf(await client.post('/v1/billing/alerts', { ...alert, ...threshold }));
    const onlyBob = idOf(await client.post('/v1/billing/alerts', { ...alert, ...threshold, ...filter }));
    await use(client, ada, 60);
    expect(await eventsOf(client, 'billing.alert.triggered')).toEqual([]);
    await use(client, ada, 60);
    await use(client, ada, 60);
    const [event, ...others] = await eventsOf(client, 'billing.alert.triggered');
    expect(others).toEqual([]);
    expect(event).toMatchObject({ data: { object: { customer: ada, value: 120, alert: { id: everyone } } } });
    idOf(await client.post(`/v1/billing/alerts/${everyone}/archive`));
    expect((await client.post(`/v1/billing/alerts/${everyone}/activate`)).status).toBe(400);
    idOf(await client.post(`/v1/billing/alerts/${onlyBob}/deactivate`));
    await use(client, bob, 100);
    idOf(await client.post(`/v1/billing/alerts/${onlyBob}/activate`));
    await use(client, bob, 1);
    const [latest, before] = await eventsOf(client, 'billing.alert.triggered');
    expect(latest).toMatchObject({ data: { object: { customer: bob, value: 101, alert: { id: onlyBob } } } });
    expect(before).toEqual(event);
  });
});

describe('entitlements', () => {
  it('are those of the products that a customer subscribes to, for as long', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const feature = idOf(await client.post('/v1/entitlements/features', { name: 'Exports', lookup_key: 'exports' }));
    expect((await client.post('/v1/entitlements/features', { name: 'x', lookup_key: 'exports' })).status).toBe(400);
    const price = await aPrice(client);
    const product = String((await client.get(`/v1/prices/${price}`)).body['product']);
    const customer = idOf(
      await client.post('/v1/customers', {
        payment_method: 'pm_card_visa',
        'invoice_settings[default_payment_method]': 'pm_card_visa',
      }),
    );
    const subscription = await subscribe(client, customer, price);
    const active = async (): Promise<unknown[]> =>
      dataOf(await client.get(`/v1/entitlements/active_entitlements?customer=${customer}`)).map(
        (each) => each['lookup_key'],
      );
    expect(await active()).toEqual([]);
    const owned = idOf(await client.post(`/v1/products/${product}/features`, { entitlement_feature: feature }));
    expect(await active()).toEqual(['exports']);
    const again = await client.post(`/v1/products/${product}/features`, { entitlement_feature: feature });
    expect(again.status).toBe(400);
    idOf(await client.delete(`/v1/products/${product}/features/${owned}`));
    expect(await active()).toEqual([]);
    idOf(await client.post(`/v1/products/${product}/features`, { entitlement_feature: feature }));
    idOf(await client.delete(`/v1/subscriptions/${String(subscription['id'])}`));
    expect(await active()).toEqual([]);
    const summaries = await eventsOf(client, 'entitlements.active_entitlement_summary.updated');
    expect(summaries).toHaveLength(4);
    expect(summaries[0]).toMatchObject({ data: { object: { customer, entitlements: { data: [] } } } });
  });
});
