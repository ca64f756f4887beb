import type { Transaction } from '../database/unit-of-work.js';

export interface PepperCount {
  readonly pepperId: string;
  readonly keys: number;
  /** Neither revoked nor expired. */
  readonly liveKeys: number;
}

/** How many keys were hashed with each pepper. Needs the system scope. */
export function countKeysByPepper(transaction: Transaction, now: Date): Promise<PepperCount[]> {
  return transaction.query<PepperCount>(
    `SELECT pepper_id AS "pepperId", count(*)::integer AS keys,
            count(*) FILTER (WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1))::integer AS "liveKeys"
     FROM credential WHERE pepper_id IS NOT NULL GROUP BY pepper_id ORDER BY pepper_id`,
    [now],
  );
}
