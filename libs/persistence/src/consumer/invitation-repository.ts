import type { Invitation } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `invitation.id, invitation.organization_id AS "organizationId", invitation.email, invitation.role,
  invitation.invited_by AS "invitedBy", invitation.created_at AS "createdAt", invitation.sent_at AS "sentAt",
  invitation.expires_at AS "expiresAt"`;
const OPEN = 'invitation.accepted_at IS NULL AND invitation.withdrawn_at IS NULL';

/** An invitation that nobody has accepted or withdrawn; it may have expired. */
export interface OpenInvitation extends Invitation {
  /** How many mails were sent for it. */
  readonly mails: number;
  /** The address of who has made it, null for nobody. */
  readonly inviterEmail: string | null;
}

/** Adds an invitation; false, and nothing added, when the address has an open one to the organization. */
export async function insertInvitation(
  transaction: Transaction,
  invitation: Invitation & { readonly tokenHash: Buffer },
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO invitation (id, organization_id, email, role, token_hash, invited_by, created_at, sent_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING 1`,
    [
      invitation.id,
      invitation.organizationId,
      invitation.email,
      invitation.role,
      invitation.tokenHash,
      invitation.invitedBy,
      invitation.createdAt,
      invitation.sentAt,
      invitation.expiresAt,
    ],
  );
  return rows.length > 0;
}

/** The open invitations of an organization, the newest first, before `before`, at most `limit`. */
export function listOpenInvitations(
  transaction: Transaction,
  organizationId: string,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<OpenInvitation[]> {
  return transaction.query<OpenInvitation>(
    `SELECT ${COLUMNS}, invitation.mails, "user".email AS "inviterEmail"
     FROM invitation LEFT JOIN auth."user" AS "user" ON "user".id = invited_by
     WHERE organization_id = $1 AND ${OPEN} AND ($2::uuid IS NULL OR invitation.id < $2)
     ORDER BY invitation.id DESC LIMIT $3`,
    [organizationId, before ?? null, limit],
  );
}

/** An open invitation of the organization, locked until the transaction ends; null when there is none. */
export async function lockOpenInvitation(
  transaction: Transaction,
  organizationId: string,
  id: string,
): Promise<(Invitation & { readonly mails: number }) | null> {
  const [row] = await transaction.query<Invitation & { readonly mails: number }>(
    `SELECT ${COLUMNS}, mails FROM invitation WHERE organization_id = $1 AND id = $2 AND ${OPEN} FOR UPDATE`,
    [organizationId, id],
  );
  return row ?? null;
}

/** An invitation by the hash of its token, whatever became of it, with what its reader is shown. */
export interface InvitationByToken extends Invitation {
  readonly organizationName: string;
  readonly inviterName: string | null;
  readonly acceptedBy: string | null;
  readonly isWithdrawn: boolean;
}

/** The invitation whose newest mail has this token; null for none. Needs the system scope. */
export async function findInvitationByToken(
  transaction: Transaction,
  tokenHash: Buffer,
): Promise<InvitationByToken | null> {
  const [row] = await transaction.query<InvitationByToken>(
    `SELECT ${COLUMNS}, organization.name AS "organizationName", "user".name AS "inviterName",
            invitation.accepted_by AS "acceptedBy", invitation.withdrawn_at IS NOT NULL AS "isWithdrawn"
     FROM invitation JOIN organization ON organization.id = invitation.organization_id
     LEFT JOIN auth."user" AS "user" ON "user".id = invited_by
     WHERE token_hash = $1`,
    [tokenHash],
  );
  return row ?? null;
}

/** Open invitations of an organization that have not expired at `at`. */
export async function countOpenInvitations(
  transaction: Transaction,
  organizationId: string,
  at: Date,
): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM invitation WHERE organization_id = $1 AND ${OPEN} AND expires_at > $2`,
    [organizationId, at],
  );
  return row!.count;
}

/** How many invitations a person has made since `since`, over all organizations. Needs the system scope. */
export async function countInvitationsBy(transaction: Transaction, userId: string, since: Date): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM invitation WHERE invited_by = $1 AND created_at > $2',
    [userId, since],
  );
  return row!.count;
}

/** Gives an invitation another token; links with the one before are dead. */
export async function renewInvitation(
  transaction: Transaction,
  id: string,
  { tokenHash, sentAt, expiresAt }: { readonly tokenHash: Buffer; readonly sentAt: Date; readonly expiresAt: Date },
): Promise<void> {
  await transaction.query(
    'UPDATE invitation SET token_hash = $2, sent_at = $3, expires_at = $4, mails = mails + 1 WHERE id = $1',
    [id, tokenHash, sentAt, expiresAt],
  );
}

/** Makes room for a new invitation of the address: an open one that has expired at `at` is withdrawn. */
export async function withdrawExpiredInvitation(
  transaction: Transaction,
  { organizationId, email, at }: { readonly organizationId: string; readonly email: string; readonly at: Date },
): Promise<void> {
  await transaction.query(
    `UPDATE invitation SET withdrawn_at = $3 WHERE organization_id = $1 AND email = $2 AND ${OPEN} AND expires_at <= $3`,
    [organizationId, email, at],
  );
}

export async function withdrawInvitation(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query('UPDATE invitation SET withdrawn_at = $2 WHERE id = $1', [id, at]);
}

export async function markInvitationAccepted(
  transaction: Transaction,
  id: string,
  { userId, at }: { readonly userId: string; readonly at: Date },
): Promise<void> {
  await transaction.query('UPDATE invitation SET accepted_at = $3, accepted_by = $2 WHERE id = $1', [id, userId, at]);
}
