import type { CouponedPhase, SubscribedVersion } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** At $1. */
const PHASES_IN_FORCE = `FROM subscription_phase phase JOIN subscription ON subscription.id = phase.subscription_id
     JOIN plan_version ON plan_version.id = phase.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
     JOIN api_product product ON product.id = plan.api_product_id
     WHERE phase.starts_at <= $1 AND (phase.ends_at IS NULL OR phase.ends_at > $1)
       AND (subscription.canceled_at IS NULL OR subscription.canceled_at > $1)
       AND subscription.state <> 'pending_approval'`;

/** The plan versions with subscriptions that are in force at an instant, suspended ones too, and how many each has. */
export function listSubscribedVersions(transaction: Transaction, at: Date): Promise<SubscribedVersion[]> {
  return transaction.query<SubscribedVersion>(
    `SELECT product.slug || '/' || plan.slug AS plan, plan_version.definition,
       count(*) FILTER (WHERE NOT phase.is_trial)::integer AS subscriptions,
       count(*) FILTER (WHERE phase.is_trial)::integer AS trials
     ${PHASES_IN_FORCE}
     GROUP BY plan_version.id, plan.id, product.id`,
    [at],
  );
}

/** A phase of a subscription that has redeemed a coupon. */
export interface ListedCouponedPhase extends CouponedPhase {
  readonly subscriptionId: string;
  /** "product/plan". */
  readonly plan: string;
}

/** The phases in force at an instant, trials left out, of subscriptions that have redeemed a coupon, by these; after an id. */
export function listCouponedPhases(
  transaction: Transaction,
  at: Date,
  after: string | null,
  limit: number,
): Promise<ListedCouponedPhase[]> {
  return transaction.query<ListedCouponedPhase>(
    `SELECT subscription.id AS "subscriptionId", product.slug || '/' || plan.slug AS plan,
       plan_version.id AS "planVersionId", plan_version.definition, phase.starts_at AS "startsAt",
       subscription.anchor_at AS "anchorAt",
       (SELECT min(starts_at) FROM subscription_phase WHERE subscription_id = subscription.id AND NOT is_trial
          AND ends_at IS DISTINCT FROM starts_at) AS "costsFrom"
     ${PHASES_IN_FORCE} AND NOT phase.is_trial
       AND EXISTS (SELECT FROM coupon_redemption WHERE subscription_id = subscription.id)
       AND ($2::uuid IS NULL OR subscription.id > $2)
     ORDER BY subscription.id LIMIT $3`,
    [at, after, limit],
  );
}
