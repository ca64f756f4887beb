import type { Transaction } from '../database/unit-of-work.js';

/** The database machine's own time, in milliseconds since the Unix epoch: to compare clocks, never to decide by. */
export async function readDatabaseTimeMs(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
  return Math.round(Number(row!.ms));
}
