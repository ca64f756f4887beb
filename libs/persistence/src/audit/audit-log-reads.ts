import type { Transaction } from '../database/unit-of-work.js';
import type { AuditEntry } from './audit-log.js';

/** A row of the audit log with the address of the person, when a person acted who is still known. */
export interface ListedAuditEntry extends AuditEntry {
  readonly actorEmail: string | null;
  /** True for a person of the installation's staff or of a publisher team who is no member of the organization. */
  readonly isByStaff: boolean;
}

/** Which rows of the log. */
export interface AuditLogFilter {
  /** Null for all organizations and the installation itself, which needs the system scope. */
  readonly organizationId: string | null;
  /** A part of the person's address, in any case. */
  readonly actor?: string | undefined;
  /** With spaces or underscores between its words. */
  readonly noun?: string | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** The id of the row before which the list goes on. */
  readonly before?: string | undefined;
}

/** The newest entries first, at most `limit`; their ids are in the order of time. */
export function listAuditEntries(
  transaction: Transaction,
  { organizationId, actor, noun, from, to, before }: AuditLogFilter,
  limit: number,
): Promise<ListedAuditEntry[]> {
  return transaction.query<ListedAuditEntry>(
    `SELECT audit_log.id, organization_id AS "organizationId", json_build_object('kind', actor_kind, 'id', actor_id) AS actor,
            action, noun, noun_id AS "nounId", details, created_at AS "createdAt", "user".email AS "actorEmail",
            actor_kind = 'user'
              AND (EXISTS (SELECT FROM staff_role WHERE user_id = actor_id)
                OR EXISTS (SELECT FROM publisher_team_member WHERE user_id = actor_id))
              AND NOT EXISTS (SELECT FROM membership WHERE membership.organization_id = audit_log.organization_id
                AND user_id = actor_id) AS "isByStaff"
     FROM audit_log LEFT JOIN auth."user" ON "user".id = actor_id
     WHERE ($1::uuid IS NULL OR organization_id = $1)
       AND ($2::text IS NULL OR strpos(lower("user".email), lower($2)) > 0)
       AND ($3::text IS NULL OR translate(noun, '_', ' ') = translate($3, '_', ' '))
       AND ($4::timestamptz IS NULL OR created_at >= $4)
       AND ($5::timestamptz IS NULL OR created_at < $5)
       AND ($6::uuid IS NULL OR audit_log.id < $6)
     ORDER BY audit_log.id DESC LIMIT $7`,
    [organizationId, actor ?? null, noun ?? null, from ?? null, to ?? null, before ?? null, limit],
  );
}

/** The nouns that the log of an organization has entries about, in order. */
export async function listAuditNouns(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ noun: string }>(
    'SELECT DISTINCT noun FROM audit_log WHERE organization_id = $1 ORDER BY noun',
    [organizationId],
  );
  return rows.map(({ noun }) => noun);
}
