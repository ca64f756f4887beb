import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { clientOf } from '../database/database-client.js';
import type { Transaction } from '../database/unit-of-work.js';
import { ARCHIVED_EVENTS, LOCK_LEDGER, PREPARE_ARCHIVED_EVENTS } from './archived-events.js';
import { OF_DAY } from './usage-archive-repository.js';
import { EVENT_COLUMNS } from './usage-event-columns.js';

/** The columns of an archive file: whose it is comes first, as the rows are in that order. */
export const ARCHIVE_COLUMNS: readonly string[] = [
  'organization_id',
  ...EVENT_COLUMNS.filter((column) => column !== 'organization_id'),
];

/**
 * The events of a day as the archive has them: rows of COPY's text format, by organization, id and seq, in the
 * columns `ARCHIVE_COLUMNS`. The same events are always the same bytes.
 */
export async function* exportUsageDay(transaction: Transaction, day: string): AsyncGenerator<Buffer> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  await transaction.query(`SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true)`);
  const rows = (await clientOf(transaction)).query(
    copyTo(
      `COPY (SELECT ${ARCHIVE_COLUMNS.join(', ')} FROM usage_event WHERE ${OF_DAY(`'${day}'`)}
         ORDER BY organization_id, id, seq) TO STDOUT`,
    ),
  );
  for await (const chunk of rows) yield chunk as Buffer;
}

/** Brings archived events into the transaction, for `LEDGER_AND_ARCHIVE`; the rows are as `exportUsageDay` gave them. */
export async function loadArchivedUsage(
  transaction: Transaction,
  columns: readonly string[],
  rows: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  const copy = (await clientOf(transaction)).query(copyFrom(`COPY ${ARCHIVED_EVENTS} (${names}) FROM STDIN`));
  await pipeline(Readable.from(rows), copy);
}

/** Lets no partition be dropped before the transaction ends, so that a day is not missed between ledger and archive. */
export async function keepPartitions(transaction: Transaction): Promise<void> {
  await transaction.query(LOCK_LEDGER);
}

/** Makes room for archived events in a transaction that may write and that keeps the partitions. */
export async function prepareArchivedUsage(transaction: Transaction): Promise<void> {
  // Made once for a connection; in a ledger snapshot it is there, and nothing could be made any more.
  await transaction.query(PREPARE_ARCHIVED_EVENTS);
}

/** True when events of the organization and day were brought in already. */
export async function isUsageLoaded(transaction: Transaction, organizationId: string, day: string): Promise<boolean> {
  const [row] = await transaction.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT FROM ${ARCHIVED_EVENTS} WHERE organization_id = $1 AND ${OF_DAY('$2')}) AS is`,
    [organizationId, day],
  );
  return row!.is;
}

/** Lets the planner know what was loaded. */
export async function analyzeArchivedUsage(transaction: Transaction): Promise<void> {
  await transaction.query(`ANALYZE ${ARCHIVED_EVENTS}`);
}
