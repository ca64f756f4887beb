import type { Transaction } from '../database/unit-of-work.js';

export interface UsageAlertRow {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly subject: string;
  readonly threshold: number;
}

/** Writes down that a threshold is told of; false when it was before. */
export async function insertUsageAlert(transaction: Transaction, alert: UsageAlertRow, at: Date): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO usage_alert (organization_id, subscription_id, period_start, subject, threshold, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT usage_alert_pk DO NOTHING RETURNING 1`,
    [alert.organizationId, alert.subscriptionId, alert.periodStart, alert.subject, alert.threshold, at],
  );
  return rows.length > 0;
}

/** Billable units of a period by phase and meter, exact decimals. */
export function sumBillableByPhase(
  transaction: Transaction,
  subscriptionId: string,
  periodStart: Date,
): Promise<{ phaseId: string; meter: string; units: string; events: string }[]> {
  return transaction.query(
    `SELECT phase_id AS "phaseId", meter, trim_scale(sum(quantity_sum))::text AS units,
       sum(event_count)::text AS events
     FROM usage_hour
     WHERE subscription_id = $1 AND period_start = $2 AND billable GROUP BY phase_id, meter ORDER BY phase_id, meter`,
    [subscriptionId, periodStart],
  );
}

/** Periods that are under way at `at` and have usage. */
export function listPeriodsInUse(
  transaction: Transaction,
  at: Date,
): Promise<{ subscriptionId: string; periodStart: Date }[]> {
  return transaction.query(
    `SELECT subscription_id AS "subscriptionId", starts_at AS "periodStart" FROM billing_period
     WHERE state = 'open' AND starts_at <= $1 AND ends_at > $1
       AND EXISTS (SELECT FROM usage_hour WHERE usage_hour.subscription_id = billing_period.subscription_id
                   AND settles_in = starts_at)`,
    [at],
  );
}

/** Where mails about an organization's money go: its billing address, else its owners'. */
export async function listBillingAddresses(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ address: string }>(
    `SELECT billing_email AS address FROM organization WHERE id = $1 AND billing_email IS NOT NULL
     UNION ALL
     SELECT "user".email FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND role = 'owner'
       AND NOT EXISTS (SELECT FROM organization WHERE id = $1 AND billing_email IS NOT NULL)
     ORDER BY address`,
    [organizationId],
  );
  return rows.map(({ address }) => address);
}
