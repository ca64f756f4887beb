import type { Transaction } from '../database/unit-of-work.js';

/** Who does something: a signed-in user, Tollgate itself, or a person at the command line. */
export interface Actor {
  readonly kind: 'user' | 'system' | 'cli';
  readonly id: string | null;
  /** The public id of the personal access token that a user's program came with. */
  readonly tokenId?: string;
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
  await appendAllToAuditLog(transaction, [entry]);
}

/** The same for several. */
export async function appendAllToAuditLog(transaction: Transaction, entries: readonly AuditEntry[]): Promise<void> {
  await transaction.query(
    `INSERT INTO audit_log (id, organization_id, actor_kind, actor_id, action, noun, noun_id, details, created_at)
     SELECT id, organization_id, actor_kind, actor_id, action, noun, noun_id, details, created_at
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
       $9::timestamptz[])
       AS entry (id, organization_id, actor_kind, actor_id, action, noun, noun_id, details, created_at)`,
    [
      entries.map(({ id }) => id),
      entries.map(({ organizationId }) => organizationId),
      entries.map(({ actor }) => actor.kind),
      entries.map(({ actor }) => actor.id),
      entries.map(({ action }) => action),
      entries.map(({ noun }) => noun),
      entries.map(({ nounId }) => nounId),
      entries.map(({ details, actor: { tokenId } }) => JSON.stringify({ ...details, ...(tokenId && { tokenId }) })),
      entries.map(({ createdAt }) => createdAt),
    ],
  );
}
