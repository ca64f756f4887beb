import type { PlanDefinition, PlanVersion } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

/** Terms that one subscription has in the place of its plan's: a version of the plan for it alone. Never changes. */
export interface SubscriptionOverride {
  readonly id: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  /** The version with these terms. */
  readonly planVersionId: string;
  /** The version of the plan that it was made of. */
  readonly baseVersionId: string;
  /** What was named, in the words of the catalogue file. */
  readonly terms: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly createdAt: Date;
}

/** An override with who gave it, when it is in force, and both versions. */
export interface ListedOverride extends SubscriptionOverride {
  readonly definition: PlanDefinition;
  readonly baseDefinition: PlanDefinition;
  readonly baseNumber: number;
  readonly actor: Actor;
  /** Null when it was taken back before it began. */
  readonly startsAt: Date | null;
  /** Null while it goes on. */
  readonly endsAt: Date | null;
}

const COLUMNS = `override.id, override.organization_id AS "organizationId", override.subscription_id AS "subscriptionId",
    override.plan_version_id AS "planVersionId", override.base_version_id AS "baseVersionId", override.terms, override.reason,
    override.created_at AS "createdAt"`;

/** Writes the next version of a plan, for one subscription alone. */
export async function insertCustomPlanVersion(
  transaction: Transaction,
  { id, planId, definition, definitionHash, publishedAt }: Omit<PlanVersion, 'number' | 'state'>,
): Promise<void> {
  await transaction.query(
    `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
     SELECT $1, $2, coalesce(max(number), 0) + 1, 'custom', $3, $4, $5 FROM plan_version WHERE plan_id = $2`,
    [id, planId, JSON.stringify(definition), definitionHash, publishedAt],
  );
}

export async function insertOverride(
  transaction: Transaction,
  override: SubscriptionOverride,
  actor: Actor,
): Promise<void> {
  await transaction.query(
    `INSERT INTO subscription_override (id, organization_id, subscription_id, plan_version_id, base_version_id, terms, reason,
       actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      override.id,
      override.organizationId,
      override.subscriptionId,
      override.planVersionId,
      override.baseVersionId,
      JSON.stringify(override.terms),
      override.reason,
      actor.kind,
      actor.id,
      override.createdAt,
    ],
  );
}

/** The override whose version this is; null for a version of everybody. */
export async function findOverrideOfVersion(
  transaction: Transaction,
  planVersionId: string,
): Promise<SubscriptionOverride | null> {
  const [found] = await transaction.query<SubscriptionOverride>(
    `SELECT ${COLUMNS} FROM subscription_override AS override WHERE plan_version_id = $1`,
    [planVersionId],
  );
  return found ?? null;
}

/** All overrides that a subscription has or had, the newest first. */
export function listOverrides(transaction: Transaction, subscriptionId: string): Promise<ListedOverride[]> {
  return transaction.query<ListedOverride>(
    `SELECT ${COLUMNS}, version.definition, base.definition AS "baseDefinition", base.number AS "baseNumber",
            json_build_object('kind', override.actor_kind, 'id', override.actor_id) AS actor,
            phase.starts_at AS "startsAt", phase.ends_at AS "endsAt"
     FROM subscription_override AS override
     JOIN plan_version AS version ON version.id = override.plan_version_id
     JOIN plan_version AS base ON base.id = override.base_version_id
     LEFT JOIN subscription_phase AS phase ON phase.subscription_id = override.subscription_id
       AND phase.plan_version_id = override.plan_version_id AND phase.ends_at IS DISTINCT FROM phase.starts_at
     WHERE override.subscription_id = $1 ORDER BY override.created_at DESC, override.id DESC`,
    [subscriptionId],
  );
}

/** What a publisher wrote down about a subscription; its organization never reads it. */
export interface SubscriptionNote {
  readonly id: string;
  readonly text: string;
  /** Who wrote it: a person's name, or null for the operator's command line. */
  readonly author: string | null;
  readonly createdAt: Date;
}

export async function insertNote(
  transaction: Transaction,
  note: {
    readonly id: string;
    readonly organizationId: string;
    readonly subscriptionId: string;
    readonly text: string;
    readonly actor: Actor;
    readonly createdAt: Date;
  },
): Promise<void> {
  const { id, organizationId, subscriptionId, text, actor, createdAt } = note;
  await transaction.query(
    `INSERT INTO subscription_note (id, organization_id, subscription_id, text, actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, organizationId, subscriptionId, text, actor.kind, actor.id, createdAt],
  );
}

/** The newest first. */
export function listNotes(transaction: Transaction, subscriptionId: string): Promise<SubscriptionNote[]> {
  return transaction.query<SubscriptionNote>(
    `SELECT note.id, note.text, person.name AS author, note.created_at AS "createdAt"
     FROM subscription_note AS note LEFT JOIN auth."user" AS person ON person.id = note.actor_id
     WHERE subscription_id = $1 ORDER BY note.created_at DESC, note.id DESC`,
    [subscriptionId],
  );
}
