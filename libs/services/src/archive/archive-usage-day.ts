import { ArchiveReadError, type RawEventStore, digestRows } from '#archive';
import { ConflictError, NotFoundError } from '#domain';
import { faulty } from '#faults';
import {
  ARCHIVE_COLUMNS,
  type ArchivedUsageDay,
  type Transaction,
  allowLongStatements,
  countEventsOfDay,
  dropArchivedUsageDay,
  exportUsageDay,
  findArchivedUsageDay,
  findUsageDayHold,
  isLockTimeout,
  listPartitionDays,
  lockUsageHorizon,
  recordUsageArchive,
  sealUsageDay,
  tryArchiveLock,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { storedDayOf } from './read-archive.js';
import { MIN_SEALED_AGE_MS } from '../usage/segment-batch.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import type { Difference } from '../verify/verify-report.js';

const DAY_MS = 86_400_000;

/**
 * `archived`: the day is in a store, and its partition is dropped. `held`: something of it is still open. `differs`: the
 * proof of the day fails, which is a cause for alarm. `busy`: others were at it; try again later.
 */
export type UsageDayOutcome =
  | { readonly day: string; readonly status: 'archived'; readonly file: string; readonly eventCount: number }
  | { readonly day: string; readonly status: 'held' | 'busy'; readonly reason: string }
  | { readonly day: string; readonly status: 'differs'; readonly differences: readonly Difference[] };

/** The oldest UTC day that is in Postgres, when it ended `retentionDays` ago or earlier; null while there is none. */
export async function findUsageDayToArchive(
  context: ServiceContext,
  { retentionDays }: { readonly retentionDays: number },
): Promise<string | null> {
  const [oldest] = await context.unitOfWork.inSystem(listPartitionDays);
  return oldest !== undefined && endOf(oldest) <= context.clock.nowMs() - retentionDays * DAY_MS ? oldest : null;
}

/**
 * Whether a day may be archived: all its periods are closed, nothing of it is lent out, and its proof agrees. Null when
 * it may.
 * @throws ConflictError when the day is not the oldest in Postgres, or not long enough ago; NotFoundError when it has no usage.
 */
export async function checkUsageDay(context: ServiceContext, day: string): Promise<UsageDayOutcome | null> {
  const checked = await checkUnsealedDay(context, day);
  return 'status' in checked ? checked : null;
}

/**
 * Moves a day of the ledger out of Postgres and into the archive: proves it, lets no event of it in any more, writes it
 * there, reads it back, and drops the partition. Each step is done once, however often this begins anew.
 * @throws ConflictError `usage_archive_not_configured`, or as `checkUsageDay`; NotFoundError as `checkUsageDay`.
 */
export async function archiveUsageDay(context: ServiceContext, day: string): Promise<UsageDayOutcome> {
  const store = requireStore(context);
  const known = await context.unitOfWork.inSystem((transaction) => findArchivedUsageDay(transaction, day));
  if (known?.droppedAt) throw new ConflictError('usage_day_archived', `The usage of ${day} is in the archive already.`);
  if (!known) {
    const refusal = await sealDay(context, day);
    if (refusal) return refusal;
  }
  const hold = await context.unitOfWork.inSystem((transaction) => findHold(transaction, day));
  if (hold !== null) return { day, status: 'held', reason: hold };
  const isWritten = await faulty('archive-record', () => writeDay(context, store, day));
  return isWritten ? finishDay(context, store, day) : busy(day);
}

/** Where days go that leave Postgres. @throws ConflictError `usage_archive_not_configured` */
function requireStore(context: ServiceContext): RawEventStore {
  if (context.archive) return context.archive.target;
  throw new ConflictError(
    'usage_archive_not_configured',
    'Set USAGE_ARCHIVE_DIR to the folder of the archive, or CLICKHOUSE_URL to its database.',
  );
}

async function checkUnsealedDay(
  context: ServiceContext,
  day: string,
): Promise<UsageDayOutcome | { readonly eventCount: number }> {
  const { eventCount, hold } = await context.unitOfWork.inSystem(async (transaction) => {
    const days = await listPartitionDays(transaction);
    if (!days.includes(day)) throw new NotFoundError('usage day', `The ledger has no usage of ${day}.`);
    if (days[0] !== day) {
      throw new ConflictError('usage_day_not_oldest', `Days are archived in their order: ${days[0]} comes first.`);
    }
    if (endOf(day) > context.clock.nowMs() - MIN_SEALED_AGE_MS) {
      throw new ConflictError('usage_day_too_young', `The day must have ended two days ago: ${day} has not.`);
    }
    return { hold: await findHold(transaction, day), eventCount: await countEventsOfDay(transaction, day) };
  });
  if (hold !== null) return { day, status: 'held', reason: hold };
  const from = new Date(`${day}T00:00:00Z`);
  const report = await verifyLedger(context, { from, to: new Date(from.getTime() + DAY_MS) });
  if (report.ok) return { eventCount };
  return { day, status: 'differs', differences: report.checks.flatMap(({ difference }) => difference ?? []) };
}

/** Null when the ledger takes no event of the day any more, and has exactly those that were proven. */
async function sealDay(context: ServiceContext, day: string): Promise<UsageDayOutcome | null> {
  const proven = await checkUnsealedDay(context, day);
  if ('status' in proven) return proven;
  return faulty('archive-seal', () =>
    context.unitOfWork.inSystem(async (transaction): Promise<UsageDayOutcome | null> => {
      await lockUsageHorizon(transaction);
      const hold = await findHold(transaction, day);
      if (hold !== null) return { day, status: 'held', reason: hold };
      // What is proven was only added to: as many are the same.
      const eventCount = await countEventsOfDay(transaction, day);
      if (eventCount !== proven.eventCount) return busy(day);
      await sealUsageDay(transaction, { day, eventCount, sealedAt: context.clock.now() });
      return null;
    }),
  );
}

/** Writes a sealed day into the store unless it is written. False while somebody else does. */
function writeDay(context: ServiceContext, store: RawEventStore, day: string, isAnew = false): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await tryArchiveLock(transaction))) return false;
    const known = (await findArchivedUsageDay(transaction, day))!;
    const isWritten = known.archive !== null && known.store === store.kind;
    if (known.droppedAt || (isWritten && !isAnew)) return true;
    await allowLongStatements(transaction);
    const written = await store.write(day, ARCHIVE_COLUMNS, () => exportUsageDay(transaction, day));
    if (written.rowCount !== known.eventCount) {
      throw new Error(`the ledger has ${written.rowCount} events of ${day}, where ${known.eventCount} were sealed`);
    }
    await recordUsageArchive(transaction, { day, store: store.kind, archive: written }, context.clock.now());
    return true;
  });
}

