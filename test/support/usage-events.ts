import { randomFillSync } from 'node:crypto';
import { type UsageEvent, FixedClock, UuidV7Generator, monthlyPeriodAt } from '#domain';
import { type SegmentJob, encodeSegmentJob } from '#queues';
import { ingestSegment } from '#services';
import type { SubscriptionRow } from './billing-rows.js';
import type { TestDatabase } from './database.js';

export const GATEWAY_ID = 'gateway-1';

/** What an event may say differently; `at` is the instant of admission. */
export type UsageEventOptions = Partial<UsageEvent> & { readonly at?: Date };

/** A delivered, billable request of the subscription, admitted at `at` (default: a millisecond after its anchor). */
export function aUsageEvent(subscription: SubscriptionRow, { at, ...overrides }: UsageEventOptions = {}): UsageEvent {
  const admittedMs = (at ?? new Date(subscription.anchorAt.getTime() + 1)).getTime();
  const id = new UuidV7Generator(new FixedClock(admittedMs), randomFillSync).next();
  return {
    id,
    seq: 0,
    endedAtMs: admittedMs + 12,
    gatewayId: GATEWAY_ID,
    mode: 'live',
    organizationId: subscription.organizationId,
    applicationId: subscription.applicationId,
    credentialId: subscription.credentialId,
    subscriptionId: subscription.id,
    phaseId: subscription.phaseId,
    planVersionId: subscription.planVersionId,
    periodStartMs: monthlyPeriodAt(subscription.anchorAt.getTime(), admittedMs).startMs,
    apiProductId: subscription.apiProductId,
    apiVersionId: subscription.apiVersionId,
    operation: 'getForecast',
    method: 'GET',
    status: 200,
    outcome: 'delivered',
    reason: 'ok',
    attempts: 1,
    bytesIn: 0,
    bytesOut: 512,
    quantities: { requests: '1' },
    billable: true,
    countsToQuota: true,
    ...overrides,
  };
}

/** The same request made with a test key. */
export function aTestModeEvent(subscription: SubscriptionRow, options: UsageEventOptions = {}): UsageEvent {
  return aUsageEvent(subscription, {
    mode: 'test',
    subscriptionId: null,
    phaseId: null,
    planVersionId: null,
    periodStartMs: null,
    billable: false,
    ...options,
  });
}

export interface SegmentOptions {
  readonly gatewayId?: string;
  readonly epoch?: number;
  readonly segment?: number;
  readonly attempt?: number;
}

/** The events as the gateway ships them; anything that is no event may be among them. */
export function aSegmentJob(events: readonly unknown[], options: SegmentOptions = {}): Promise<SegmentJob> {
  return encodeSegmentJob({
    gatewayId: GATEWAY_ID,
    epoch: 1,
    segment: 1,
    attempt: 1,
    ...options,
    payloads: events.map((event) => Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))),
  });
}

let nextSegment = 1;

/** Brings one event into the ledger as a worker does, in a segment of its own. */
export async function ingestUsage(
  database: TestDatabase,
  subscription: SubscriptionRow,
  { epoch = 1, ...event }: UsageEventOptions & Pick<SegmentOptions, 'epoch'>,
): Promise<void> {
  const { gatewayId = GATEWAY_ID, at = database.clock.now() } = event;
  const job = await aSegmentJob([aUsageEvent(subscription, { ...event, at })], {
    gatewayId,
    epoch,
    segment: nextSegment++,
  });
  const { quarantined } = await ingestSegment(database.context, job);
  if (quarantined > 0) throw new Error('The ledger does not take the event.');
}

/** Everything that the ledger counts, in an order of its own: equal for equal ledgers. */
export async function readLedgerTotals(database: TestDatabase): Promise<unknown> {
  return database.unitOfWork.inSystem(async (transaction) => ({
    events: await transaction.query(
      `SELECT count(*)::integer AS count, sum(bytes_out)::integer AS bytes FROM usage_event`,
    ),
    rollups: await transaction.query(
      `SELECT subscription_id, period_start, settles_in, meter, bucket_at, credential_id, operation, status_class, billable,
         counts_to_quota, mode, event_count::integer AS event_count, trim_scale(quantity_sum)::text AS quantity
       FROM usage_rollup ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11`,
    ),
    hours: await transaction.query(
      `SELECT subscription_id, period_start, settles_in, meter, hour_at, credential_id, status_class, billable,
         counts_to_quota, mode, event_count::integer AS event_count, trim_scale(quantity_sum)::text AS quantity
       FROM usage_hour ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`,
    ),
  }));
}
