import type { Transaction } from '../database/unit-of-work.js';

/** An address that a person wants to change to, until it is confirmed. */
export interface EmailChange {
  readonly userId: string;
  readonly newEmail: string;
  readonly tokenHash: Buffer;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Remembers what the person wants; what they wanted before is forgotten. */
export async function putEmailChange(transaction: Transaction, change: EmailChange): Promise<void> {
  await transaction.query(
    `INSERT INTO email_change (user_id, new_email, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (user_id) DO UPDATE SET new_email = $2, token_hash = $3, created_at = $4, expires_at = $5`,
    [change.userId, change.newEmail, change.tokenHash, change.createdAt, change.expiresAt],
  );
}

/** Takes out the change with this token: only one of two that ask at once gets it. Null when there is none. */
export async function takeEmailChange(transaction: Transaction, tokenHash: Buffer): Promise<EmailChange | null> {
  const [row] = await transaction.query<EmailChange>(
    `WITH taken AS (DELETE FROM email_change WHERE token_hash = $1 RETURNING *)
     SELECT user_id AS "userId", new_email AS "newEmail", token_hash AS "tokenHash", created_at AS "createdAt",
            expires_at AS "expiresAt"
     FROM taken`,
    [tokenHash],
  );
  return row ?? null;
}

export async function deleteEmailChange(transaction: Transaction, userId: string): Promise<void> {
  await transaction.query('DELETE FROM email_change WHERE user_id = $1', [userId]);
}

/**
 * Gives the person another, confirmed address, and makes links for a new password void that went to the old one.
 * False, and nothing changed, when somebody has that address.
 */
export async function updateUserEmail(
  transaction: Transaction,
  userId: string,
  { email, at }: { readonly email: string; readonly at: Date },
): Promise<boolean> {
  // Of two who want the same address at once, the second sees that it is taken.
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`email ${email}`]);
  if (await isEmailTaken(transaction, email)) return false;
  await transaction.query('UPDATE auth."user" SET email = $2, "emailVerified" = true, "updatedAt" = $3 WHERE id = $1', [
    userId,
    email,
    at,
  ]);
  await transaction.query(`DELETE FROM auth.verification WHERE value = $1 AND identifier LIKE 'reset-password:%'`, [
    userId,
  ]);
  return true;
}

/** True when somebody has an account with the address, confirmed or not. */
export async function isEmailTaken(transaction: Transaction, email: string): Promise<boolean> {
  const rows = await transaction.query('SELECT FROM auth."user" WHERE email = lower($1)', [email]);
  return rows.length > 0;
}
