import { describe, expect, it } from 'vitest';
import {
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  type SandboxClient,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const now = 1_800_000_000;
const day = 24 * 3600;

async function aMeter(client: SandboxClient, formula: string, window?: string): Promise<string> {
  return idOf(
    await client.post('/v1/billing/meters', {
      display_name: formula,
      event_name: `${formula}${window ?? ''}`,
      'default_aggregation[formula]': formula,
      ...(window !== undefined && { event_time_window: window }),
    }),
  );
}

function sender(client: SandboxClient, customer: string) {
  return (eventName: string, value: string, more: Record<string, string | number> = {}) =>
    client.post('/v1/billing/meter_events', {
      event_name: eventName,
      'payload[stripe_customer_id]': customer,
      'payload[value]': value,
      ...more,
    });
}

describe('a meter', () => {
  it('sums, counts or keeps the last, of each customer apart and within windows if it has them', async () => {
    const clock = new TestClock(now * 1000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const customer = idOf(await client.post('/v1/customers'));
    const other = idOf(await client.post('/v1/customers'));
    const hour = now - (now % 3600);
    const meters = {
      sum: await aMeter(client, 'sum'),
      count: await aMeter(client, 'count'),
      last: await aMeter(client, 'last'),
      sumhour: await aMeter(client, 'sum', 'hour'),
    };
    for (const name of Object.keys(meters)) {
      for (const [value, at] of [
        ['5', hour - 7000],
        ['2', hour - 100],
        ['3', hour - 50],
      ] as const) {
        expect((await sender(client, customer)(name, value, { timestamp: at })).status).toBe(200);
      }
      await sender(client, other)(name, '100', { timestamp: hour - 50 });
    }
    const summary = async (id: string, from: number, window = ''): Promise<unknown[]> => {
      const range = `customer=${customer}&start_time=${from}&end_time=${hour}${window}`;
      const answer = await client.get(`/v1/billing/meters/${id}/event_summaries?${range}`);
      return dataOf(answer).map(({ aggregated_value: value }) => value);
    };
    const from = hour - 2 * 3600;
    expect(await summary(meters.sum, from)).toEqual([10]);
    expect(await summary(meters.count, from)).toEqual([3]);
    expect(await summary(meters.last, from)).toEqual([3]);
    expect(await summary(meters.sumhour, from)).toEqual([8]);
    expect(await summary(meters.sum, from, '&value_grouping_window=hour')).toEqual([5, 5]);
    const unaligned = await client.get(
      `/v1/billing/meters/${meters.sum}/event_summaries?customer=${customer}&start_time=1&end_time=60`,
    );
    expect(unaligned.status).toBe(400);
    const day = now - (now % (24 * 3600));
    for (const [start, end, grouping] of [
      [hour - 3600, hour - 60, 'hour'],
      [day - 24 * 3600, hour === day ? hour + 3600 : hour, 'day'],
      [hour, hour, undefined],
      [hour - 366 * 24 * 3600 - 3600, hour, 'hour'],
    ] as const) {
      const range = `customer=${customer}&start_time=${start}&end_time=${end}`;
      const window = grouping === undefined ? '' : `&value_grouping_window=${grouping}`;
      const refused = await client.get(`/v1/billing/meters/${meters.sum}/event_summaries?${range}${window}`);
      expect(refused.status, range).toBe(400);
    }
  });

  it('takes an identifier once a day, and says of the copy that it is one', async () => {
    const clock = new TestClock(now * 1000);
    await using sandbox = await aSandbox({ clock });
    const send = sender(sandbox.client, idOf(await sandbox.client.post('/v1/customers')));
    await aMeter(sandbox.client, 'sum');
    expect((await send('sum', '1', { identifier: 'a' })).status).toBe(200);
    const copy = await send('sum', '1', { identifier: 'a' });
    expect(copy.status).toBe(400);
    expect(copy.body).toMatchObject({
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('An event already exists with identifier a'),
      },
    });
    expect(copy.headers.get('stripe-should-retry')).toBe('false');
    clock.advance(day * 1000);
    expect((await send('sum', '1', { identifier: 'a' })).status).toBe(200);
  });

  it.each([
    ['no_meter', 'other', '1', {}],
    ['meter_event_invalid_value', 'sum', 'many', {}],
    ['meter_event_value_too_many_digits', 'sum', '1234567890123456', {}],
    ['timestamp_in_future', 'sum', '1', { timestamp: now + 301 }],
    ['timestamp_too_far_in_past', 'sum', '1', { timestamp: now - 35 * day - 1 }],
    ['meter_event_customer_not_found', 'sum', '1', { 'payload[stripe_customer_id]': 'cus_none' }],
  ] as const)('refuses an event with %s', async (code, name, value, more) => {
    await using sandbox = await aSandbox({ clock: new TestClock(now * 1000) });
    await aMeter(sandbox.client, 'sum');
    const customer = idOf(await sandbox.client.post('/v1/customers'));
    const refused = await sender(sandbox.client, customer)(name, value, more);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ error: { code } });
  });

  it('forgets an event that is canceled within a day, and takes none while it is inactive', async () => {
    const clock = new TestClock(now * 1000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const customer = idOf(await client.post('/v1/customers'));
    const send = sender(client, customer);
    const meter = await aMeter(client, 'sum');
    await send('sum', '4', { identifier: 'a' });
    await send('sum', '6', { identifier: 'b' });
    const cancel = (identifier: string) =>
      client.post('/v1/billing/meter_event_adjustments', {
        event_name: 'sum',
        type: 'cancel',
        'cancel[identifier]': identifier,
      });
    expect((await cancel('a')).body).toMatchObject({ status: 'pending' });
    expect((await cancel('a')).status).toBe(400);
    const minute = now - (now % 60);
    const range = `customer=${customer}&start_time=${minute}&end_time=${minute + 60}`;
    const [summary] = dataOf(await client.get(`/v1/billing/meters/${meter}/event_summaries?${range}`));
    expect(summary).toMatchObject({ aggregated_value: 6 });
    clock.advance(day * 1000);
    expect((await cancel('b')).status).toBe(400);
    idOf(await client.post(`/v1/billing/meters/${meter}/deactivate`));
    expect((await send('sum', '1')).body).toMatchObject({ error: { code: 'archived_meter' } });
    const second = await client.post('/v1/billing/meters', {
      display_name: 'x',
      event_name: 'sum',
      'default_aggregation[formula]': 'sum',
    });
    expect(second.status).toBe(200);
    expect((await client.post(`/v1/billing/meters/${meter}/reactivate`)).status).toBe(400);
  });
});
