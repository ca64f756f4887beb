import type { MembershipRole } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { forgetUndeliveredMailTo } from '../mail/undelivered-mail.js';

/** An organization of a person who wants to go. */
export interface PlaceOfUser {
  readonly organizationId: string;
  readonly name: string;
  readonly role: MembershipRole;
  readonly owners: number;
  readonly members: number;
}

/** The organizations of a person with how many others there are, in the order of their ids. Needs the system scope. */
export function listPlacesOfUser(transaction: Transaction, userId: string): Promise<PlaceOfUser[]> {
  return transaction.query<PlaceOfUser>(
    `SELECT organization.id AS "organizationId", organization.name, own.role,
            (SELECT count(*)::integer FROM membership WHERE organization_id = organization.id AND role = 'owner') AS owners,
            (SELECT count(*)::integer FROM membership WHERE organization_id = organization.id) AS members
     FROM membership AS own JOIN organization ON organization.id = own.organization_id
     WHERE own.user_id = $1 ORDER BY organization.id`,
    [userId],
  );
}

/** Holds the person against everything that could begin for them; null when there is none who is not deleted. */
export async function lockExistingUser(
  transaction: Transaction,
  userId: string,
): Promise<{ readonly name: string; readonly email: string } | null> {
  const [user] = await transaction.query<{ name: string; email: string }>(
    'SELECT name, email FROM auth."user" WHERE id = $1 FOR UPDATE',
    [userId],
  );
  const deleted = await transaction.query('SELECT FROM user_deletion WHERE user_id = $1', [userId]);
  return deleted.length > 0 ? null : (user ?? null);
}

export interface EraseUserInput {
  readonly userId: string;
  readonly old: { readonly name: string; readonly email: string };
  readonly pseudonym: { readonly name: string; readonly email: string };
  readonly at: Date;
}

/**
 * Ends the account of a person whom `lockExistingUser` holds: sessions, password, second factor, links to identity providers,
 * tokens, memberships, roles and invitations; and puts the pseudonym in the place of their name and address wherever those are
 * not part of an issued document. Their address is free. Needs the system scope.
 */
export async function eraseUser(
  transaction: Transaction,
  { userId, old, pseudonym, at }: EraseUserInput,
): Promise<void> {
  const run = (sql: string, ...more: readonly unknown[]) => transaction.query(sql, [userId, ...more]);
  for (const table of ['session', 'account', '"twoFactor"']) {
    await run(`DELETE FROM auth.${table} WHERE "userId" = $1`);
  }
  await run('DELETE FROM auth.verification WHERE value = $1 OR lower(value) = lower($2) OR identifier = $2', old.email);
  for (const table of ['email_change', 'idempotency_record', 'membership', 'staff_role', 'publisher_team_member']) {
    await run(`DELETE FROM ${table} WHERE user_id = $1`);
  }
  await run(
    `UPDATE access_token SET name = 'Deleted token', revoked_at = coalesce(revoked_at, $2) WHERE user_id = $1`,
    at,
  );
  await run(
    `UPDATE invitation SET email = CASE WHEN accepted_by = $1 OR email = lower($3) THEN 'deleted-' || id || '@deleted.invalid'
              ELSE email END,
            withdrawn_at = CASE WHEN accepted_at IS NULL THEN coalesce(withdrawn_at, $2) END
     WHERE accepted_by = $1 OR email = lower($3) OR (invited_by = $1 AND accepted_at IS NULL)`,
    at,
    old.email,
  );
  await transaction.query('UPDATE organization SET billing_email = NULL WHERE lower(billing_email) = lower($1)', [
    old.email,
  ]);
  await transaction.query(`DELETE FROM outbox WHERE queue = 'mail' AND lower(payload ->> 'to') = lower($1)`, [
    old.email,
  ]);
  await forgetUndeliveredMailTo(transaction, old.email);
  await run(
    `UPDATE auth."user" SET name = $2, email = $3, image = NULL, "emailVerified" = false, "twoFactorEnabled" = false,
            "updatedAt" = $4 WHERE id = $1`,
    pseudonym.name,
    pseudonym.email,
    at,
  );
  await run('INSERT INTO user_deletion (user_id, pseudonym, deleted_at) VALUES ($1, $2, $3)', pseudonym.name, at);
  await run('SELECT erase_person($1, $2, $3, $4, $5)', old.name, old.email, pseudonym.name, pseudonym.email);
}
