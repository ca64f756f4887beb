import type { BillingPeriodState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';

/** What an event's references must agree with: one row for each phase asked for. */
export interface SubscriptionPhaseReference {
  readonly phaseId: string;
  readonly planVersionId: string;
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly anchorAt: Date;
}

export interface LockedPeriod extends PeriodKey {
  readonly state: BillingPeriodState;
}

/** The phases with these ids, with their subscriptions. */
export async function findPhaseReferences(
  transaction: Transaction,
  phaseIds: readonly string[],
): Promise<SubscriptionPhaseReference[]> {
  if (phaseIds.length === 0) return [];
  return transaction.query(
    `SELECT phase.id AS "phaseId", phase.plan_version_id AS "planVersionId", subscription.id AS "subscriptionId",
       subscription.organization_id AS "organizationId", subscription.application_id AS "applicationId",
       subscription.api_product_id AS "apiProductId", subscription.anchor_at AS "anchorAt"
     FROM subscription_phase AS phase JOIN subscription ON subscription.id = phase.subscription_id
     WHERE phase.id = ANY($1::uuid[])`,
    [phaseIds],
  );
}

/**
 * The state of those of the periods that exist. None of them can be closed before this transaction ends; one that is
 * just being closed is waited for. In the order of their keys, so that nobody deadlocks.
 */
export async function lockPeriodsAgainstClosing(
  transaction: Transaction,
  keys: readonly PeriodKey[],
): Promise<LockedPeriod[]> {
  return transaction.query(
    `SELECT subscription_id AS "subscriptionId", starts_at AS "startsAt", state FROM billing_period
     WHERE (subscription_id, starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
     ORDER BY subscription_id, starts_at FOR SHARE`,
    periodKeyParameters(keys),
  );
}
