import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/unit-of-work.js';

export interface RateWindowRow<State> {
  readonly key: string;
  /** As the limits library writes it. */
  readonly state: State;
  /** From then on the window is as good as new. */
  readonly expiresAt: Date;
}

/** What is kept of a window, locked until the transaction ends; null when it is new. */
export async function lockRateWindow<State>(transaction: Transaction, key: string): Promise<State | null> {
  const [row] = await transaction.query<{ state: State | null }>(
    `INSERT INTO rate_window (key, state, expires_at) VALUES ($1, 'null', 'infinity')
     ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING state`,
    [key],
  );
  return row!.state;
}

/**
 * Writes a window if it still is what it was: null stands for new. One statement without a transaction around it. Returns
 * whether it was, and what it has been.
 */
export async function swapRateWindow<State>(
  dataSource: DataSource,
  { key, state, expiresAt }: RateWindowRow<State>,
  before: State | null,
): Promise<{ readonly isSwapped: boolean; readonly before: State | null }> {
  const swap =
    before === null
      ? `INSERT INTO rate_window (key, state, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at
         WHERE rate_window.state = $4::jsonb RETURNING 1`
      : 'UPDATE rate_window SET state = $2, expires_at = $3 WHERE key = $1 AND state = $4::jsonb RETURNING 1';
  const [row] = await dataSource.query<{ isSwapped: boolean; before: State | null }[]>(
    `WITH swapped AS (${swap})
     SELECT EXISTS (SELECT FROM swapped) AS "isSwapped", (SELECT state FROM rate_window WHERE key = $1) AS before`,
    [key, JSON.stringify(state), expiresAt, JSON.stringify(before)],
  );
  return row!;
}

export async function writeRateWindow<State>(
  transaction: Transaction,
  { key, state, expiresAt }: RateWindowRow<State>,
): Promise<void> {
  await transaction.query('UPDATE rate_window SET state = $2, expires_at = $3 WHERE key = $1', [
    key,
    JSON.stringify(state),
    expiresAt,
  ]);
}

/** Deletes windows that are as good as new; those in use are left for the next time. */
export async function deleteRateWindowsBefore(transaction: Transaction, before: Date): Promise<void> {
  await transaction.query(
    `DELETE FROM rate_window WHERE key IN
       (SELECT key FROM rate_window WHERE expires_at <= $1 LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
    [before],
  );
}
