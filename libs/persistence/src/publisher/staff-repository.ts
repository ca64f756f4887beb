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

/** Holds the roles of staff against other changes until the transaction ends. */
export async function lockStaffRoles(transaction: Transaction): Promise<void> {
  await transaction.query('LOCK TABLE staff_role IN SHARE ROW EXCLUSIVE MODE');
}

/** Takes the role away; false when the person does not have it. */
export async function deleteStaffRole(transaction: Transaction, userId: string, role: StaffRole): Promise<boolean> {
  const rows = await transaction.query(
    `WITH deleted AS (DELETE FROM staff_role WHERE user_id = $1 AND role = $2 RETURNING user_id) SELECT FROM deleted`,
    [userId, role],
  );
  return rows.length > 0;
}

/** Takes the person out of the team; false when they are not in it. */
export async function deletePublisherTeamMember(
  transaction: Transaction,
  publisherTeamId: string,
  userId: string,
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH deleted AS (
       DELETE FROM publisher_team_member WHERE publisher_team_id = $1 AND user_id = $2 RETURNING user_id)
     SELECT FROM deleted`,
    [publisherTeamId, userId],
  );
  return rows.length > 0;
}

/** How many people have the role. */
export async function countStaff(transaction: Transaction, role: StaffRole): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM staff_role WHERE role = $1',
    [role],
  );
  return row!.count;
}

/** True when somebody with this id has signed up, and has not deleted their account. */
export async function isUser(transaction: Transaction, userId: string): Promise<boolean> {
  return (
    (
      await transaction.query(
        'SELECT FROM auth."user" WHERE id = $1 AND NOT EXISTS (SELECT FROM user_deletion WHERE user_id = $1)',
        [userId],
      )
    ).length > 0
  );
}
