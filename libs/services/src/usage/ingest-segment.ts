import { type UsageEvent, uuidV7TimeMs } from '#domain';
import {
  type SegmentKey,
  type SegmentManifest,
  type Transaction,
  ensureUsagePartitions,
  findAcknowledgedHash,
  findEventDigests,
  insertQuarantinedEvents,
  insertSegmentManifest,
  insertStagedUsage,
  isDatabaseConflict,
  lockQuarantinedEvents,
  markCredentialsUsed,
  stageUsageEvents,
} from '#persistence';
import { faulty, reachFault } from '#faults';
import { type DecodedSegmentJob, type SegmentJob, decodeSegmentJob } from '#queues';
import type { ServiceContext } from '../context.js';
import { lastKeyUses } from '../credential/last-key-uses.js';
import { setArchivedAside } from './archived-days.js';
import { canonicalEvent } from './event-digest.js';
import { sumQuantities } from './quantity-sums.js';
import { type QuarantinedEvent, type SegmentBatch, keepAside, sortSegment } from './segment-batch.js';
import { segmentSeal } from './segment-seal.js';
import { settleEvents } from './settlement.js';
import type { UsedPeriod } from './usage-alerts.js';

/**
 * `ingested`: the segment is in the ledger now. `already_acknowledged`: it was before, and nothing changed.
 * `hash_conflict`: the ledger has another content under the segment's number; nothing of this one is counted, what the
 * ledger does not have is kept aside, and somebody must look.
 */
export interface IngestResult {
  readonly status: 'ingested' | 'already_acknowledged' | 'hash_conflict';
  /** Events that are counted now and were not before. */
  readonly inserted: number;
  /** Events that were counted before, with the same content. */
  readonly duplicates: number;
  /** Events that are kept aside: a cause for alarm. */
  readonly quarantined: number;
}

const MAX_ATTEMPTS = 5;
const DAY_MS = 86_400_000;

/**
 * Brings a gateway's segment into the ledger and the rollups in one transaction: wholly or not at all, exactly once,
 * however often it is delivered and by however many workers at a time. Then `onUsage` is told whose usage has grown.
 * @throws SegmentJobError when the job's content does not match its own hash.
 */
export async function ingestSegment(
  context: ServiceContext,
  job: SegmentJob,
  onUsage?: (periods: readonly UsedPeriod[]) => void,
): Promise<IngestResult> {
  return ingestDecoded(context, sortedSegment(await decodeSegmentJob(job), context.clock.nowMs()), onUsage);
}

/** What is left of a segment to say when its events are sorted. */
export interface ReceivedSegment extends Omit<DecodedSegmentJob, 'events'> {
  readonly eventCount: number;
}

/** A segment that was unpacked and sorted. */
export interface SortedSegment {
  readonly segment: ReceivedSegment;
  readonly batch: SegmentBatch;
}

/** Sorts a segment. What was sent is not kept: it takes several times as much memory as the events that it says. */
export function sortedSegment(decoded: DecodedSegmentJob, nowMs: number): SortedSegment {
  const { events, ...segment } = decoded;
  return { segment: { ...segment, eventCount: events.length }, batch: sortSegment(decoded, nowMs) };
}

/** As `ingestSegment`, of a segment that is unpacked already. */
export async function ingestDecoded(
  context: ServiceContext,
  { segment, batch }: SortedSegment,
  onUsage?: (periods: readonly UsedPeriod[]) => void,
): Promise<IngestResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      // On its own, so that a new partition is there for every worker at once.
      await context.unitOfWork.inSystem((transaction) => ensurePartitions(transaction, batch.countable));
      const result = await inLedger(context, (transaction) =>
        ingestInTransaction(context, transaction, { segment, batch }),
      );
      if (result.inserted > 0) onUsage?.(usedPeriods(batch.countable));
      return result;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isDatabaseConflict(error)) throw error;
    }
  }
}

/** One transaction, with the fault points of its commit. */
export async function inLedger<Result>(
  context: ServiceContext,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const commit = () =>
    context.unitOfWork.inSystem(async (transaction) => {
      const result = await work(transaction);
      await reachFault('commit', 'before');
      return result;
    });
  const result = await commit();
  await reachFault('commit', 'after', commit);
  return result;
}

/** Whose usage these events are. */
export function usedPeriods(batch: readonly UsageEvent[]): UsedPeriod[] {
  const periods = new Map<string, Set<number>>();
  for (const { subscriptionId, periodStartMs } of batch) {
    if (subscriptionId === null || periodStartMs === null) continue;
    const starts = periods.get(subscriptionId);
    if (starts) starts.add(periodStartMs);
    else periods.set(subscriptionId, new Set([periodStartMs]));
  }
  return [...periods].flatMap(([subscriptionId, starts]) =>
    Array.from(starts, (startMs) => ({ subscriptionId, periodStart: new Date(startMs) })),
  );
}

/**
 * As `ingestDecoded`, within the caller's transaction and without another try; partitions must be there.
 */
