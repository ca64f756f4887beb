import type { SubscribedVersion } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** The plan versions with subscriptions that are in force at an instant, suspended ones too, and how many each has. */
export function listSubscribedVersions(transaction: Transaction, at: Date): Promise<SubscribedVersion[]> {
  return transaction.query<SubscribedVersion>(
    `SELECT product.slug || '/' || plan.slug AS plan, plan_version.definition,
       count(*) FILTER (WHERE NOT phase.is_trial)::integer AS subscriptions,
       count(*) FILTER (WHERE phase.is_trial)::integer AS trials
     FROM subscription_phase phase JOIN subscription ON subscription.id = phase.subscription_id
     JOIN plan_version ON plan_version.id = phase.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
     JOIN api_product product ON product.id = plan.api_product_id
     WHERE phase.starts_at <= $1 AND (phase.ends_at IS NULL OR phase.ends_at > $1)
       AND (subscription.canceled_at IS NULL OR subscription.canceled_at > $1)
       AND subscription.state <> 'pending_approval'
     GROUP BY plan_version.id, plan.id, product.id`,
    [at],
  );
}
