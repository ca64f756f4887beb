import { hash } from 'node:crypto';
import {
  type ReportFault,
  type ReportedUsage,
  TollgateError,
  type UsageEvent,
  isReportFault,
  monthlyPeriodAt,
  parseReportedUsage,
  uuidV7At,
} from '#domain';
import {
  type ReportableSubscription,
  type ReportedEventRow,
  type Transaction,
  findReportableSubscriptions,
  findReportedEvents,
  insertReportedEvents,
  isDatabaseConflict,
  markIngestTokenUsed,
  takeReportSegment,
} from '#persistence';
import { segmentContentHash } from '#queues';
import type { ServiceContext } from '../context.js';
import { canonicalQuantities } from './event-digest.js';
import { ensurePartitions, ingestInTransaction } from './ingest-segment.js';
import { FUTURE_TOLERANCE_MS, MAX_AGE_MS, sortSegment } from './segment-batch.js';

/** The name under which reports are in the ledger, where others have their gateway's: no gateway may be called so. */
export const REPORTS_GATEWAY_ID = '~reports';
const MAX_ATTEMPTS = 5;
const MAX_FAULTS = 20;

/** What is wrong with an event of a report, and which. */
export interface IndexedFault extends ReportFault {
  /** From 0. */
  readonly index: number;
}

/** Nothing of the report is counted; up to 20 of its faults are named. */
export class ReportRefusedError extends TollgateError {
  override readonly kind = 'invalid';

  constructor(readonly faults: readonly IndexedFault[]) {
    const [{ index, pointer, message } = { index: 0, pointer: '', message: '' }] = faults;
    super(
      'usage_report_refused',
      `Nothing was counted: event ${index}${pointer && ` at ${pointer}`}: ${message}. Correct it and send the whole report again.`,
    );
  }
}

export interface UsageReport {
  readonly publisherTeamId: string;
  /** The token's row, which stands for who has reported. */
  readonly ingestTokenId: string;
  /** CloudEvents, not checked yet. */
  readonly events: readonly unknown[];
}

export interface ReportOutcome {
  /** Events that are counted now and were not before. */
  readonly accepted: number;
  /** Events that were counted before. */
  readonly duplicates: number;
  /** For each event, the id of its row in the request log. */
  readonly requestIds: readonly string[];
}

/**
 * Counts usage that no gateway has seen: all of a report or nothing, and each event once by its source and id, however
 * often it is sent and whatever time a repetition says. It goes through the same ledger as everything else, so that sums, invoices
 * and proofs include it. It does not count into quotas, which are for calls that can still be refused.
 * @throws ReportRefusedError `usage_report_refused`
 */
export async function reportUsage(context: ServiceContext, report: UsageReport): Promise<ReportOutcome> {
  const parsed = report.events.map(parseReportedUsage);
  refuseIfAny(parsed.flatMap((event, index) => (isReportFault(event) ? [{ index, ...event }] : [])));
  const usages = parsed as readonly ReportedUsage[];
  for (let attempt = 1; ; attempt++) {
    try {
      return await countReport(context, report, usages);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isDatabaseConflict(error)) throw error;
    }
  }
}

async function countReport(
  context: ServiceContext,
  report: UsageReport,
  usages: readonly ReportedUsage[],
): Promise<ReportOutcome> {
  const { unitOfWork } = context;
  const ids = [...new Set(usages.map(({ subscriptionId }) => subscriptionId))];
  const found = await unitOfWork.inSystem((transaction) =>
    findReportableSubscriptions(transaction, report.publisherTeamId, ids),
  );
  const events = usageEvents(context, report, usages, new Map(found.map((one) => [one.id, one])));
  await unitOfWork.inSystem((transaction) =>
    ensurePartitions(
      transaction,
      events.map((event) => ({ event })),
    ),
  );
  return unitOfWork.inSystem((transaction) => countEvents(context, transaction, report, usages, events));
}

/** One for each reported event, in their order; refuses what no subscription of the team could have used. */
function usageEvents(
  context: ServiceContext,
  report: UsageReport,
  usages: readonly ReportedUsage[],
  subscriptions: ReadonlyMap<string, ReportableSubscription>,
): UsageEvent[] {
  const nowMs = context.clock.nowMs();
  const faults: IndexedFault[] = [];
  const events = usages.flatMap((usage, index) => {
    const event = usageEvent(context, report, usage, subscriptions.get(usage.subscriptionId), nowMs);
    if (!('pointer' in event)) return [event];
    faults.push({ index, ...event });
    return [];
  });
  refuseIfAny(faults);
  return events;
}