export async function ingestInTransaction(
  context: ServiceContext,
  transaction: Transaction,
  { segment, batch: all }: SortedSegment,
): Promise<IngestResult> {
  const batch = await setArchivedAside(transaction, all, context.clock.nowMs());
  if (!(await acknowledge(context, transaction, segment, batch))) {
    if ((await findAcknowledgedHash(transaction, segment)) === segment.contentHash) {
      return { status: 'already_acknowledged', inserted: 0, duplicates: segment.eventCount, quarantined: 0 };
    }
    const kept = await keepUnknownAside(context, transaction, segment, batch);
    return { status: 'hash_conflict', inserted: 0, duplicates: segment.eventCount - kept, quarantined: kept };
  }

  const { inserted, refused } = await countEvents(transaction, segment, batch.countable);
  const quarantined = [...batch.quarantined, ...refused];
  await keepAllAside(context, transaction, segment, quarantined);
  await markCredentialsUsed(transaction, lastKeyUses(batch.countable));
  const duplicates = segment.eventCount - inserted - quarantined.length;
  return { status: 'ingested', inserted, duplicates, quarantined: quarantined.length };
}

/**
 * Brings events of a segment into the ledger and the rollups. Returns how many were new, and those that no period can bill
 * or whose id the ledger has with another content.
 */
export async function countEvents(
  transaction: Transaction,
  segment: SegmentKey,
  events: readonly UsageEvent[],
): Promise<{ inserted: number; refused: readonly QuarantinedEvent[] }> {
  const settled = await settleEvents(transaction, events);
  if (settled.events.length === 0) return { inserted: 0, refused: settled.quarantined };
  await faulty('staging-copy', () => stageUsageEvents(transaction, segment, settled.events));
  const inserted = await faulty('event-insert', () => insertStagedUsage(transaction));
  const differing = inserted < settled.events.length ? await findDiffering(transaction, events) : [];
  return { inserted, refused: [...settled.quarantined, ...differing] };
}

/** False when the segment was acknowledged before. */
function acknowledge(
  context: ServiceContext,
  transaction: Transaction,
  segment: ReceivedSegment,
  batch: SegmentBatch,
): Promise<boolean> {
  const manifest = manifestOf({ segment, batch }, context.clock.now());
  return faulty('manifest-insert', () => insertSegmentManifest(transaction, manifest));
}

/** What the ledger says of a segment when it has it. */
export function manifestOf({ segment: job, batch }: SortedSegment, acknowledgedAt: Date): SegmentManifest {
  const { gatewayId, epoch, segment, attempt, contentHash, eventCount } = job;
  const sealed = {
    gatewayId,
    epoch,
    segment,
    eventCount,
    quantitySums: sumQuantities(batch.countable),
    contentHash,
    digests: batch.digests,
  };
  return { ...sealed, seal: segmentSeal(sealed), attempt, acknowledgedAt };
}

/** Events whose id the ledger has with another content. */
async function findDiffering(transaction: Transaction, batch: readonly UsageEvent[]): Promise<QuarantinedEvent[]> {
  const stored = await readStoredDigests(transaction, batch);
  return batch
    .map((event) => keepAside(event, 'content_differs'))
    .filter(({ eventId, seq, digest }) => stored.get(`${eventId}/${seq}`)?.equals(digest) === false);
}

/** Of a segment that contradicts the acknowledged one, keeps what is neither in the ledger nor kept already. */
async function keepUnknownAside(
  context: ServiceContext,
  transaction: Transaction,
  segment: SegmentKey,
  batch: SegmentBatch,
): Promise<number> {
  const kept = await lockQuarantinedEvents(transaction, segment, 'segment_differs');
  const keptKeys = new Set(kept.map(({ eventId, seq, event }) => `${eventId}/${seq}/${contentKey(event)}`));
  const stored = await readStoredDigests(transaction, batch.countable);
  const unknown = [...batch.countable.map((event) => keepAside(event, 'segment_differs')), ...batch.quarantined]
    .map((entry) => ({ ...entry, reason: 'segment_differs' as const }))
    .filter(({ eventId, seq, digest }) => stored.get(`${eventId}/${seq}`)?.equals(digest) !== true)
    .filter(({ eventId, seq, event }) => !keptKeys.has(`${eventId}/${seq}/${contentKey(event)}`));
  await keepAllAside(context, transaction, segment, unknown);
  return unknown.length + kept.length;
}

async function readStoredDigests(
  transaction: Transaction,
  batch: readonly UsageEvent[],
): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await findEventDigests(transaction, batch);
  return new Map(rows.map(({ id, seq, digest }) => [`${id}/${seq}`, digest] as const));
}

/** Postgres orders the keys of what it stores as it likes, so events are compared by their canonical form. */
function contentKey(event: UsageEvent | string): string {
  return typeof event === 'string' ? event : canonicalEvent(event);
}

function keepAllAside(
  context: ServiceContext,
  transaction: Transaction,
  segment: SegmentKey,
  entries: readonly QuarantinedEvent[],
): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, id: context.ids.next() }));
  return insertQuarantinedEvents(transaction, segment, rows, context.clock.now());
}

/** Makes the partitions of the days of these events. */
export async function ensurePartitions(
  transaction: Transaction,
  batch: readonly Pick<UsageEvent, 'id'>[],
): Promise<void> {
  const days = new Set(batch.map(({ id }) => Math.floor(uuidV7TimeMs(id) / DAY_MS)));
  for (const day of [...days].toSorted((a, b) => a - b))
    await ensureUsagePartitions(transaction, day * DAY_MS, day * DAY_MS);
}