/** Reads the day back, compares it with the partition, and drops that. What is gone or damaged is written anew. */
async function finishDay(context: ServiceContext, store: RawEventStore, day: string): Promise<UsageDayOutcome> {
  const { unitOfWork } = context;
  for (const isLastTry of [false, true]) {
    try {
      const archived = await unitOfWork.inSystem((transaction) => compareWithPartition(transaction, store, day));
      if (!archived) return busy(day);
      await faulty('archive-drop', () =>
        unitOfWork.inSystem((transaction) => dropArchivedUsageDay(transaction, day, context.clock.now())),
      );
      return { day, status: 'archived', file: archived.archive!.file, eventCount: archived.eventCount };
    } catch (error) {
      if (isLockTimeout(error)) return { day, status: 'busy', reason: 'the ledger is being read or written' };
      if (isLastTry || !(error instanceof ArchiveReadError)) throw error;
      if (!(await writeDay(context, store, day, true))) return busy(day);
    }
  }
  return busy(day);
}

/** The day when its store says what the partition says; null while somebody else archives. */
async function compareWithPartition(
  transaction: Transaction,
  store: RawEventStore,
  day: string,
): Promise<ArchivedUsageDay | null> {
  if (!(await tryArchiveLock(transaction))) return null;
  await allowLongStatements(transaction);
  const archived = (await findArchivedUsageDay(transaction, day))!;
  if (archived.droppedAt) return archived;
  const stored = storedDayOf(archived);
  await store.check(stored);
  const inStore = await digestRows(store.readDay(stored));
  const inLedger = await digestRows(exportUsageDay(transaction, day));
  if (
    inStore.sha256 !== inLedger.sha256 ||
    inStore.rowCount !== inLedger.rowCount ||
    inStore.rowCount !== archived.eventCount
  ) {
    throw new Error(
      `${stored.file} has ${inStore.rowCount} events (${inStore.sha256}), the ledger ${inLedger.rowCount} (${inLedger.sha256}) of ${day}`,
    );
  }
  return archived;
}

async function findHold(transaction: Transaction, day: string): Promise<string | null> {
  await allowLongStatements(transaction);
  return findUsageDayHold(transaction, day);
}

function busy(day: string): UsageDayOutcome {
  return { day, status: 'busy', reason: 'others are at the usage of this day' };
}

function endOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS;
}
