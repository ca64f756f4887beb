import { describe, expect, it } from 'vitest';
import { aSandbox, dataOf, idOf, type StripeBody } from '../../../../test/support/stripe-sandbox/sandbox-client.js';
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
  startOfYear,
  subscribe,
} from '../../../../test/support/stripe-sandbox/subscriptions.js';

describe('a subscription', () => {
  it('is charged at once and each month on its day, or on the last of a month that lacks it', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const subscription = await subscribe(client, customer, await aPrice(client));
    expect(subscription).toMatchObject({ status: 'active', billing_cycle_anchor: startOfYear });
    const ends = [];
    for (const to of ['2027-02-28T10:31:00', '2027-03-31T10:31:00', '2027-04-30T10:31:00']) {
      await clock.advance(seconds(to));
      ends.push(periodOf((await client.get(`/v1/subscriptions/${String(subscription['id'])}`)).body)[1]);
    }
    expect(ends).toEqual(['2027-03-31T09:30:00', '2027-04-30T09:30:00', '2027-05-31T09:30:00'].map(seconds));
    const invoices = await invoicesOf(client, customer);
    expect(invoices.map(({ status, total, billing_reason: reason }) => [status, total, reason])).toEqual([
      ['paid', 1500, 'subscription_cycle'],
      ['paid', 1500, 'subscription_cycle'],
      ['paid', 1500, 'subscription_cycle'],
      ['paid', 1500, 'subscription_create'],
    ]);
    const renewal = (await eventsOf(client, 'invoice.created'))[0]!;
    expect(renewal['created']).toBe(seconds('2027-04-30T09:30:00'));
  });

  it('is finalized an hour after its draft, which pending items join', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, seconds('2027-01-01T00:00:00'));
    const customer = await aPayer(client, clock.id);
    await subscribe(client, customer, await aPrice(client));
    idOf(await client.post('/v1/invoiceitems', { customer, amount: 250, currency: 'usd' }));
    await clock.advance(seconds('2027-02-01T00:30:00'));
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'draft', total: 1750 });
    await clock.advance(seconds('2027-02-01T01:00:00'));
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'paid', total: 1750, attempt_count: 1 });
  });

  it('is tried without charge, says three days before that it ends, and then costs', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const subscription = await subscribe(client, customer, await aPrice(client), { trial_period_days: 10 });
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: startOfYear + 10 * day });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'paid', total: 0 });
    expect(await eventsOf(client, 'customer.subscription.trial_will_end')).toEqual([]);
    await clock.advance(startOfYear + 8 * day);
    const [notice] = await eventsOf(client, 'customer.subscription.trial_will_end');
    expect(notice).toMatchObject({ created: startOfYear + 7 * day });
    await clock.advance(startOfYear + 11 * day);
    const after = (await client.get(`/v1/subscriptions/${String(subscription['id'])}`)).body;
    expect(after).toMatchObject({ status: 'active', billing_cycle_anchor: startOfYear + 10 * day });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'paid', total: 1500 });
    const path = `/v1/subscriptions/${String(subscription['id'])}`;
    const over = await client.post(path, { trial_end: 'now' });
    expect(over.body).toMatchObject({ status: 'active', trial_end: startOfYear + 10 * day });
    const again = await client.post(path, { trial_end: startOfYear + 20 * day });
    expect(again.body).toMatchObject({ status: 'trialing', trial_start: startOfYear + 11 * day });
  });

  it('without a card pauses or ends with its trial, as was chosen, and goes on once it is paid', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = idOf(await client.post('/v1/customers', { test_clock: clock.id }));
    const choice = 'trial_settings[end_behavior][missing_payment_method]';
    const price = await aPrice(client);
    const paused = await subscribe(client, customer, price, { trial_period_days: 1, [choice]: 'pause' });
    const ended = await subscribe(client, customer, price, { trial_period_days: 1, [choice]: 'cancel' });
    const anchored = await subscribe(client, customer, price, { trial_period_days: 1, [choice]: 'pause' });
    await clock.advance(startOfYear + 2 * day);
    const pausedPath = `/v1/subscriptions/${String(paused['id'])}`;
    expect((await client.get(pausedPath)).body).toMatchObject({ status: 'paused' });
    expect((await client.get(`/v1/subscriptions/${String(ended['id'])}`)).body).toMatchObject({ status: 'canceled' });
    idOf(await client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    idOf(
      await client.post(`/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': 'pm_card_visa' }),
    );
    const resumed = await client.post(`${pausedPath}/resume`, { 'billing_cycle_anchor[type]': 'now' });
    expect(resumed.body).toMatchObject({ status: 'active', billing_cycle_anchor: startOfYear + 2 * day });
    expect(await eventsOf(client, 'customer.subscription.resumed')).toHaveLength(1);
    const anchor = { 'billing_cycle_anchor[type]': 'unchanged', proration_behavior: 'always_invoice' };
    const kept = await client.post(`/v1/subscriptions/${String(anchored['id'])}/resume`, anchor);
    expect(kept.body).toMatchObject({ status: 'active', billing_cycle_anchor: startOfYear + day });
    // The cycle of 28 days began a day ago.
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ total: Math.round((1500 * 27) / 28) });
  });

  it('whose first payment is declined is incomplete, and expires after 23 hours unless it is paid', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id, 'pm_card_chargeCustomerFail');
    const price = await aPrice(client);
    const first = await subscribe(client, customer, price);
    expect(first).toMatchObject({ status: 'incomplete' });
    const second = await subscribe(client, customer, price, { payment_behavior: 'default_incomplete' });
    idOf(await client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    const paid = await client.post(`/v1/invoices/${String(second['latest_invoice'])}/pay`, {
      payment_method: 'pm_card_visa',
    });
    expect(paid.body).toMatchObject({ status: 'paid' });
    await clock.advance(startOfYear + 23 * 3600);
    const statusOf = async ({ id }: StripeBody) => (await client.get(`/v1/subscriptions/${String(id)}`)).body['status'];
    expect([await statusOf(first), await statusOf(second)]).toEqual(['incomplete_expired', 'active']);
    expect((await client.get(`/v1/invoices/${String(first['latest_invoice'])}`)).body).toMatchObject({
      status: 'void',
    });
    const refused = { customer, 'items[0][price]': price, payment_behavior: 'error_if_incomplete' };
    const count = dataOf(await client.get(`/v1/subscriptions?customer=${customer}&status=all`)).length;
    expect((await client.post('/v1/subscriptions', refused)).status).toBe(402);
    expect(dataOf(await client.get(`/v1/subscriptions?customer=${customer}&status=all`))).toHaveLength(count);
  });

  it('that cannot be charged is past due, is tried three times more, and ends', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client, seconds('2027-01-01T00:00:00'));
    const customer = await aPayer(client, clock.id);
    const subscription = await subscribe(client, customer, await aPrice(client));
    const failing = 'pm_card_chargeCustomerFail';
    idOf(await client.post(`/v1/payment_methods/${failing}/attach`, { customer }));
    idOf(await client.post(`/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': failing }));
    await clock.advance(seconds('2027-02-01T02:00:00'));
    const path = `/v1/subscriptions/${String(subscription['id'])}`;
    expect((await client.get(path)).body).toMatchObject({ status: 'past_due' });
    const [open] = await invoicesOf(client, customer);
    expect(open).toMatchObject({ status: 'open', next_payment_attempt: seconds('2027-02-04T01:00:00') });
    await clock.advance(seconds('2027-02-20T00:00:00'));
    expect((await client.get(path)).body).toMatchObject({
      status: 'canceled',
      ended_at: seconds('2027-02-16T01:00:00'),
      cancellation_details: { reason: 'payment_failed' },
    });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ attempt_count: 4, next_payment_attempt: null });
  });

  it('is cancelled at the end of its period, which can be taken back until then', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const path = `/v1/subscriptions/${String((await subscribe(client, customer, await aPrice(client)))['id'])}`;
    const asked = await client.post(path, { cancel_at_period_end: 'true' });
    expect(asked.body).toMatchObject({ status: 'active', cancel_at_period_end: true, canceled_at: startOfYear });
    expect((await client.post(path, { cancel_at_period_end: 'false' })).body).toMatchObject({ canceled_at: null });
    idOf(await client.post(path, { cancel_at_period_end: 'true' }));
    await clock.advance(seconds('2027-03-01T00:00:00'));
    expect((await client.get(path)).body).toMatchObject({
      status: 'canceled',
      ended_at: seconds('2027-02-28T09:30:00'),
    });
    expect(await invoicesOf(client, customer)).toHaveLength(1);
    expect((await client.delete(path)).status).toBe(404);
  });

  it('pays for a change by the second, with the unused rest given back', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, clock, customer, path, item } = await aThirdOfAMonth(client);
    const early = await client.post(`/v1/subscription_items/${item}`, { quantity: 2, proration_date: start - day });
    expect(early.body).toMatchObject({ error: { param: 'proration_date' } });
    const changed = await client.post(path, {
      'items[0][id]': item,
      'items[0][quantity]': 3,
    });
    expect(changed.status).toBe(200);
    const pending = dataOf(await client.get(`/v1/invoiceitems?customer=${customer}&pending=true`));
    expect(pending.map(({ amount, proration }) => [amount, proration])).toEqual([
      [3000, true],
      [-1000, true],
    ]);
    await clock.advance(start + 30 * day + 3600);
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'paid', total: 3 * 1500 + 2000 });
  });

  it('that changes to a yearly price by another item begins a year, without the item that goes', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { start, customer, path, item: old } = await aThirdOfAMonth(client);
    const changed = await client.post(path, {
      'items[0][id]': old,
      'items[0][deleted]': 'true',
      'items[1][price]': await aPrice(client, { unit_amount: 12_000, 'recurring[interval]': 'year' }),
    });
    expect(changed.body['items']).toMatchObject({ data: [{ price: { unit_amount: 12_000 } }] });
    expect(periodOf(changed.body)).toEqual([start + 10 * day, start + (10 + 366) * day]);
    expect((await client.get(`/v1/subscription_items/${old}`)).status).toBe(404);
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ status: 'paid', total: 12_000 - 1000 });
  });

  it('bills the usage of a meter in arrears, by tier, and on cancelling only when asked to', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
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
    const product = idOf(await client.post('/v1/products', { name: 'Calls' }));
    const metered = await client.post('/v1/prices', {
      product,
      currency: 'usd',
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      'tiers[0][up_to]': 5,
      'tiers[0][unit_amount]': 700,
      'tiers[1][up_to]': 10,
      'tiers[1][unit_amount]': 650,
      'tiers[2][up_to]': 'inf',
      'tiers[2][unit_amount]': 600,
      'recurring[interval]': 'month',
      'recurring[usage_type]': 'metered',
      'recurring[meter]': meter,
    });
    const price = idOf(metered);
    const withQuantity = await client.post('/v1/subscriptions', {
      customer,
      'items[0][price]': price,
      'items[0][quantity]': 1,
    });
    expect(withQuantity.body).toMatchObject({ error: { message: expect.stringContaining('usage_type is `metered`') } });
    const subscription = await subscribe(client, customer, price);
    const use = (value: number, identifier: string) =>
      client.post('/v1/billing/meter_events', {
        event_name: 'calls',
        identifier,
        'payload[stripe_customer_id]': customer,
        'payload[value]': value,
      });
    for (const [value, identifier] of [
      [4, 'a'],
      [2, 'b'],
      [14, 'c'],
    ] as const)
      idOfEvent(await use(value, identifier));
    await clock.advance(start + 30 * day + 3600);
    const [invoice] = await invoicesOf(client, customer);
    expect(invoice).toMatchObject({ status: 'paid', total: 5 * 700 + 5 * 650 + 10 * 600 });
    const lines = dataOf(await client.get(`/v1/invoices/${String(invoice!['id'])}/lines`));
    expect(lines.map(({ quantity, amount }) => [quantity, amount])).toEqual([
      [10, 6000],
      [5, 3250],
      [5, 3500],
    ]);
    idOfEvent(await use(3, 'd'));
    const path = `/v1/subscriptions/${String(subscription['id'])}`;
    const canceled = await client.send('DELETE', `${path}?invoice_now=true`);
    expect(canceled.body).toMatchObject({ status: 'canceled' });
    expect((await invoicesOf(client, customer))[0]).toMatchObject({ total: 2100, status: 'paid' });
  });

  it('shows its next invoice, of which nothing is kept', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const subscription = String((await subscribe(client, customer, await aPrice(client)))['id']);
    idOf(await client.post('/v1/invoiceitems', { customer, amount: 250, currency: 'usd' }));
    const preview = await client.post('/v1/invoices/create_preview', { subscription });
    expect(preview.body).toMatchObject({ total: 1750, status: 'draft', id: expect.stringMatching(/^upcoming_in_/) });
    const path = `/v1/subscriptions/${subscription}`;
    for (const [cancelAt, total] of [
      [startOfYear + 20 * day, 250],
      [startOfYear + 60 * day, 1750],
    ] as const) {
      idOf(await client.post(path, { cancel_at: cancelAt }));
      expect((await client.post('/v1/invoices/create_preview', { subscription })).body).toMatchObject({ total });
    }
    expect(await invoicesOf(client, customer)).toHaveLength(1);
    expect(dataOf(await client.get(`/v1/invoiceitems?customer=${customer}&pending=true`))).toHaveLength(1);
  });
});

