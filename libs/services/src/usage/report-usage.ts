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
  readFirstKeptDay,
  takeReportSegment,
} from '#persistence';
import { segmentContentHash } from '#queues';
import type { ServiceContext } from '../context.js';
import { canonicalQuantities } from './event-digest.js';
import { ensurePartitions, ingestInTransaction, sortedSegment } from './ingest-segment.js';
import { payingSubscription } from './paying-subscription.js';
import { countReportedMoney } from './reported-money.js';
import { reportedValues } from './reported-values.js';
import { FUTURE_TOLERANCE_MS, MAX_AGE_MS } from './segment-batch.js';

/** The name under which reports are in the ledger, where others have their gateway's: no gateway may be called so. */
export const REPORTS_GATEWAY_ID = '~reports';
const MAX_ATTEMPTS = 5;

/** What is wrong with an event of a report, and which. */
export interface IndexedFault extends ReportFault {
  /** From 0. */
  readonly index: number;
}

/** Nothing of the report is counted; of each event that could not be, one fault is named. */
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
 * and proofs include it. It does not count into quotas, which are for calls that can still be refused, but takes room under a
 * money cap.
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
  const subscriptions = await unitOfWork.inSystem((transaction) => findSubscriptions(transaction, report, usages));
  const keys = keysOf(usages, subscriptions);
  const { known, firstKeptDay } = await unitOfWork.inSystem(async (transaction) => ({
    known: await findKnown(transaction, report, keys),
    firstKeptDay: await readFirstKeptDay(transaction),
  }));
  const events = newEvents(context, report, usages, {
    subscriptions,
    firstKeptDay,
    isKnown: (index) => known.has(keys[index]!.name),
  });
  await unitOfWork.inSystem((transaction) => ensurePartitions(transaction, [...events.values()]));
  return unitOfWork.inSystem((transaction) => countEvents(context, transaction, report, { usages, keys, events }));
}

/** By what a subject may be: their own ids, and those of their applications. */
type Subscriptions = ReadonlyMap<string, readonly ReportableSubscription[]>;

async function findSubscriptions(
  transaction: Transaction,
  { publisherTeamId }: UsageReport,
  usages: readonly ReportedUsage[],
): Promise<Subscriptions> {
  const subjects = [...new Set(usages.map(({ subject }) => subject))];
  const found = await findReportableSubscriptions(transaction, publisherTeamId, subjects);
  const bySubject = new Map<string, readonly ReportableSubscription[]>(
    Map.groupBy(found, ({ applicationId }) => applicationId),
  );
  for (const subscription of found) bySubject.set(subscription.id, [subscription]);
  return bySubject;
}

/** What an event is known by, and that as one text. */
interface EventKey extends Pick<ReportedEventRow, 'organizationId' | 'source' | 'id'> {
  readonly name: string;
}

/** One for each event, in their order; refuses those of whom the team has no subscription. */
function keysOf(usages: readonly ReportedUsage[], subscriptions: Subscriptions): EventKey[] {
  const message = 'there is no such subscription to your products, and no such application with one';
  refuseIfAny(
    usages.flatMap(({ subject }, index) =>
      subscriptions.has(subject) ? [] : [{ index, pointer: '/subject', message }],
    ),
  );
  return usages.map(({ subject, source, id }) => {
    // All of them are of one organization.
    const { organizationId } = subscriptions.get(subject)![0]!;
    return { organizationId, source, id, name: nameOf({ organizationId, source, id }) };
  });
}

