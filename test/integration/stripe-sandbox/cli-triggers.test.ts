import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { TestClock, aSandbox } from '../../support/stripe-sandbox/sandbox-client.js';
import { aMeterEventsHost } from '../../support/stripe-sandbox/meter-events-host.js';
import { type CliRun, hasStripeCli, runStripeCli } from '../../support/stripe-sandbox/stripe-cli.js';

const key = 'sk_test_000000000000000000000000';

/** Scenarios of Stripe's command line that use endpoints and parameters of the pinned version only, and those of the set. */
const succeeding = [
  'billing_portal.configuration.created',
  'billing_portal.configuration.updated',
  'billing_portal.session.created',
  'checkout.session.expired',
  'coupon.created',
  'coupon.deleted',
  'coupon.updated',
  'credit_note.created',
  'credit_note.updated',
  'credit_note.voided',
  'customer.created',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.trial_will_end',
  'customer.subscription.updated',
  'customer.updated',
  'invoice.created',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.paid',
  'invoice.payment_action_required',
  'invoice.payment_failed',
  'invoice.sent',
  'invoice.updated',
  'invoice.voided',
  'invoiceitem.created',
  'invoiceitem.deleted',
  'payment_intent.canceled',
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.updated',
  'price.created',
  'price.updated',
  'product.created',
  'product.deleted',
  'product.updated',
  'setup_intent.requires_action',
  'subscription.payment_failed',
  'subscription.payment_succeeded',
  'tax_rate.created',
  'tax_rate.updated',
  'test_helpers.test_clock.advancing',
  'test_helpers.test_clock.created',
  'test_helpers.test_clock.deleted',
  'test_helpers.test_clock.ready',
];

/** Those that need an endpoint which the sandbox does not have, with the one that is missing. */
const refused: Readonly<Record<string, string>> = {
  'customer.source.created': '/sources',
  'customer.source.updated': '/sources',
  'quote.accepted': '/v1/quotes',
  'quote.canceled': '/v1/quotes',
  'quote.created': '/v1/quotes',
  'quote.finalized': '/v1/quotes',
  'subscription_schedule.aborted': '/v1/subscription_schedules',
  'subscription_schedule.expiring': '/v1/subscription_schedules',
};

/** Those that send usage as a stream, which Stripe takes at a host of its own. */
const streaming = ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'];

/** Runs all, eight at a time: most of the time each waits for itself. */
async function triggerAll(
  events: readonly string[],
  apiBase: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Map<string, CliRun>> {
  const waiting = [...events];
  const runs = new Map<string, CliRun>();
  const work = async (): Promise<void> => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      runs.set(event, await runStripeCli(['trigger', event], { key, apiBase, env }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return runs;
}

describe("the scenarios of Stripe's own command line (needs its binary for this platform)", () => {
  it.skipIf(!hasStripeCli)(
    'succeed as far as they are within the endpoint set, yield their event, and else meet an unknown URL',
    async () => {
      await using sandbox = await aSandbox();
      const runs = await triggerAll([...succeeding, ...Object.keys(refused)], sandbox.running.url);
      for (const event of succeeding) expect(runs.get(event), event).toMatchObject({ succeeded: true });
      for (const [event, place] of Object.entries(refused)) {
        const { succeeded, output } = runs.get(event)!;
        expect(succeeded, event).toBe(false);
        expect(output, event).toMatch(/status=404[\s\S]*Unrecognized request URL \(POST: /);
        expect(output, event).toContain(place);
      }
      const types = await eventTypes(sandbox.client);
      const named = succeeding.filter((event) => !event.startsWith('subscription.'));
      expect(named.filter((event) => !types.has(event))).toEqual([]);
    },
  );

  it.skipIf(!hasStripeCli)(
    'send usage to the host that takes streams of it, and yield what is wrong with it',
    async () => {
      const clock = new TestClock(Date.now());
      await using sandbox = await aSandbox({ clock });
      await using host = await aMeterEventsHost(sandbox.running.url);
      const runs = await triggerAll(streaming, sandbox.running.url, host.env);
      for (const event of streaming) expect(runs.get(event), event).toMatchObject({ succeeded: true });
      expect(host.asked).toEqual(streaming.map(() => '/v2/billing/meter_event_stream'));
      // Reports are of ten seconds that have passed.
      clock.advance(15_000);
      const types = await eventually(
        async () => {
          const { body } = await sandbox.client.get('/v2/core/events');
          return (body['data'] as { type: string }[]).map(({ type }) => type).toSorted();
        },
        ({ length }) => length >= streaming.length,
      );
      expect(types).toEqual(streaming);
    },
  );
});

async function eventTypes(client: Awaited<ReturnType<typeof aSandbox>>['client']): Promise<Set<string>> {
  const types = new Set<string>();
  let after = '';
  for (;;) {
    const { body } = await client.get(`/v1/events?limit=100${after}`);
    const events = body['data'] as { id: string; type: string }[];
    for (const { type } of events) types.add(type);
    if (body['has_more'] !== true) return types;
    after = `&starting_after=${events.at(-1)!.id}`;
  }
}
