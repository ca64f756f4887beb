import type { Transaction } from '../database/unit-of-work.js';

export interface CredentialUse {
  readonly id: string;
  readonly usedAt: Date;
}

/** Moves the keys' last use forward to these minutes; rows that say so already are not written. */
export async function markCredentialsUsed(transaction: Transaction, uses: readonly CredentialUse[]): Promise<void> {
  await transaction.query(
    `WITH used AS (
       SELECT credential.id, date_trunc('minute', used.at) AS at
       FROM unnest($1::uuid[], $2::timestamptz[]) AS used (id, at) JOIN credential ON credential.id = used.id
       WHERE last_used_at IS NULL OR last_used_at < date_trunc('minute', used.at)
       ORDER BY credential.id FOR NO KEY UPDATE OF credential
     )
     UPDATE credential SET last_used_at = used.at FROM used
     WHERE credential.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)`,
    [uses.map(({ id }) => id), uses.map(({ usedAt }) => usedAt)],
  );
}