async function findKnown(
  transaction: Transaction,
  { publisherTeamId }: UsageReport,
  keys: readonly EventKey[],
): Promise<Map<string, ReportedEventRow>> {
  const rows = await findReportedEvents(transaction, publisherTeamId, keys);
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/**
 * What those of the usages are that were not reported before, by their index; refuses what their subscription could not
 * have used then. Of a repetition only its name and content count, whatever time it says.
 */
function newEvents(
  context: ServiceContext,
  report: UsageReport,
  usages: readonly ReportedUsage[],
  {
    subscriptions,
    firstKeptDay,
    isKnown,
  }: {
    readonly subscriptions: Subscriptions;
    readonly firstKeptDay: string | null;
    readonly isKnown: (index: number) => boolean;
  },
): Map<number, UsageEvent> {
  const nowMs = context.clock.nowMs();
  const faults: IndexedFault[] = [];
  const events = new Map<number, UsageEvent>();
  for (const [index, usage] of usages.entries()) {
    if (isKnown(index)) continue;
    const event = usageEvent(context, report, usage, subscriptions.get(usage.subject)!, nowMs);
    if ('pointer' in event) faults.push({ index, ...event });
    else if (firstKeptDay !== null && event.endedAtMs < Date.parse(`${firstKeptDay}T00:00:00Z`)) {
      faults.push({
        index,
        pointer: '/time',
        message: `usage from before ${firstKeptDay} is archived and takes no more`,
      });
    } else events.set(index, event);
  }
  refuseIfAny(faults);
  return events;
}

function usageEvent(
  context: ServiceContext,
  { ingestTokenId }: UsageReport,
  usage: ReportedUsage,
  subscriptions: readonly ReportableSubscription[],
  nowMs: number,
): UsageEvent | ReportFault {
  const { atMs, quantities, operation, billable } = usage;
  const usedMs = atMs ?? nowMs;
  if (usedMs > nowMs + FUTURE_TOLERANCE_MS)
    return { pointer: '/time', message: 'this is more than five minutes ahead' };
  if (usedMs < nowMs - MAX_AGE_MS) return { pointer: '/time', message: 'this is more than 400 days ago' };
  const paying = payingSubscription(usage, subscriptions, usedMs);
  if ('pointer' in paying) return paying;
  const { subscription, phase } = paying;
  const distinct = reportedValues(usage, subscription);
  if ('pointer' in distinct) return distinct;
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
    ...(distinct.values && { distinctValues: distinct.values }),
  };
}

async function countEvents(
  context: ServiceContext,
  transaction: Transaction,
  report: UsageReport,
  {
    usages,
    keys,
    events,
  }: {
    readonly usages: readonly ReportedUsage[];
    readonly keys: readonly EventKey[];
    readonly events: ReadonlyMap<number, UsageEvent>;
  },
): Promise<ReportOutcome> {
  // From here on reports follow one another, so that of two that are the same the second finds the first.
  const segment = await takeReportSegment(transaction);
  const known = await findKnown(transaction, report, keys);
  const rows: ReportedEventRow[] = [];
  const counted: UsageEvent[] = [];
  const faults: IndexedFault[] = [];
  const requestIds = usages.map((usage, index) => {
    const { name, ...key } = keys[index]!;
    const contentHash = contentHashOf(usage);
    const earlier = known.get(name);
    if (earlier) {
      const message = 'an event with this source and id was reported that says something else';
      if (!earlier.contentHash.equals(contentHash)) faults.push({ index, pointer: '/id', message });
      return earlier.usageEventId;
    }
    // What is known is never forgotten, so that what is new now was new before.
    const event = events.get(index)!;
    const row = { ...key, publisherTeamId: report.publisherTeamId, contentHash, usageEventId: event.id };
    known.set(name, row);
    rows.push(row);
    counted.push(event);
    return event.id;
  });
  refuseIfAny(faults);
  await ingest(context, transaction, segment, counted);
  await countReportedMoney(context, transaction, counted);
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
  const { inserted } = await ingestInTransaction(context, transaction, sortedSegment(job, context.clock.nowMs()));
  // Everything was checked before; what the ledger refuses all the same must not be lost in silence.
  if (inserted !== events.length) throw new Error(`the ledger took ${inserted} of ${events.length} reported events`);
}

/** All that an event says but its time: a repetition may say another. One without attributes or product is as before there were any. */
function contentHashOf({ subject, product, quantities, operation, billable, attributesText }: ReportedUsage): Buffer {
  const content: unknown[] = [subject, canonicalQuantities(quantities), operation, billable];
  if (attributesText !== null) content.push(attributesText);
  if (product !== null) content.push({ product });
  return hash('sha256', JSON.stringify(content), 'buffer');
}

function nameOf({ organizationId, source, id }: Pick<ReportedEventRow, 'organizationId' | 'source' | 'id'>): string {
  return JSON.stringify([organizationId, source, id]);
}

function refuseIfAny(faults: readonly IndexedFault[]): void {
  if (faults.length > 0) throw new ReportRefusedError(faults);
}
