import type { Transaction } from '../database/unit-of-work.js';
import type { AuditEntry } from './audit-log.js';

/** A row of the audit log with the address of the person, when a person acted who is still known. */
export interface ListedAuditEntry extends AuditEntry {
  readonly actorEmail: string | null;
}

/** The newest entries first, at most `limit`; their ids are in the order of time. */
export function listAuditEntries(transaction: Transaction, limit: number): Promise<ListedAuditEntry[]> {
  return transaction.query<ListedAuditEntry>(
    `SELECT audit_log.id, organization_id AS "organizationId", json_build_object('kind', actor_kind, 'id', actor_id) AS actor,
            action, noun, noun_id AS "nounId", details, created_at AS "createdAt", "user".email AS "actorEmail"
     FROM audit_log LEFT JOIN auth."user" ON "user".id = actor_id
     ORDER BY audit_log.id DESC LIMIT $1`,
    [limit],
  );
}
