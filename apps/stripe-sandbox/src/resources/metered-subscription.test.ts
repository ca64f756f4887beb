import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  type SandboxClient,
  type StripeBody,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const iso = (text: string): number => Date.parse(text) / 1000;
const began = iso('2027-01-31T09:30:20Z');

/** A customer with a subscription to a cent for each unit of the meter `calls`, whose drafts stay drafts. */
async function aMeteredSubscription(client: SandboxClient, more: Record<string, string | number> = {}) {
  const meter = idOf(
    await client.post('/v1/billing/meters', {
      display_name: 'Calls',
      event_name: 'calls',
      'default_aggregation[formula]': 'sum',
    }),
  );
  const product = idOf(await client.post('/v1/products', { name: 'Plan' }));
  const recurring = { 'recurring[interval]': 'month', 'recurring[usage_type]': 'metered', 'recurring[meter]': meter };
  const price = idOf(await client.post('/v1/prices', { product, currency: 'usd', unit_amount: 1, ...recurring }));
  const customer = await aCustomer(client);
  const subscription = idOf(await client.post('/v1/subscriptions', { customer, 'items[0][price]': price, ...more }));
  await client.post(`/v1/subscriptions/${subscription}`, { 'pause_collection[behavior]': 'keep_as_draft' });
  const send = (value: string, timestamp: number, identifier: string) =>
    client.post('/v1/billing/meter_events', {
      event_name: 'calls',
      'payload[stripe_customer_id]': customer,
      'payload[value]': value,
      timestamp,
      identifier,
    });
  return { meter, customer, subscription, send };
}

const invoicesOf = async (client: SandboxClient, subscription: string): Promise<StripeBody[]> =>
  dataOf(await client.get(`/v1/invoices?subscription=${subscription}&limit=100`));

describe('a metered subscription', () => {
  it('has the periods of its anchor: the 31st comes back, whatever the instant at which it was made', async () => {
    const clock = new TestClock((began + 7) * 1000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const anchor = { day_of_month: 31, hour: 9, minute: 30, second: 20 };
    const config = Object.fromEntries(
      Object.entries(anchor).map(([name, value]) => [`billing_cycle_anchor_config[${name}]`, value]),
    );
    const { subscription } = await aMeteredSubscription(client, { ...config, proration_behavior: 'none' });
    const read = async () => (await client.get(`/v1/subscriptions/${subscription}`)).body;
    const periodOf = async () => {
      const { data } = (await read())['items'] as {
        data: { current_period_start: number; current_period_end: number }[];
      };
      return [data[0]!.current_period_start, data[0]!.current_period_end];
    };
    const ends = [iso('2027-02-28T09:30:20Z'), iso('2027-03-31T09:30:20Z'), iso('2027-04-30T09:30:20Z')] as const;
    expect(await read()).toMatchObject({ billing_cycle_anchor: ends[0], billing_cycle_anchor_config: anchor });
    expect(await periodOf()).toEqual([began + 7, ends[0]]);
    clock.advance((ends[0] - began) * 1000);
    expect(await periodOf()).toEqual([ends[0], ends[1]]);
    clock.advance((ends[1] - ends[0]) * 1000);
    expect(await periodOf()).toEqual([ends[1], ends[2]]);
    const both = { ...config, billing_cycle_anchor: ends[2] + 1 };
    expect((await client.post('/v1/subscriptions', both)).status).toBe(400);
    const wrong = await client.post('/v1/subscriptions', { 'billing_cycle_anchor_config[day_of_month]': 32 });
    expect(wrong.body).toMatchObject({ error: { param: 'billing_cycle_anchor_config[day_of_month]' } });
  });

  it('has a draft that follows the usage of its period until it is finalized, and cannot be deleted', async () => {
    const clock = new TestClock(began * 1000);
    await using sandbox = await aSandbox({ clock, usageDelay: 2 });
    const { client } = sandbox;
    const { subscription, send, meter, customer } = await aMeteredSubscription(client);
    const end = iso('2027-02-28T09:30:20Z');
    clock.advance((end - began + 3600) * 1000);
    await send('500', end - 60, 'a');
    const draft = async () => (await invoicesOf(client, subscription)).find(({ status }) => status === 'draft')!;
    const id = String((await draft())['id']);
    const total = async () => (await client.get(`/v1/invoices/${id}`)).body['total'];
    expect(await total()).toBe(0);
    clock.advance(2000);
    expect(await total()).toBe(500);
    await send('700', end - 50, 'b');
    await send('100', end + 1, 'of the next period');
    clock.advance(2000);
    expect(dataOf(await client.get(`/v1/invoices/${id}/lines`))).toMatchObject([{ amount: 1200, quantity: 1200 }]);
    await client.post('/v1/billing/meter_event_adjustments', {
      event_name: 'calls',
      type: 'cancel',
      'cancel[identifier]': 'a',
    });
    expect(await total()).toBe(700);
    const range = `customer=${customer}&start_time=${iso('2027-01-31T09:30:00Z')}&end_time=${iso('2027-02-28T09:30:00Z')}`;
    const [summary] = dataOf(await client.get(`/v1/billing/meters/${meter}/event_summaries?${range}`));
    expect(summary).toMatchObject({ aggregated_value: 700 });
    expect((await client.delete(`/v1/invoices/${id}`)).status).toBe(400);
    clock.advance(24 * 3_600_000);
    expect((await draft())['id']).toBe(id);
    const finalized = await client.post(`/v1/invoices/${id}/finalize`, { auto_advance: 'false' });
    expect(finalized.body).toMatchObject({ status: 'open', total: 700 });
    await send('1', end - 40, 'too late');
    clock.advance(2000);
    expect(await total()).toBe(700);
  });

  it('that ends with its period leaves its last draft a draft too', async () => {
    const clock = new TestClock(began * 1000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const { subscription, send } = await aMeteredSubscription(client);
    await client.post(`/v1/subscriptions/${subscription}`, { cancel_at_period_end: 'true' });
    await send('5', began + 10, 'a').then(({ status }) => expect(status).toBe(200));
    clock.advance(30 * 24 * 3_600_000);
    expect((await client.get(`/v1/subscriptions/${subscription}`)).body).toMatchObject({ status: 'canceled' });
    const drafts = (await invoicesOf(client, subscription)).filter(({ status }) => status === 'draft');
    expect(drafts).toMatchObject([{ total: 5, auto_advance: false, billing_reason: 'subscription_cycle' }]);
  });
});
