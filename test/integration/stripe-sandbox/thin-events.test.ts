import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { aSandbox, TestClock, testKey, type TestSandbox } from '../../support/stripe-sandbox/sandbox-client.js';
import { StripeSchemas } from '../../support/stripe-sandbox/stripe-schemas.js';
import { anEndpoint, hasCome } from '../../support/stripe-sandbox/webhook-receiver.js';

/** At the beginning of a minute, and of a window of ten seconds. */
const start = 1_800_000_000;
const day = 24 * 3600;
const [errorReport, noMeter] = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'] as const;

function sdkOf({ running }: TestSandbox, key = testKey): Stripe {
  const { hostname, port } = new URL(running.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
}

async function aDestination(stripe: Stripe, url: string, events: string[] = [errorReport, noMeter]) {
  const destination = await stripe.v2.core.eventDestinations.create({
    name: 'Meters',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: events,
    webhook_endpoint: { url },
    include: ['webhook_endpoint.signing_secret'],
  });
  return { id: destination.id, secret: destination.webhook_endpoint!.signing_secret! };
}

async function aMeter(stripe: Stripe, eventName: string): Promise<string> {
  const formula = 'sum' as const;
  const meter = { display_name: eventName, event_name: eventName, default_aggregation: { formula } };
  return (await stripe.billing.meters.create(meter)).id;
}

interface Sent {
  readonly event_name: string;
  readonly identifier: string;
  readonly payload: Record<string, string>;
  readonly timestamp?: string;
}

/** Sends to the stream, whose answer says nothing of what is wrong with them. */
async function stream(stripe: Stripe, sandbox: TestSandbox, events: Sent[]): Promise<void> {
  const session = await stripe.v2.billing.meterEventSession.create();
  await sdkOf(sandbox, session.authentication_token).v2.billing.meterEventStream.create({ events });
}

describe('usage of the stream that cannot be counted', () => {
  it('is told of by thin events, by meter and by window, with samples of each error', async () => {
    const clock = new TestClock(start * 1000);
    await using endpoint = await anEndpoint();
    await using sandbox = await aSandbox({ clock });
    const stripe = sdkOf(sandbox);
    const { secret } = await aDestination(stripe, endpoint.url);
    const customer = (await stripe.customers.create({ name: 'Ada' })).id;
    const [calls, gone] = [await aMeter(stripe, 'calls'), await aMeter(stripe, 'gone')];
    await stripe.billing.meters.deactivate(gone);
    const good = { stripe_customer_id: customer, value: '5' };
    const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
    await stream(stripe, sandbox, [
      { event_name: 'calls', identifier: 'good', payload: good },
      { event_name: 'calls', identifier: 'good', payload: good },
      { event_name: 'calls', identifier: 'none', payload: { value: '5' } },
      { event_name: 'calls', identifier: 'stranger', payload: { ...good, stripe_customer_id: 'cus_none' } },
      { event_name: 'calls', identifier: 'word', payload: { ...good, value: 'many' } },
      { event_name: 'calls', identifier: 'long', payload: { ...good, value: '1234567890123456' } },
      { event_name: 'calls', identifier: 'early', payload: good, timestamp: at(start - 36 * day) },
      { event_name: 'calls', identifier: 'late', payload: good, timestamp: at(start + 301) },
      { event_name: 'gone', identifier: 'archived', payload: good },
      { event_name: 'unknown', identifier: 'unknown', payload: good },
    ]);
    const counted = await stripe.billing.meters.listEventSummaries(calls, {
      customer,
      start_time: start,
      end_time: start + 60,
    });
    expect(counted.data.map(({ aggregated_value: value }) => value)).toEqual([5]);
    expect((await stripe.v2.core.events.list()).data).toEqual([]);

    clock.advance(13_000);
    const delivered = await eventually(() => endpoint.delivered, hasCome(3));
    const schemas = StripeSchemas.shared;
    const reports = new Map<string, Record<string, unknown>>();
    for (const { body, headers } of delivered) {
      const header = String(headers['stripe-signature']);
      const notification = stripe.parseEventNotification(body, header, secret, undefined, undefined, start + 13);
      expect(JSON.parse(body)).not.toHaveProperty('data');
      expect(notification.created).toBe(at(start + 12));
      const {
        fetchRelatedObject: _fetch,
        lastResponse: _last,
        ...event
      } = (await stripe.v2.core.events.retrieve(notification.id)) as unknown as Record<string, unknown> & {
        object: string;
        type: string;
      };
      expect(schemas.eventFaults(event.type, event)).toEqual([]);
      const related = event['related_object'] as { id: string } | undefined;
      reports.set(related?.id ?? event.type, event['data'] as Record<string, unknown>);
    }
    const sample = (code: string, identifier: string, message = expect.any(String)) => ({
      code,
      error_count: 1,
      sample_errors: [{ error_message: message, request: { identifier } }],
    });
    expect(reports.get(calls)).toEqual({
      developer_message_summary: 'There are 6 invalid events',
      reason: {
        error_count: 6,
        error_types: [
          sample(
            'meter_event_no_customer_defined',
            'none',
            'Customer mapping key stripe_customer_id not found in payload.',
          ),
          sample('meter_event_customer_not_found', 'stranger'),
          sample('meter_event_invalid_value', 'word'),
          sample('meter_event_value_too_many_digits', 'long'),
          sample('timestamp_too_far_in_past', 'early'),
          sample('timestamp_in_future', 'late'),
        ],
      },
      validation_start: at(start),
      validation_end: at(start + 10),
    });
    expect(reports.get(gone)).toMatchObject({ reason: { error_types: [sample('archived_meter', 'archived')] } });
    expect(reports.get(noMeter)).toMatchObject({
      developer_message_summary: 'There is 1 invalid event',
      reason: { error_types: [sample('no_meter', 'unknown')] },
    });
  });

  it('is counted in full, though only ten samples are kept, and apart in the next window', async () => {
    const clock = new TestClock(start * 1000);
    await using sandbox = await aSandbox({ clock });
    const stripe = sdkOf(sandbox);
    const wrong = Array.from({ length: 25 }, (_, index) => ({
      event_name: 'unknown',
      identifier: `e${index}`,
      payload: {},
    }));
    await stream(stripe, sandbox, wrong);
    clock.advance(10_000);
    await stream(stripe, sandbox, wrong.slice(0, 2));
    clock.advance(20_000);
    const { data } = await stripe.v2.core.events.list({ types: [noMeter] });
    const reasons = data.map((event) => (event as Stripe.Events.V1BillingMeterNoMeterFoundEvent).data.reason);
    expect(reasons.map(({ error_count: count }) => count)).toEqual([2, 25]);
    expect(reasons[1]!.error_types[0]!.sample_errors.map(({ request }) => request.identifier)).toEqual(
      wrong.slice(0, 10).map(({ identifier }) => identifier),
    );
  });

  it('is refused at once where it is sent one by one', async () => {
    const clock = new TestClock(start * 1000);
    await using sandbox = await aSandbox({ clock });
    const stripe = sdkOf(sandbox);
    const one = { event_name: 'unknown', payload: { value: '1' } };
    await expect(stripe.billing.meterEvents.create(one)).rejects.toMatchObject({ code: 'no_meter' });
    await expect(stripe.v2.billing.meterEvents.create(one)).rejects.toMatchObject({ code: 'no_meter' });
    clock.advance(60_000);
    expect((await stripe.v2.core.events.list()).data).toEqual([]);
  });
});

describe('an event destination', () => {
  it('is changed, disabled, enabled and deleted, and shows its URL only when asked for', async () => {
    await using endpoint = await anEndpoint();
    await using sandbox = await aSandbox();
    const stripe = sdkOf(sandbox);
    const { eventDestinations } = stripe.v2.core;
    const { id, secret } = await aDestination(stripe, 'http://127.0.0.1:9/');
    await eventDestinations.update(id, { name: 'All', enabled_events: ['*'], webhook_endpoint: { url: endpoint.url } });
    const shown = await eventDestinations.retrieve(id);
    expect(shown).toMatchObject({ name: 'All', enabled_events: ['*'], status: 'enabled', event_payload: 'thin' });
    expect(shown.webhook_endpoint).toEqual({});
    const full = await eventDestinations.retrieve(id, { include: ['webhook_endpoint.url'] });
    expect(full.webhook_endpoint).toEqual({ url: endpoint.url });

    const ping = await eventDestinations.ping(id);
    expect(ping).toMatchObject({ type: 'v2.core.event_destination.ping', related_object: { id } });
    const [delivered] = await eventually(() => endpoint.delivered, hasCome(1));
    const header = String(delivered!.headers['stripe-signature']);
    expect(stripe.parseEventNotification(delivered!.body, header, secret).id).toBe(ping.id);

    expect(await eventDestinations.disable(id)).toMatchObject({
      status: 'disabled',
      status_details: { disabled: { reason: 'user' } },
    });
    await expect(eventDestinations.ping(id)).rejects.toMatchObject({ statusCode: 400 });
    expect((await eventDestinations.enable(id)).status).toBe('enabled');
    await eventDestinations.del(id);
    await expect(eventDestinations.retrieve(id)).rejects.toMatchObject({ statusCode: 404 });
    await sandbox.client.post('/v1/customers');
    expect(endpoint.delivered.map(({ event }) => event.id)).toEqual([ping.id]);
  });

  it('for snapshots gets these, and no thin events', async () => {
    await using endpoint = await anEndpoint();
    await using sandbox = await aSandbox();
    const stripe = sdkOf(sandbox);
    const { id } = await stripe.v2.core.eventDestinations.create({
      name: 'Customers',
      type: 'webhook_endpoint',
      event_payload: 'snapshot',
      enabled_events: ['customer.created'],
      webhook_endpoint: { url: endpoint.url },
    });
    await stripe.products.create({ name: 'Not told of' });
    await stripe.customers.create({ name: 'Ada' });
    const [delivered] = await eventually(() => endpoint.delivered, hasCome(1));
    expect(delivered!.event).toMatchObject({ object: 'event', type: 'customer.created' });
    expect((await stripe.v2.core.eventDestinations.retrieve(id)).snapshot_api_version).toBe('2026-10-28.endive');
  });

  it('is refused for a thin event that never comes, and beyond the sixteenth', async () => {
    await using sandbox = await aSandbox();
    const stripe = sdkOf(sandbox);
    const unknown = aDestination(stripe, 'http://127.0.0.1:9/', ['v1.customer.created']);
    await expect(unknown).rejects.toMatchObject({ param: 'enabled_events' });
    for (let index = 0; index < 16; index++) await aDestination(stripe, 'http://127.0.0.1:9/');
    await expect(aDestination(stripe, 'http://127.0.0.1:9/')).rejects.toThrow(/maximum of 16/);
  });

  it('is on one page of several, which the SDK follows', async () => {
    await using sandbox = await aSandbox();
    const stripe = sdkOf(sandbox);
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await aDestination(stripe, 'http://127.0.0.1:9/')).id);
    const listed: string[] = [];
    for await (const { id } of stripe.v2.core.eventDestinations.list({ limit: 2 })) listed.push(id);
    expect(listed).toEqual(made);
    const second = await sandbox.client.get(`/v2/core/event_destinations?limit=2&page=after_${made[3]}`);
    expect(second.body['previous_page_url']).toBe(`/v2/core/event_destinations?limit=2&page=after_${made[1]}`);
  });
});
