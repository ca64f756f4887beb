import type { Transaction } from '../database/unit-of-work.js';
import { allowLongStatements } from '../verify/manifest-proof-repository.js';

/** What the usage of a day is written as. */
export interface UsageArchiveFile {
  /** Its name in the store. */
  readonly file: string;
  /** SHA-256 of what the store has under this name, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** SHA-256 of the rows as they were before compression, in hex. */
  readonly contentSha256: string;
  /** The columns of the rows, in order. */
  readonly columns: readonly string[];
  /** By organization and id: where each compressed block begins, and with which row. */
  readonly blocks: readonly UsageArchiveBlock[];
}

export interface UsageArchiveBlock {
  /** Organization and id of its first row, with a tab between them. */
  readonly firstKey: string;
  readonly offset: number;
  readonly bytes: number;
}

/** A UTC day of which the ledger takes no event any more. */
export interface ArchivedUsageDay {
  /** As 2026-11-25. */
  readonly day: string;
  readonly sealedAt: Date;
  readonly eventCount: number;
  /** The kind of store that it is written in, or will be. */
  readonly store: 'files' | 'clickhouse';
  /** Null until it is written. */
  readonly archive: UsageArchiveFile | null;
  readonly archivedAt: Date | null;
  /** Null while its events are in Postgres too. */
  readonly droppedAt: Date | null;
}

type ArchivedUsageDayRow = Omit<ArchivedUsageDay, 'eventCount' | 'archive'> &
  Partial<UsageArchiveFile> & { readonly eventCount: string; readonly bytes: string | null };

const SELECT_DAY = `SELECT to_char(usage_archive.day, 'YYYY-MM-DD') AS day, sealed_at AS "sealedAt",
  usage_archive.event_count AS "eventCount", store, file, encode(sha256, 'hex') AS sha256, bytes,
  encode(content_sha256, 'hex') AS "contentSha256", columns, blocks, archived_at AS "archivedAt",
  dropped_at AS "droppedAt" FROM usage_archive`;

/** Whoever brings old usage in, and whoever seals a day, take it: the first shared, the second alone. */
const HORIZON_LOCK = `hashtextextended('usage_archive/horizon', 0)`;
/** One archives at a time. */
const RUN_LOCK = `hashtextextended('usage_archive/run', 0)`;

/** The first UTC day of which the ledger takes events; null while it takes all. */
export async function readFirstKeptDay(transaction: Transaction): Promise<string | null> {
  const [row] = await transaction.query<{ day: string | null }>(
    `SELECT to_char(max(day) + 1, 'YYYY-MM-DD') AS day FROM usage_archive`,
  );
  return row?.day ?? null;
}

/** As `readFirstKeptDay`, and no day is sealed before the transaction ends. Take it before any other lock. */
export async function holdFirstKeptDay(transaction: Transaction): Promise<string | null> {
  await transaction.query(`SELECT pg_advisory_xact_lock_shared(${HORIZON_LOCK})`);
  return readFirstKeptDay(transaction);
}

/** False when somebody else archives; if true, nobody else does before the transaction ends. */
export async function tryArchiveLock(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.query<{ locked: boolean }>(`SELECT pg_try_advisory_xact_lock(${RUN_LOCK}) AS locked`);
  return row!.locked;
}

/** The UTC days that have a partition, the oldest first, with what is known of their archive. */
export async function listPartitionDays(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ day: string }>(
    `SELECT to_char(to_date(right(child.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') AS day
     FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
     WHERE inhparent = 'usage_event'::regclass AND child.relname ~ '^usage_event_[0-9]{8}$' ORDER BY 1`,
  );
  return rows.map(({ day }) => day);
}

/** How many events the ledger itself has of a day. */
export async function countEventsOfDay(transaction: Transaction, day: string): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(
    `SELECT count(*) AS count FROM usage_event WHERE ${OF_DAY('$1')}`,
    [day],
  );
  return Number(row!.count);
}

/** The condition that an event was admitted on a UTC day, which is `parameter`. */
export const OF_DAY = (parameter: string) =>
  `id >= lowest_uuid_v7(${parameter}::date::timestamp AT TIME ZONE 'UTC')
   AND id < lowest_uuid_v7((${parameter}::date + 1)::timestamp AT TIME ZONE 'UTC')`;

/** Why the partition of a day must stay, in words; null when nothing speaks against dropping it. */
export async function findUsageDayHold(transaction: Transaction, day: string): Promise<string | null> {
  const [row] = await transaction.query<{ hold: string | null }>(`SELECT usage_day_hold($1::date) AS hold`, [day]);
  return row?.hold ?? null;
}

