import type { Transaction } from '../database/unit-of-work.js';

/** How far Tollgate's clock runs ahead of the machine's, in milliseconds. */
export async function readClockOffset(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ offset_ms: string }>('SELECT offset_ms FROM clock_offset');
  return Number(row?.offset_ms ?? 0);
}

/** Moves the clock; every process follows within a quarter of a second. The database refuses to go back. */
export async function writeClockOffset(transaction: Transaction, offsetMs: number): Promise<void> {
  await transaction.query('UPDATE clock_offset SET offset_ms = $1', [offsetMs]);
}
