import { ArchiveReadError, type RawEventFilter, type RawEventWalk, type StoredDay, countRows } from '#archive';
import { TollgateError } from '#domain';
import {
  type ArchivedUsageDay,
  type EventSource,
  type ProofSpan,
  type Transaction,
  analyzeArchivedUsage,
  isUsageLoaded,
  keepPartitions,
  listDroppedDaysOfOrganization,
  listDroppedUsageDays,
  loadArchivedUsage,
  prepareArchivedUsage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import type { Finding } from '../verify/verify-report.js';

/** What was asked for is in the archive, and that cannot be read. */
export class UsageArchiveError extends TollgateError {
  override readonly kind = 'unavailable';

  constructor(
    readonly day: string,
    options?: { readonly cause?: unknown },
  ) {
    super('usage_archive_unreadable', `The usage of ${day} is in the archive, which cannot be read now.`, options);
  }
}

/**
 * Brings the archived events of a span (null: all) into a ledger snapshot, where the ledger's queries find them; streams,
 * whatever their number. Returns how many days there are, and the first that is not as it was written, named; its events stay out.
 */
export async function loadArchivedSpan(
  context: ServiceContext,
  transaction: Transaction,
  span: ProofSpan | null,
): Promise<{ readonly days: number; readonly unreadable: Finding | null }> {
  const days = await listDroppedUsageDays(transaction, span);
  let first: Finding | null = null;
  for (const day of days) first ??= await loadDay(context, transaction, day);
  if (days.length > 0) await analyzeArchivedUsage(transaction);
  return { days: days.length, unreadable: first };
}

async function loadDay(
  { archive: stores }: ServiceContext,
  transaction: Transaction,
  archived: ArchivedUsageDay,
): Promise<Finding | null> {
  const { day, eventCount } = archived;
  const stored = storedDayOf(archived);
  const { file, sha256 } = stored;
  const row = `usage_archive ${day}`;
  const expected = `${file} with SHA-256 ${sha256}`;
  const store = stores?.find(archived.store);
  if (!store) {
    const message = `The usage of ${day} is in the archive only. ${HOW_TO_CONFIGURE[archived.store]}`;
    return { row, expected, actual: 'no such archive is configured', message };
  }
  try {
    await store.check(stored);
    let loaded = 0;
    const rows = async function* () {
      for await (const block of store.readDay(stored)) {
        loaded += countRows(block);
        yield block;
      }
    };
    await loadArchivedUsage(transaction, stored.columns, rows());
    if (loaded === eventCount) return null;
    const message = 'The archive has another number of events than the ledger had.';
    return { row, expected: `${eventCount} events`, actual: `${loaded} events`, message };
  } catch (error) {
    if (!(error instanceof ArchiveReadError)) throw error;
    return { row, expected, actual: `${file} is ${error.fault}`, message: error.message };
  }
}

const HOW_TO_CONFIGURE = {
  files: 'Set USAGE_ARCHIVE_DIR to its folder.',
  clickhouse: 'Set CLICKHOUSE_URL to its database.',
} as const;

/** Blocks of an archive that one look may read: about 64 MB, a few tenths of a second. */
const MAX_BLOCKS = 64;

/**
 * Brings the newest `limit` archived requests that match into the transaction, with all rows of a stream. Reads a bounded
 * part of the archive: when that was not enough, the id is returned down to which it was searched; else null.
 * @throws UsageArchiveError when a day is missing or damaged, or its store does not answer.
 */
export async function loadArchivedRequests(
  { archive: stores }: ServiceContext,
  transaction: Transaction,
  days: readonly ArchivedUsageDay[],
  filter: RawEventFilter,
  { limit, maxBlocks = MAX_BLOCKS }: { readonly limit: number; readonly maxBlocks?: number },
): Promise<string | null> {
  let found = 0;
  let blocksRead = 0;
  for (const run of runsOf(days)) {
    const [{ day, store: kind, archive }] = run;
    const store = stores?.find(kind);
    if (!store) throw new UsageArchiveError(day);
    try {
      const bound = { limit: limit - found, maxBlocks: maxBlocks - blocksRead };
      const result = await store.search(run.map(storedDayOf), filter, bound, (rows) =>
        loadArchivedUsage(transaction, archive!.columns, rows),
      );
      found += result.found;
      blocksRead += result.blocksRead;
      if (result.reachedId !== null) return result.reachedId;
      if (found >= limit) return null;
    } catch (error) {
      if (error instanceof ArchiveReadError) throw new UsageArchiveError(day, { cause: error });
      throw error;
    }
  }
  return null;
}

/** What a walk through archived days has brought in. */
export interface WalkedArchive {
  /** All matching requests of archived days with a lower id were brought in; null when there are no more. */
  readonly reachedId: string | null;
}

/**
 * Brings a subscription's archived requests of these days, the oldest first, into the transaction a part at a time, from after one id
 * on; whoever has enough stops. Rows of the request with the id that was reached may be missing.
 * @throws UsageArchiveError when a day is missing or damaged, or its store does not answer.
 */
export async function* walkArchive(
  { archive: stores }: ServiceContext,
  transaction: Transaction,
  days: readonly ArchivedUsageDay[],
  walk: RawEventWalk,
): AsyncGenerator<WalkedArchive> {
  for (const archived of days) {
    const store = stores?.find(archived.store);
    if (!store) throw new UsageArchiveError(archived.day);
    try {
      for await (const { rows, lastId } of store.walk(storedDayOf(archived), walk)) {
        await loadArchivedUsage(transaction, archived.archive!.columns, [rows]);
        yield { reachedId: lastId };
      }
    } catch (error) {
      if (error instanceof ArchiveReadError) throw new UsageArchiveError(archived.day, { cause: error });
      throw error;
    }
  }
  yield { reachedId: null };
}

type Run = [ArchivedUsageDay, ...ArchivedUsageDay[]];

/** The days in their order, those together that follow each other in one store with the same columns. */
function runsOf(days: readonly ArchivedUsageDay[]): Run[] {
  const runs: Run[] = [];
  const kindOf = ({ store, archive }: ArchivedUsageDay) => `${store} ${archive!.columns.join(' ')}`;
  for (const day of days) {
    const run = runs.at(-1);
    if (run && kindOf(run[0]) === kindOf(day)) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

/** The day as its store knows it; it must be written. */
export function storedDayOf({ day, eventCount, archive }: ArchivedUsageDay): StoredDay {
  return { day, rowCount: eventCount, ...archive! };
}

const DAY_MS = 86_400_000;
/** No period is longer, and no stream goes on for so long. */
const MONTH_MS = 32 * DAY_MS;

/**
 * Brings what the archive has of an organization's period into the transaction, unless it is there, and returns where the
 * period's events are then. A stream's rows are at its admission, which may be in the period before.
 * @throws UsageArchiveError when a day is missing or damaged, or its store does not answer.
 */
export async function loadArchivedPeriod(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, periodStart }: { readonly organizationId: string; readonly periodStart: Date },
): Promise<EventSource> {
  const days = await listArchivedDays(transaction, { organizationId, periodStart });
  if (days.length === 0) return 'ledger';
  await prepareArchivedUsage(transaction);
  for (const day of days) {
    if (await isUsageLoaded(transaction, organizationId, day.day)) continue;
    const everything = { limit: Infinity, maxBlocks: Infinity };
    await loadArchivedRequests(context, transaction, [day], { organizationId }, everything);
  }
  return 'ledgerAndArchive';
}

/** The archived days that may have events of an organization's period, the newest first; none is dropped before the transaction ends. */
export async function listArchivedDays(
  transaction: Transaction,
  { organizationId, periodStart }: { readonly organizationId: string; readonly periodStart: Date },
): Promise<ArchivedUsageDay[]> {
  await keepPartitions(transaction);
  const [first, last] = [-MONTH_MS, MONTH_MS].map((ms) => new Date(periodStart.getTime() + ms).toISOString());
  const archived = await listDroppedDaysOfOrganization(transaction, organizationId, last!.slice(0, 10));
  return archived.filter(({ day }) => day >= first!.slice(0, 10));
}
