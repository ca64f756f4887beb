import {
  type Transaction,
  addStagedDistinctValues,
  addToRollups,
  copyIntoLedger,
  insertSegmentManifests,
  isDatabaseConflict,
  isDatabaseRefusal,
  markCredentialsUsed,
  stageSegments,
} from '#persistence';
import { faulty } from '#faults';
import { type SegmentJob, decodeSegmentJob } from '#queues';
import type { ServiceContext } from '../context.js';
import { lastKeyUses } from '../credential/last-key-uses.js';
import { setArchivedAside } from './archived-days.js';
import {
  type IngestResult,
  type SortedSegment,
  ensurePartitions,
  inLedger,
  ingestDecoded,
  manifestOf,
  sortedSegment,
  usedPeriods,
} from './ingest-segment.js';
import { rollupRows } from './rollup-rows.js';
import { settleEvents } from './settlement.js';
import type { UsedPeriod } from './usage-alerts.js';

/** Something in the segments is not as it nearly always is: each of them is looked at on its own. */
class NotCleanError extends Error {}

/**
 * Brings several segments into the ledger as `ingestSegment` does each: all in one transaction when they are what they
 * nearly always are, new and without a single event to be kept aside; else one by one. Returns what became of each, in
 * their order: an error of one is none of the others.
 */
export async function ingestSegments(
  context: ServiceContext,
  jobs: readonly SegmentJob[],
  onUsage?: (periods: readonly UsedPeriod[]) => void,
): Promise<PromiseSettledResult<IngestResult>[]> {
  const segments = await Promise.allSettled(jobs.map((job) => sort(context, job)));
  const readable = segments.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const together = readable.length > 1 ? await ingestTogether(context, readable) : false;
  if (together) onUsage?.(usedPeriods(readable.flatMap(({ batch }) => batch.countable)));
  const results: PromiseSettledResult<IngestResult>[] = [];
  for (const one of segments) {
    if (one.status === 'rejected') results.push(one);
    else if (together) results.push({ status: 'fulfilled', value: wholly(one.value) });
    else results.push(...(await Promise.allSettled([ingestDecoded(context, one.value, onUsage)])));
  }
  return results;
}

async function sort(context: ServiceContext, job: SegmentJob): Promise<SortedSegment> {
  return sortedSegment(await decodeSegmentJob(job), context.clock.nowMs());
}

function wholly({ batch }: SortedSegment): IngestResult {
  return { status: 'ingested', inserted: batch.countable.length, duplicates: 0, quarantined: 0 };
}

/** False when not everything is new and countable, others were at it, or one of them cannot go in. */
async function ingestTogether(context: ServiceContext, segments: readonly SortedSegment[]): Promise<boolean> {
  const isClean = segments.every(({ segment, batch }) => batch.countable.length === segment.eventCount);
  if (!isClean) return false;
  const events = segments.flatMap(({ batch }) => batch.countable);
  try {
    await context.unitOfWork.inSystem((transaction) => ensurePartitions(transaction, events));
    await inLedger(context, (transaction) => ingestAll(context, transaction, segments));
    return true;
  } catch (error) {
    // What the database refuses of one is no error of the others: one by one it is seen whose it is.
    if (error instanceof NotCleanError || isDatabaseConflict(error) || isDatabaseRefusal(error)) return false;
    throw error;
  }
}

async function ingestAll(
  context: ServiceContext,
  transaction: Transaction,
  segments: readonly SortedSegment[],
): Promise<void> {
  const acknowledgedAt = context.clock.now();
  for (const { batch } of segments) {
    if ((await setArchivedAside(transaction, batch, acknowledgedAt.getTime())) !== batch) throw new NotCleanError();
  }
  const manifests = segments.map((segment) => manifestOf(segment, acknowledgedAt));
  const acknowledged = await faulty('manifest-insert', () => insertSegmentManifests(transaction, manifests));
  if (acknowledged < segments.length) throw new NotCleanError();
  const countable = segments.flatMap(({ batch }) => batch.countable);
  const settled = await settleEvents(transaction, countable);
  if (settled.quarantined.length > 0) throw new NotCleanError();
  let done = 0;
  const ledger = segments.map(({ segment, batch }) => ({
    segment,
    events: settled.events.slice(done, (done += batch.countable.length)),
  }));
  // One that is not new may be another event under its id, or in another rollup's key: the database refuses it.
  if (!(await faulty('event-insert', () => copyIntoLedger(transaction, ledger)))) throw new NotCleanError();
  await faulty('rollup-upsert', () => addToRollups(transaction, rollupRows(settled.events)));
  const named = ledger.flatMap(({ segment, events }) => {
    const naming = events.filter(({ event }) => event.distinctValues);
    return naming.length > 0 ? [{ segment, events: naming }] : [];
  });
  if (named.length > 0) {
    await faulty('staging-copy', () => stageSegments(transaction, named));
    await addStagedDistinctValues(transaction);
  }
  await markCredentialsUsed(transaction, lastKeyUses(countable));
}
