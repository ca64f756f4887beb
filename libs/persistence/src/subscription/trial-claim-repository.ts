import type { Transaction } from '../database/unit-of-work.js';
import type { Actor } from '../audit/audit-log.js';

/** Somebody or something that gets one trial of a product, as keyed hashes: the first is the one that is written down. */
export interface TrialSubject {
  readonly kind: 'person' | 'card';
  /** One for each pepper of the ring, the current one first. */
  readonly hashes: readonly Buffer[];
}

/** True when one of them has had the trial of the product, in any organization. */
export async function isTrialClaimed(
  transaction: Transaction,
  apiProductId: string,
  subjects: readonly TrialSubject[],
): Promise<boolean> {
  for (const { kind, hashes } of subjects) {
    const rows = await transaction.query(
      'SELECT FROM trial_claim WHERE api_product_id = $1 AND kind = $2 AND subject_hash = ANY ($3::bytea[])',
      [apiProductId, kind, hashes],
    );
    if (rows.length > 0) return true;
  }
  return false;
}

/**
 * Writes down that the trial of the product is taken by all of them, for the subscription; false, and nothing written, when one
 * of them has taken it. Of two at the same time, the second waits for the first, and loses.
 */
export async function claimTrial(
  transaction: Transaction,
  { apiProductId, subscriptionId, at }: { apiProductId: string; subscriptionId: string; at: Date },
  subjects: readonly TrialSubject[],
): Promise<boolean> {
  // In one order, so that no two wait for each other.
  const ordered = subjects.toSorted((left, right) => left.kind.localeCompare(right.kind));
  for (const { kind, hashes } of ordered) {
    const rows = await transaction.query(
      `INSERT INTO trial_claim (api_product_id, kind, subject_hash, subscription_id, claimed_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1`,
      [apiProductId, kind, hashes[0], subscriptionId, at],
    );
    if (rows.length > 0) continue;
    await transaction.query('DELETE FROM trial_claim WHERE subscription_id = $1', [subscriptionId]);
    return false;
  }
  return true;
}

/** Gives an organization a further trial of a product; false when it has one that is not used. */
export async function insertTrialGrant(
  transaction: Transaction,
  grant: {
    readonly id: string;
    readonly organizationId: string;
    readonly apiProductId: string;
    readonly reason: string;
    readonly actor: Actor;
    readonly createdAt: Date;
  },
): Promise<boolean> {
  const { id, organizationId, apiProductId, reason, actor, createdAt } = grant;
  const rows = await transaction.query(
    `INSERT INTO trial_grant (id, organization_id, api_product_id, reason, actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1`,
    [id, organizationId, apiProductId, reason, actor.kind, actor.id, createdAt],
  );
  return rows.length > 0;
}

/** True when the organization was given a further trial of the product and has not used it. */
export async function hasTrialGrant(
  transaction: Transaction,
  organizationId: string,
  apiProductId: string,
): Promise<boolean> {
  const rows = await transaction.query(
    'SELECT FROM trial_grant WHERE organization_id = $1 AND api_product_id = $2 AND subscription_id IS NULL',
    [organizationId, apiProductId],
  );
  return rows.length > 0;
}

/** Uses it up for the subscription; false when there is none. */
export async function useTrialGrant(
  transaction: Transaction,
  organizationId: string,
  { apiProductId, subscriptionId }: { readonly apiProductId: string; readonly subscriptionId: string },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH used AS (
       UPDATE trial_grant SET subscription_id = $3
       WHERE organization_id = $1 AND api_product_id = $2 AND subscription_id IS NULL RETURNING id)
     SELECT FROM used`,
    [organizationId, apiProductId, subscriptionId],
  );
  return rows.length > 0;
}