describe('a test clock', () => {
  it('goes only forward, and at most two intervals at once', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    await subscribe(client, await aPayer(client, clock.id), await aPrice(client));
    const path = `/v1/test_helpers/test_clocks/${clock.id}/advance`;
    for (const frozenTime of [startOfYear, startOfYear + 59 * day + 1]) {
      expect((await client.post(path, { frozen_time: frozenTime })).status).toBe(400);
    }
    // Two months are 59 days here, from the 31st of January to that of March.
    await clock.advance(startOfYear + 59 * day);
    expect(dataOf(await client.get('/v1/customers'))).toEqual([]);
    expect(dataOf(await client.get(`/v1/customers?test_clock=${clock.id}`))).toHaveLength(1);
  });

  it('is what an invoice without a subscription goes by as well', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const clock = await aClock(client);
    const customer = await aPayer(client, clock.id);
    const item = await client.post('/v1/invoiceitems', { customer, amount: 900, currency: 'usd' });
    expect(item.body).toMatchObject({ date: startOfYear, test_clock: clock.id });
    const included = { pending_invoice_items_behavior: 'include', auto_advance: 'true' };
    const path = `/v1/invoices/${idOf(await client.post('/v1/invoices', { customer, ...included }))}`;
    const finalized = await client.post(`${path}/finalize`);
    expect(finalized.body).toMatchObject({ created: startOfYear, effective_at: startOfYear, status: 'open' });
    await clock.advance(startOfYear + 3599);
    expect((await client.get(path)).body).toMatchObject({ status: 'open' });
    await clock.advance(startOfYear + 3600);
    expect((await client.get(path)).body).toMatchObject({
      status: 'paid',
      status_transitions: { paid_at: startOfYear + 3600 },
    });
  });
});

function idOfEvent(answer: { readonly status: number; readonly body: StripeBody }): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}
