import type { Transaction } from '../database/unit-of-work.js';

/** Who does something: a signed-in user, Tollgate itself, or a person at the command line. */
export interface Actor {
  readonly kind: 'user' | 'system' | 'cli';
  readonly id: string | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly organizationId: string | null;
  readonly actor: Actor;
  /** Verb in the past tense: "created", "revoked". */
  readonly action: string;
  readonly noun: string;
  readonly nounId: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** Adds a row to the audit log, which cannot be changed afterwards. `details` must hold no secret. */
export async function appendToAuditLog(transaction: Transaction, entry: AuditEntry): Promise<void> {
  await transaction.query(
    `INSERT INTO audit_log (id, organization_id, actor_kind, actor_id, action, noun, noun_id, details, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      entry.id,
      entry.organizationId,
      entry.actor.kind,
      entry.actor.id,
      entry.action,
      entry.noun,
      entry.nounId,
      JSON.stringify(entry.details ?? {}),
      entry.createdAt,
    ],
  );
}
