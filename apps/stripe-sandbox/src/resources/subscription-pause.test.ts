import { describe, expect, it } from 'vitest';
import {
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
  aThirdOfAMonth,
  day,
  eventsOf,
  invoicesOf,
  periodOf,
  seconds,
  subscribe,
} from '../../../../test/support/stripe-sandbox/subscriptions.js';

const pendingOf = async (client: SandboxClient, customer: string): Promise<unknown[]> =>
  dataOf(await client.get(`/v1/invoiceitems?customer=${customer}&pending=true`)).map(({ amount }) => amount);
const failing = 'pm_card_chargeCustomerFail';

async function withFailingCard(client: SandboxClient, customer: string): Promise<void> {
  const card = idOf(await client.post(`/v1/payment_methods/${failing}/attach`, { customer }));
  idOf(await client.post(`/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': card }));
}

/** A licensed item of 1500 and a metered one of 2 a call, ten days into a month of thirty, with 50 calls. */
async function aMeteredThird(client: SandboxClient) {
  const start = seconds('2027-04-01T00:00:00');
  const clock = await aClock(client, start);
  const customer = await aPayer(client, clock.id);
  const meter = idOf(
    await client.post('/v1/billing/meters', {
      display_name: 'Calls',
      event_name: 'calls',
      'default_aggregation[formula]': 'sum',
    }),
  );
  const metered = await aPrice(client, {
    unit_amount: 2,
    'recurring[usage_type]': 'metered',
    'recurring[meter]': meter,
  });
  const subscription = await subscribe(client, customer, await aPrice(client), { 'items[1][price]': metered });
  await clock.advance(start + 10 * day);
  const sent = await client.post('/v1/billing/meter_events', {
    event_name: 'calls',
    'payload[stripe_customer_id]': customer,
    'payload[value]': 50,
    timestamp: start + 9 * day,
  });
  expect(sent.status).toBe(200);
  return { start, clock, customer, path: `/v1/subscriptions/${String(subscription['id'])}` };
}

describe('pausing a subscription', () => {
  it('gives back what is unused and bills usage so far, with the next invoice', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, clock, customer, path } = await aMeteredThird(client);
    expect((await client.post(`${path}/pause`)).body).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'pause_requested' } } },
    });
    expect(await pendingOf(client, customer)).toEqual([100, -1000]);
    expect(await invoicesOf(client, customer)).toHaveLength(1);
    await clock.advance(start + 60 * day);
    expect(await invoicesOf(client, customer)).toHaveLength(1);
    expect((await client.post(`${path}/pause`)).status).toBe(400);
    const resumed = await client.post(`${path}/resume`);
    expect(resumed.body).toMatchObject({ status: 'active', billing_cycle_anchor: start + 60 * day });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ total: 1500 + 100 - 1000, status: 'paid' });
  });

  it.each([
    ['invoice', { invoicing_behavior: 'invoice' }, [], 100 - 1000],
    ['the whole period', { 'bill_for[unused_time_from][type]': 'item_current_period_start' }, [100, -1500], undefined],
    [
      'nothing',
      { 'bill_for[unused_time_from][type]': 'none', 'bill_for[outstanding_usage_through][type]': 'none' },
      [],
      undefined,
    ],
  ] as const)('settles %s as was asked for', async (_name, choice, pending, total) => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { customer, path } = await aMeteredThird(client);
    expect((await client.post(`${path}/pause`, choice)).status).toBe(200);
    expect(await pendingOf(client, customer)).toEqual(pending);
    const [latest] = await invoicesOf(client, customer);
    expect(latest).toMatchObject(
      total === undefined ? { billing_reason: 'subscription_create' } : { total, ending_balance: total },
    );
  });
});

describe('resuming a subscription', () => {
  const unchanged = { 'billing_cycle_anchor[type]': 'unchanged' };

  /** Paused after ten days of the month without settling anything, and still so after twenty. */
  async function paused(client: SandboxClient) {
    const third = await aThirdOfAMonth(client);
    const nothing = { 'bill_for[unused_time_from][type]': 'none' };
    expect((await client.post(`${third.path}/pause`, nothing)).status).toBe(200);
    await third.clock.advance(third.start + 20 * day);
    return third;
  }

  it('with its anchor has the rest of the cycle wait for the next invoice, at once, or not at all', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    for (const [behavior, pending, latest] of [
      ['create_prorations', [500], 1500],
      ['always_invoice', [], 500],
      ['none', [], 1500],
    ] as const) {
      const { start, customer, path } = await paused(client);
      const answer = await client.post(`${path}/resume`, { ...unchanged, proration_behavior: behavior });
      expect(answer.body).toMatchObject({ status: 'active', billing_cycle_anchor: start });
      expect(periodOf(answer.body)).toEqual([start + 20 * day, start + 30 * day]);
      expect(await pendingOf(client, customer), behavior).toEqual(pending);
      expect((await invoicesOf(client, customer))[0], behavior).toMatchObject({ total: latest, status: 'paid' });
    }
  });

  it('reckons the rest from the date that is asked for, within the cycle', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, customer, path } = await paused(client);
    const outside = await client.post(`${path}/resume`, { ...unchanged, proration_date: start - 1 });
    expect(outside.body).toMatchObject({ error: { param: 'proration_date' } });
    idOf(await client.post(`${path}/resume`, { ...unchanged, proration_date: start + 15 * day }));
    expect(await pendingOf(client, customer)).toEqual([750]);
  });

  it('is past due where the attempt to pay fails', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { customer, path } = await paused(client);
    await withFailingCard(client, customer);
    const answer = await client.post(`${path}/resume`);
    expect(answer.body).toMatchObject({ status: 'past_due' });
    expect(answer.body).not.toHaveProperty('status_details');
    expect(await eventsOf(client, 'customer.subscription.resumed')).toHaveLength(1);
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'open', attempt_count: 1 });
  });

  it('waits for the payment where that is asked for, or for the invoice to be given up', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const onSuccess = { payment_behavior: 'resume_on_payment_success' };
    const statusOf = async (path: string) => (await client.get(path)).body['status'];
    for (const [outcome, status] of [
      ['pay', 'active'],
      ['mark_uncollectible', 'active'],
      ['void', 'paused'],
    ] as const) {
      const { customer, path } = await paused(client);
      await withFailingCard(client, customer);
      expect((await client.post(`${path}/resume`, onSuccess)).body).toMatchObject({ status: 'paused' });
      const [invoice] = await invoicesOf(client, customer);
      expect(invoice).toMatchObject({ status: 'open', total: 1500, next_payment_attempt: null });
      const form: Record<string, string> = outcome === 'pay' ? { payment_method: 'pm_card_visa' } : {};
      if (outcome === 'pay') idOf(await client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
      idOf(await client.post(`/v1/invoices/${String(invoice!['id'])}/${outcome}`, form));
      expect(await statusOf(path), outcome).toBe(status);
    }
  });

  it('stays paused, with its invoice void, when the payment does not come within 23 hours', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, clock, customer, path } = await paused(client);
    await withFailingCard(client, customer);
    idOf(await client.post(`${path}/resume`, { payment_behavior: 'resume_on_payment_success' }));
    await clock.advance(start + 20 * day + 23 * 3600 - 1);
    const latest = async (): Promise<StripeBody> => (await invoicesOf(client, customer))[0]!;
    expect(await latest()).toMatchObject({ status: 'open' });
    await clock.advance(start + 20 * day + 23 * 3600);
    expect(await latest()).toMatchObject({ status: 'void' });
    expect((await client.get(path)).body).toMatchObject({ status: 'paused' });
  });

  it('is not done by the payment of the invoice that pausing made', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { customer, path } = await aMeteredThird(client);
    await withFailingCard(client, customer);
    const usageOnly = { 'bill_for[unused_time_from][type]': 'none', invoicing_behavior: 'invoice' };
    expect((await client.post(`${path}/pause`, usageOnly)).body).toMatchObject({ status: 'paused' });
    const [open] = await invoicesOf(client, customer);
    expect(open).toMatchObject({ status: 'open', total: 100 });
    idOf(await client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    idOf(await client.post(`/v1/invoices/${String(open!['id'])}/pay`, { payment_method: 'pm_card_visa' }));
    expect((await client.get(path)).body).toMatchObject({ status: 'paused' });
  });
});

describe('a trial', () => {
  it('of an active subscription gives back the rest, bills usage so far, and ends with a period that costs', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, clock, customer, path } = await aMeteredThird(client);
    const end = start + 25 * day;
    const tried = await client.post(path, { trial_end: end });
    expect(tried.body).toMatchObject({
      status: 'trialing',
      trial_start: start + 10 * day,
      trial_end: end,
      billing_cycle_anchor: end,
    });
    expect(periodOf(tried.body)).toEqual([start + 10 * day, end]);
    const [invoice] = await invoicesOf(client, customer);
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', total: 100 - 1000, ending_balance: -900 });
    const lines = (invoice!['lines'] as { data: StripeBody[] }).data;
    expect(new Set(lines.map(({ amount }) => amount))).toEqual(new Set([-1000, 0, 100]));
    const [event] = await eventsOf(client, 'customer.subscription.updated');
    expect(event).toMatchObject({ data: { previous_attributes: { status: 'active', trial_end: null } } });
    await clock.advance(end + 3600);
    expect((await client.get(path)).body).toMatchObject({ status: 'active' });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ total: 1500, amount_due: 600, status: 'paid' });
  });

  it('gives nothing back where nothing is to be prorated', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, customer, path } = await aThirdOfAMonth(client);
    idOf(await client.post(path, { trial_end: start + 25 * day, proration_behavior: 'none' }));
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ total: 0 });
  });

  it('ends within five years, lasts at most 730 days, and cannot begin while paused', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, customer, path } = await aThirdOfAMonth(client);
    const late = await client.post(path, { trial_end: start + 5 * 366 * day + 11 * day });
    expect(late.body).toMatchObject({ error: { param: 'trial_end' } });
    const price = await aPrice(client);
    for (const days of [0, 731]) {
      const created = { customer, 'items[0][price]': price, trial_period_days: days };
      expect((await client.post('/v1/subscriptions', created)).body).toMatchObject({
        error: { param: 'trial_period_days' },
      });
    }
    idOf(await client.post(`${path}/pause`));
    expect((await client.post(path, { trial_end: start + 25 * day })).body).toMatchObject({
      error: { param: 'trial_end' },
    });
  });
});

describe('a test clock', () => {
  it('goes two years at once while nothing is subscribed', async () => {
    await using sandbox = await aSandbox();
    const start = seconds('2027-04-01T00:00:00');
    const clock = await aClock(sandbox.client, start);
    const path = `/v1/test_helpers/test_clocks/${clock.id}/advance`;
    const end = seconds('2029-04-01T00:00:00');
    expect((await sandbox.client.post(path, { frozen_time: end + 1 })).body).toMatchObject({
      error: { param: 'frozen_time' },
    });
    await clock.advance(end);
  });

  it('takes three customers with three subscriptions each', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const price = await aPrice(client);
    for (let index = 0; index < 3; index++) await subscribe(client, customer, price);
    const fourth = await client.post('/v1/subscriptions', { customer, 'items[0][price]': price });
    expect(fourth.body).toMatchObject({ error: { param: 'customer' } });
    for (let index = 0; index < 2; index++) await aPayer(client, clock.id);
    const another = await client.post('/v1/customers', { test_clock: clock.id });
    expect(another.body).toMatchObject({ error: { param: 'test_clock' } });
  });

  it('can take up a customer who is there already, with what is theirs, once and not backwards', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const card = { payment_method: 'pm_card_visa', 'invoice_settings[default_payment_method]': 'pm_card_visa' };
    const customer = idOf(await client.post('/v1/customers', card));
    const subscription = await subscribe(client, customer, await aPrice(client));
    const [, end] = periodOf(subscription);
    const path = '/v1/test_helpers/test_clocks';
    expect((await client.post(path, { customer, frozen_time: 1_000_000_000 })).body).toMatchObject({
      error: { param: 'frozen_time' },
    });
    const clock = idOf(await client.post(path, { customer, frozen_time: end - day }));
    expect((await client.post(path, { customer, frozen_time: end })).body).toMatchObject({
      error: { param: 'customer' },
    });
    idOf(await client.post(`${path}/${clock}/advance`, { frozen_time: end + 3600 }));
    const invoices = await invoicesOf(client, customer);
    expect(invoices.map(({ status, test_clock: own }) => [status, own])).toEqual([
      ['paid', clock],
      ['paid', clock],
    ]);
  });
});
