import type { Transaction } from '../database/unit-of-work.js';

/** A person with an account, as they are shown to themselves. */
export interface UserProfile {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly hasTwoFactor: boolean;
  /** False for who signs in through an identity provider only. */
  readonly hasPassword: boolean;
}

/** The person, or null for an unknown id. */
export async function findUserProfile(transaction: Transaction, userId: string): Promise<UserProfile | null> {
  const [row] = await transaction.query<UserProfile>(
    `SELECT id, name, email, "createdAt", "twoFactorEnabled" AS "hasTwoFactor",
            EXISTS (SELECT FROM auth.account WHERE "userId" = "user".id AND password IS NOT NULL) AS "hasPassword"
     FROM auth."user" WHERE id = $1`,
    [userId],
  );
  return row ?? null;
}

export async function updateUserName(
  transaction: Transaction,
  userId: string,
  { name, at }: { readonly name: string; readonly at: Date },
): Promise<void> {
  await transaction.query('UPDATE auth."user" SET name = $2, "updatedAt" = $3 WHERE id = $1', [userId, name, at]);
}

/**
 * Forgets the person's second factor, set up or only begun, and sign-ins that wait for it; false, and nothing changed, when it
 * is not on.
 */
export async function deleteSecondFactor(transaction: Transaction, userId: string, at: Date): Promise<boolean> {
  const rows = await transaction.query(
    `WITH changed AS (
       UPDATE auth."user" SET "twoFactorEnabled" = false, "updatedAt" = $2 WHERE id = $1 AND "twoFactorEnabled" RETURNING id)
     SELECT FROM changed`,
    [userId, at],
  );
  if (rows.length === 0) return false;
  await transaction.query('DELETE FROM auth."twoFactor" WHERE "userId" = $1', [userId]);
  await transaction.query('DELETE FROM auth.verification WHERE value = $1', [userId]);
  return true;
}