function usageEvent(
  context: ServiceContext,
  { ingestTokenId }: UsageReport,
  { atMs, quantities, operation, billable }: ReportedUsage,
  subscription: ReportableSubscription | undefined,
  nowMs: number,
): UsageEvent | ReportFault {
  if (!subscription) return { pointer: '/subject', message: 'there is no such subscription to your products' };
  const unknown = Object.keys(quantities).find((meter) => !subscription.meters.includes(meter));
  if (unknown !== undefined) {
    const meters = subscription.meters.join(', ');
    return { pointer: `/data/quantities/${unknown}`, message: `the product has no such meter, but ${meters}` };
  }
  const usedMs = atMs ?? nowMs;
  if (usedMs > nowMs + FUTURE_TOLERANCE_MS)
    return { pointer: '/time', message: 'this is more than five minutes ahead' };
  if (usedMs < nowMs - MAX_AGE_MS) return { pointer: '/time', message: 'this is more than 400 days ago' };
  const phase = subscription.phases.find(
    ({ startsAt, endsAt }) => startsAt.getTime() <= usedMs && (endsAt === null || usedMs < endsAt.getTime()),
  );
  if (!phase) return { pointer: '/time', message: 'the subscription had no plan at that time' };
  return {
    id: uuidV7At(usedMs, context.fillRandom),
    seq: 0,
    endedAtMs: usedMs,
    gatewayId: REPORTS_GATEWAY_ID,
    mode: 'live',
    organizationId: subscription.organizationId,
    applicationId: subscription.applicationId,
    credentialId: ingestTokenId,
    subscriptionId: subscription.id,
    phaseId: phase.id,
    planVersionId: phase.planVersionId,
    periodStartMs: monthlyPeriodAt(subscription.anchorAt.getTime(), usedMs).startMs,
    apiProductId: subscription.apiProductId,
    apiVersionId: subscription.apiVersionId,
    operation,
    method: 'REPORT',
    status: 200,
    outcome: 'delivered',
    reason: 'reported',
    attempts: 1,
    bytesIn: 0,
    bytesOut: 0,
    quantities,
    billable,
    countsToQuota: false,
  };
}

async function countEvents(
  context: ServiceContext,
  transaction: Transaction,
  report: UsageReport,
  usages: readonly ReportedUsage[],
  events: readonly UsageEvent[],
): Promise<ReportOutcome> {
  // From here on reports follow one another, so that of two that are the same the second finds the first.
  const segment = await takeReportSegment(transaction);
  const keys = usages.map(({ source, id }, index) => ({ organizationId: events[index]!.organizationId, source, id }));
  const known = new Map((await findReportedEvents(transaction, keys)).map((row) => [keyOf(row), row]));
  const rows: ReportedEventRow[] = [];
  const counted: UsageEvent[] = [];
  const faults: IndexedFault[] = [];
  const requestIds = usages.map((usage, index) => {
    const key = keys[index]!;
    const contentHash = contentHashOf(usage);
    const earlier = known.get(keyOf(key));
    if (earlier) {
      const message = 'an event with this source and id was reported that says something else';
      if (!earlier.contentHash.equals(contentHash)) faults.push({ index, pointer: '/id', message });
      return earlier.usageEventId;
    }
    const row = { ...key, contentHash, usageEventId: events[index]!.id };
    known.set(keyOf(key), row);
    rows.push(row);
    counted.push(events[index]!);
    return row.usageEventId;
  });
  refuseIfAny(faults);
  await ingest(context, transaction, segment, counted);
  await insertReportedEvents(transaction, rows);
  await markIngestTokenUsed(transaction, report.ingestTokenId, context.clock.now());
  return { accepted: counted.length, duplicates: usages.length - counted.length, requestIds };
}

async function ingest(
  context: ServiceContext,
  transaction: Transaction,
  segment: number,
  events: readonly UsageEvent[],
): Promise<void> {
  const job = {
    gatewayId: REPORTS_GATEWAY_ID,
    epoch: 1,
    segment,
    attempt: 1,
    contentHash: segmentContentHash(events.map((event) => Buffer.from(JSON.stringify(event)))),
    events,
  };
  const sorted = { segment: job, batch: sortSegment(job, context.clock.nowMs()) };
  const { inserted } = await ingestInTransaction(context, transaction, sorted);
  // Everything was checked before; what the ledger refuses all the same must not be lost in silence.
  if (inserted !== events.length) throw new Error(`the ledger took ${inserted} of ${events.length} reported events`);
}

/** All that an event says but its time: a repetition may say another. */
function contentHashOf({ subscriptionId, quantities, operation, billable }: ReportedUsage): Buffer {
  return hash(
    'sha256',
    JSON.stringify([subscriptionId, canonicalQuantities(quantities), operation, billable]),
    'buffer',
  );
}

function keyOf({ organizationId, source, id }: Pick<ReportedEventRow, 'organizationId' | 'source' | 'id'>): string {
  return JSON.stringify([organizationId, source, id]);
}

function refuseIfAny(faults: readonly IndexedFault[]): void {
  if (faults.length > 0) throw new ReportRefusedError(faults.slice(0, MAX_FAULTS));
}
