import { type ArchiveBlock, ArchiveFileError, countRows } from '#archive';
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
 * whatever their number. Returns the first file that is not as it was written, named; its events stay out.
 */
export async function loadArchivedSpan(
  context: ServiceContext,
  transaction: Transaction,
  span: ProofSpan | null,
): Promise<Finding | null> {
  const days = await listDroppedUsageDays(transaction, span);
  let first: Finding | null = null;
  for (const day of days) first ??= await loadDay(context, transaction, day);
  if (days.length > 0) await analyzeArchivedUsage(transaction);
  return first;
}

async function loadDay(
  { archive: folder }: ServiceContext,
  transaction: Transaction,
  { day, eventCount, archive }: ArchivedUsageDay,
): Promise<Finding | null> {
  const { file, sha256, columns, blocks } = archive!;
  const row = `usage_archive ${day}`;
  const expected = `${file} with SHA-256 ${sha256}`;
  if (!folder) {
    const message = `The usage of ${day} is in the archive only. Set USAGE_ARCHIVE_DIR to its folder.`;
    return { row, expected, actual: 'no folder of the archive', message };
  }
  try {
    await folder.check({ file, sha256 });
    let loaded = 0;
    const rows = async function* () {
      for await (const block of folder.readBlocks(file, blocks)) {
        loaded += countRows(block);
        yield block;
      }
    };
    await loadArchivedUsage(transaction, columns, rows());
    if (loaded === eventCount) return null;
    const message = 'The archive has another number of events than the ledger had.';
    return { row, expected: `${eventCount} events`, actual: `${loaded} events`, message };
  } catch (error) {
    if (!(error instanceof ArchiveFileError)) throw error;
    return { row, expected, actual: `${file} is ${error.fault}`, message: error.message };
  }
}

/** Which archived requests are wanted: of one organization, and every condition that is given must hold. */
export interface ArchivedRequestFilter {
  readonly organizationId: string;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Only requests with a lower id. */
  readonly before?: string | undefined;
}

/** Blocks of an archive that one look may read: about 64 MB, a few tenths of a second. */
const MAX_BLOCKS = 64;

/**
 * Brings the newest `limit` archived requests that match into the transaction, with all rows of a stream. Reads a bounded
 * part of the archive: when that was not enough, the id is returned down to which it was searched; else null.
 * @throws UsageArchiveError when a file is missing or damaged.
 */
export async function loadArchivedRequests(
  { archive: folder }: ServiceContext,
  transaction: Transaction,
  days: readonly ArchivedUsageDay[],
  filter: ArchivedRequestFilter,
  { limit, maxBlocks = MAX_BLOCKS }: { readonly limit: number; readonly maxBlocks?: number },
): Promise<string | null> {
  let requests = 0;
  let read = 0;
  for (const { day, archive } of days) {
    const { file, columns, blocks } = archive!;
    if (!folder) throw new UsageArchiveError(day);
    try {
      for (const block of blocksOf(blocks, filter).toReversed()) {
        const rows: string[] = [];
        let reached: LowestRow | null = null;
        for await (const text of folder.readBlocks(file, [block])) {
          reached = collect(text.toString('utf8'), columns, filter, rows, () => ++requests >= limit);
        }
        if (rows.length > 0) await loadArchivedUsage(transaction, columns, [Buffer.from(rows.join(''))]);
        if (requests >= limit) return null;
        // Not in the middle of a stream: its first row makes it a request.
        if (++read >= maxBlocks && reached?.seq === '0') return reached.id;
      }
    } catch (error) {
      if (error instanceof ArchiveFileError) throw new UsageArchiveError(day, { cause: error });
      throw error;
    }
  }
  return null;
}

interface LowestRow {
  readonly id: string;
  readonly seq: string;
}

const DAY_MS = 86_400_000;
/** No period is longer, and no stream goes on for so long. */
const MONTH_MS = 32 * DAY_MS;

/**
 * Brings what the archive has of an organization's period into the transaction, unless it is there, and returns where the
 * period's events are then. A stream's rows are at its admission, which may be in the period before.
 * @throws UsageArchiveError when a file is missing or damaged.
 */
export async function loadArchivedPeriod(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, periodStart }: { readonly organizationId: string; readonly periodStart: Date },
): Promise<EventSource> {
  await keepPartitions(transaction);
  const [first, last] = [-MONTH_MS, MONTH_MS].map((ms) => new Date(periodStart.getTime() + ms).toISOString());
  const archived = await listDroppedDaysOfOrganization(transaction, organizationId, last!.slice(0, 10));
  const days = archived.filter(({ day }) => day >= first!.slice(0, 10));
  if (days.length === 0) return 'ledger';
  await prepareArchivedUsage(transaction);
  for (const day of days) {
    if (await isUsageLoaded(transaction, organizationId, day.day)) continue;
    const everything = { limit: Infinity, maxBlocks: Infinity };
    await loadArchivedRequests(context, transaction, [day], { organizationId }, everything);
  }
  return 'ledgerAndArchive';
}

/** The blocks that may have rows of the organization, or of the one request. */
function blocksOf(blocks: readonly ArchiveBlock[], { organizationId, requestId, before }: ArchivedRequestFilter) {
  const lowest = `${organizationId}\t${requestId ?? ''}`;
  const highest = `${organizationId}\t${requestId ?? before ?? '~'}`;
  return blocks.filter(({ firstKey }, index) => firstKey <= highest && (blocks[index + 1]?.firstKey ?? '~') >= lowest);
}

/**
 * Collects the rows of a block that match, from the last to the first, until `isEnough` says so at the first row of a
 * request. Returns the lowest row of the organization that was looked at.
 */
function collect(
  text: string,
  columns: readonly string[],
  filter: ArchivedRequestFilter,
  rows: string[],
  isEnough: () => boolean,
): LowestRow | null {
  const at = (name: string) => columns.indexOf(name);
  const [id, seq, application, credential] = [at('id'), at('seq'), at('application_id'), at('credential_id')];
  const prefix = `${filter.organizationId}\t`;
  const lines = text.split('\n');
  let lowest: LowestRow | null = null;
  for (let index = lines.length - 2; index >= 0; index--) {
    const line = lines[index]!;
    if (!line.startsWith(prefix)) continue;
    const fields = line.split('\t');
    lowest = { id: fields[id]!, seq: fields[seq]! };
    if (filter.before !== undefined && fields[id]! >= filter.before) continue;
    if (filter.requestId !== undefined && fields[id] !== filter.requestId) continue;
    if (filter.applicationId !== undefined && fields[application] !== filter.applicationId) continue;
    if (filter.credentialId !== undefined && fields[credential] !== filter.credentialId) continue;
    rows.push(`${line}\n`);
    if (fields[seq] === '0' && isEnough()) break;
  }
  return lowest;
}
