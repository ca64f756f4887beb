import type { StaffRole } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** The id of the person with this e-mail address, in any case, or null. */
export async function findUserIdByEmail(transaction: Transaction, email: string): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>('SELECT id FROM auth."user" WHERE lower(email) = lower($1)', [
    email,
  ]);
  return row?.id ?? null;
}

/** Gives the role; false when the person already has it. */
export async function insertStaffRole(
  transaction: Transaction,
  userId: string,
  role: StaffRole,
  createdAt: Date,
): Promise<boolean> {
  const rows = await transaction.query(
    'INSERT INTO staff_role (user_id, role, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING user_id',
    [userId, role, createdAt],
  );
  return rows.length > 0;
}

/** Puts the person into the team; false when already in it. */
export async function insertPublisherTeamMember(
  transaction: Transaction,
  publisherTeamId: string,
  userId: string,
  createdAt: Date,
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO publisher_team_member (publisher_team_id, user_id, created_at) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING user_id`,
    [publisherTeamId, userId, createdAt],
  );
  return rows.length > 0;
}

/** The e-mail addresses of those who have one of the roles, each once. */
export async function listStaffAddresses(transaction: Transaction, roles: readonly StaffRole[]): Promise<string[]> {
  const rows = await transaction.query<{ email: string }>(
    `SELECT DISTINCT "user".email FROM staff_role JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE role = ANY($1::text[]) ORDER BY email`,
    [roles],
  );
  return rows.map(({ email }) => email);
}