/** Waits for those who bring old usage in, and keeps others out until the transaction ends. Take it before any other lock. */
export async function lockUsageHorizon(transaction: Transaction): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(${HORIZON_LOCK})`);
}

/** From the end of the transaction on the ledger takes no event of the day. Without effect when it is sealed. */
export async function sealUsageDay(
  transaction: Transaction,
  { day, eventCount, sealedAt }: Pick<ArchivedUsageDay, 'day' | 'eventCount' | 'sealedAt'>,
): Promise<void> {
  await transaction.query(
    `INSERT INTO usage_archive (day, sealed_at, event_count) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [day, sealedAt, eventCount],
  );
}

/** Writes down as what and in which store the usage of a sealed day is, and of which organizations and how much. */
export async function recordUsageArchive(
  transaction: Transaction,
  { day, store, archive }: Pick<ArchivedUsageDay, 'day' | 'store'> & { readonly archive: UsageArchiveFile },
  archivedAt: Date,
): Promise<void> {
  const { file, sha256, bytes, contentSha256, columns, blocks } = archive;
  await transaction.query(
    `UPDATE usage_archive SET file = $2, sha256 = decode($3, 'hex'), bytes = $4, content_sha256 = decode($5, 'hex'),
       columns = $6, blocks = $7, archived_at = $8, store = $9, quantity_sums = coalesce((
         SELECT jsonb_object_agg(meter, units) FROM (
           SELECT used.key AS meter, trim_scale(sum(used.value::numeric))::text AS units
           FROM usage_event, jsonb_each_text(quantities) AS used WHERE ${OF_DAY('$1')} GROUP BY 1) AS sums), '{}')
     WHERE day = $1`,
    [day, file, sha256, bytes, contentSha256, columns, JSON.stringify(blocks), archivedAt, store],
  );
  await transaction.query(
    `INSERT INTO usage_archive_organization (organization_id, day, event_count)
     SELECT organization_id, $1::date, count(*) FROM usage_event WHERE ${OF_DAY('$1')} GROUP BY 1
     ON CONFLICT DO NOTHING`,
    [day],
  );
}

/**
 * Drops the partition of an archived day. Waits a second at most for those who use the ledger.
 * @throws an error of the database while something speaks against it: see `isLockTimeout`.
 */
export async function dropArchivedUsageDay(transaction: Transaction, day: string, at: Date): Promise<void> {
  // It reads all of the day once more, however many events that are; waiting is bounded by the function itself.
  await allowLongStatements(transaction);
  await transaction.query(`SELECT drop_archived_usage_day($1::date, $2)`, [day, at]);
}

/** One day; null while it is not sealed. */
export async function findArchivedUsageDay(transaction: Transaction, day: string): Promise<ArchivedUsageDay | null> {
  const [row] = await transaction.query<ArchivedUsageDayRow>(`${SELECT_DAY} WHERE day = $1`, [day]);
  return row ? toArchivedUsageDay(row) : null;
}

/**
 * The days whose events are only in the archive, the oldest first; of a span those that overlap. They stay what they are
 * when the transaction has the ledger locked.
 */
export async function listDroppedUsageDays(
  transaction: Transaction,
  span: { readonly from: Date; readonly to: Date } | null,
): Promise<ArchivedUsageDay[]> {
  const rows = await transaction.query<ArchivedUsageDayRow>(
    `${SELECT_DAY} WHERE dropped_at IS NOT NULL AND ($1::timestamptz IS NULL
       OR day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day::timestamp AT TIME ZONE 'UTC' < $2) ORDER BY day`,
    [span?.from ?? null, span?.to ?? null],
  );
  return rows.map(toArchivedUsageDay);
}

/** The days up to one (null: all) on which the archive alone has events of the organization, the newest first. */
export async function listDroppedDaysOfOrganization(
  transaction: Transaction,
  organizationId: string,
  lastDay: string | null,
): Promise<ArchivedUsageDay[]> {
  const rows = await transaction.query<ArchivedUsageDayRow>(
    `${SELECT_DAY} JOIN usage_archive_organization AS of ON of.day = usage_archive.day AND of.organization_id = $1
     WHERE dropped_at IS NOT NULL AND ($2::date IS NULL OR usage_archive.day <= $2) ORDER BY usage_archive.day DESC`,
    [organizationId, lastDay],
  );
  return rows.map(toArchivedUsageDay);
}

function toArchivedUsageDay(row: ArchivedUsageDayRow): ArchivedUsageDay {
  const { file, sha256, bytes, contentSha256, columns, blocks, eventCount, ...day } = row;
  return {
    ...day,
    eventCount: Number(eventCount),
    archive: day.archivedAt && {
      file: file!,
      sha256: sha256!,
      bytes: Number(bytes),
      contentSha256: contentSha256!,
      columns: columns!,
      blocks: blocks!,
    },
  };
}
