import type { BillingPeriod } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { PeriodKey } from './period-key.js';

/** A closed period with the name of who it is invoiced to. */
export type PlanPeriod = Pick<BillingPeriod, 'subscriptionId' | 'organizationId' | 'startsAt' | 'endsAt'> & {
  readonly organizationName: string;
};

export interface PlanPeriodQuery {
  readonly planId: string;
  /** Periods that end after `from`, and at `to` or before. */
  readonly from: Date;
  readonly to: Date;
  /** The last one of the page before; null for the first page. */
  readonly after: PeriodKey | null;
  readonly limit: number;
}

/** Closed periods in which a version of the plan was in force, in the order of subscription and start. */
export function listClosedPeriodsOfPlan(transaction: Transaction, query: PlanPeriodQuery): Promise<PlanPeriod[]> {
  const { planId, from, to, after, limit } = query;
  return transaction.query<PlanPeriod>(
    `SELECT period.subscription_id AS "subscriptionId", period.organization_id AS "organizationId",
            period.starts_at AS "startsAt", period.ends_at AS "endsAt", organization.name AS "organizationName"
     FROM billing_period AS period JOIN organization ON organization.id = period.organization_id
     WHERE period.state = 'closed' AND period.ends_at > $2 AND period.ends_at <= $3
       AND ($4::uuid IS NULL OR (period.subscription_id, period.starts_at) > ($4, $5::timestamptz))
       AND EXISTS (
         SELECT FROM subscription_phase AS phase JOIN plan_version ON plan_version.id = phase.plan_version_id
         WHERE phase.subscription_id = period.subscription_id AND plan_version.plan_id = $1
           AND phase.starts_at < period.ends_at AND (phase.ends_at IS NULL OR phase.ends_at > period.starts_at))
     ORDER BY period.subscription_id, period.starts_at LIMIT $6`,
    [planId, from, to, after?.subscriptionId ?? null, after?.startsAt ?? null, limit],
  );
}

/** The ids of all versions of a plan, whatever their state. */
export async function listPlanVersionIds(transaction: Transaction, planId: string): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(`SELECT id FROM plan_version WHERE plan_id = $1`, [planId]);
  return rows.map(({ id }) => id);
}
