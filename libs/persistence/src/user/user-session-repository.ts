import type { Transaction } from '../database/unit-of-work.js';

/** Ends a session of the person; false when they have none of this id. */
export async function deleteUserSession(transaction: Transaction, userId: string, id: string): Promise<boolean> {
  const rows = await transaction.query(
    'WITH ended AS (DELETE FROM auth.session WHERE "userId" = $1 AND id = $2 RETURNING id) SELECT id FROM ended',
    [userId, id],
  );
  return rows.length > 0;
}

/** Ends every session of the person but `keptId`, or all for null; returns how many ended. */
export async function deleteOtherUserSessions(
  transaction: Transaction,
  userId: string,
  keptId: string | null,
): Promise<number> {
  const rows = await transaction.query(
    `WITH ended AS (DELETE FROM auth.session WHERE "userId" = $1 AND id IS DISTINCT FROM $2 RETURNING id)
     SELECT id FROM ended`,
    [userId, keptId],
  );
  return rows.length;
}
