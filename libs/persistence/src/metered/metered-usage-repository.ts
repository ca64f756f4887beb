import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';

/** Usage of an hour that is to be reported, or was. */
export interface MeteredUsage {
  readonly id: string;
  readonly periodStart: Date;
  readonly meter: string;
  readonly hourAt: Date;
  readonly quantity: bigint;
  readonly identifier: string;
  readonly reportedAsOf: Date | null;
  readonly triedAt: Date | null;
}

/** What the ledger has of an hour beyond what is to be reported of it already. */
export interface UnreportedUsage {
  readonly periodStart: Date;
  readonly meter: string;
  readonly hourAt: Date;
  /** Whole units; a part of one waits for the rest. */
  readonly quantity: bigint;
  /** Of the next report. */
  readonly revision: number;
}

/** Which usage of a subscription is meant: hours that are over, of periods that are open; or all of one period. */
export type UnreportedScope = { readonly endedBy: Date } | { readonly periodStart: Date };

/** Usage of a phase that came in time for its period and is to be billed, less what is to be reported of it. */
export async function listUnreportedUsage(
  transaction: Transaction,
  { id, phaseId, subscriptionId }: { readonly id: string; readonly phaseId: string; readonly subscriptionId: string },
  scope: UnreportedScope,
): Promise<UnreportedUsage[]> {
  const [endedBy, periodStart] = 'endedBy' in scope ? [scope.endedBy, null] : [null, scope.periodStart];
  const rows = await transaction.query<Omit<UnreportedUsage, 'quantity'> & { quantity: string }>(
    `SELECT used.period_start AS "periodStart", used.meter, used.hour_at AS "hourAt",
       (used.quantity - coalesce(told.quantity, 0))::text AS quantity, coalesce(told.revision, 0) + 1 AS revision
     FROM (
       SELECT usage_hour.period_start, meter, hour_at, trunc(sum(quantity_sum)) AS quantity
       FROM usage_hour
       WHERE subscription_id = $1 AND phase_id = $2 AND billable AND mode = 'live' AND settles_in = period_start
         AND ($3::timestamptz IS NULL OR period_start = $3)
         AND ($4::timestamptz IS NULL OR (hour_at + interval '1 hour' <= $4 AND EXISTS (
           SELECT FROM billing_period WHERE billing_period.subscription_id = usage_hour.subscription_id
             AND billing_period.starts_at = usage_hour.period_start AND billing_period.state <> 'closed')))
       GROUP BY 1, 2, 3
     ) AS used LEFT JOIN (
       SELECT period_start, meter, hour_at, sum(quantity) AS quantity, max(revision) AS revision
       FROM metered_usage WHERE metered_subscription_id = $5 GROUP BY 1, 2, 3
     ) AS told USING (period_start, meter, hour_at)
     WHERE used.quantity > coalesce(told.quantity, 0)
     ORDER BY used.hour_at, used.meter`,
    [subscriptionId, phaseId, periodStart, endedBy, id],
  );
  return rows.map((row) => ({ ...row, quantity: BigInt(row.quantity) }));
}

/**
 * Those of the provider's subscriptions for which something waits to be reported, or has hours that are over with more usage than
 * is on the list. One statement for a page, so that a look which finds nothing costs no more.
 */
export async function listWithUsageToReport(
  transaction: Transaction,
  subscriptions: readonly { readonly id: string; readonly phaseId: string; readonly subscriptionId: string }[],
  endedBy: Date,
): Promise<ReadonlySet<string>> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT asked.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (id, phase_id, subscription_id)
     WHERE EXISTS (
       SELECT FROM metered_usage WHERE metered_subscription_id = asked.id AND metered_usage.state = 'waiting'
     ) OR EXISTS (
       SELECT FROM billing_period AS period JOIN usage_hour AS used
         ON used.subscription_id = period.subscription_id AND used.period_start = period.starts_at
       WHERE period.subscription_id = asked.subscription_id AND period.state <> 'closed' AND used.phase_id = asked.phase_id
         AND used.billable AND used.mode = 'live' AND used.settles_in = used.period_start
         AND used.hour_at + interval '1 hour' <= $4
       GROUP BY used.period_start, used.meter, used.hour_at
       HAVING trunc(sum(used.quantity_sum)) > coalesce((
         SELECT sum(told.quantity) FROM metered_usage AS told
         WHERE told.metered_subscription_id = asked.id AND told.period_start = used.period_start
           AND told.meter = used.meter AND told.hour_at = used.hour_at), 0)
     )`,
    [
      subscriptions.map(({ id }) => id),
      subscriptions.map(({ phaseId }) => phaseId),
      subscriptions.map(({ subscriptionId }) => subscriptionId),
      endedBy,
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Puts usage on the list of what is to be reported; what is on it is passed over. */
export async function insertMeteredUsage(
  transaction: Transaction,
  usage: UnreportedUsage & {
    readonly id: string;
    readonly organizationId: string;
    readonly meteredSubscriptionId: string;
    readonly identifier: string;
    readonly createdAt: Date;
  },
): Promise<void> {
  await transaction.query(
    `INSERT INTO metered_usage (id, organization_id, metered_subscription_id, period_start, meter, hour_at, revision, quantity,
       identifier, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10)
     ON CONFLICT (metered_subscription_id, period_start, meter, hour_at, revision) DO NOTHING`,
    [
      usage.id,
      usage.organizationId,
      usage.meteredSubscriptionId,
      usage.periodStart,
      usage.meter,
      usage.hourAt,
      usage.revision,
      usage.quantity.toString(),
      usage.identifier,
      usage.createdAt,
    ],
  );
}

/** What of a subscription is to be reported, the oldest first, at most `limit`. */
export async function listWaitingUsage(
  transaction: Transaction,
  meteredSubscriptionId: string,
  limit: number,
): Promise<MeteredUsage[]> {
  const rows = await transaction.query<Omit<MeteredUsage, 'quantity'> & { quantity: string }>(
    `SELECT id, period_start AS "periodStart", meter, hour_at AS "hourAt", quantity::text, identifier,
       reported_as_of AS "reportedAsOf", tried_at AS "triedAt"
     FROM metered_usage WHERE metered_subscription_id = $1 AND state = 'waiting' ORDER BY id LIMIT $2`,
    [meteredSubscriptionId, limit],
  );
  return rows.map((row) => ({ ...row, quantity: BigInt(row.quantity) }));
}

/** Fixes, before the first attempt, the instant as of which usage is reported. */
export async function markUsageTried(
  transaction: Transaction,
  id: string,
  { reportedAsOf, triedAt }: { readonly reportedAsOf: Date; readonly triedAt: Date },
): Promise<void> {
  await transaction.query('UPDATE metered_usage SET reported_as_of = $2, tried_at = $3 WHERE id = $1', [
    id,
    reportedAsOf,
    triedAt,
  ]);
}

export async function markUsageCounted(transaction: Transaction, id: string, countedAt: Date): Promise<void> {
  await transaction.query(
    `UPDATE metered_usage SET state = 'counted', counted_at = $2 WHERE id = $1 AND state = 'waiting'`,
    [id, countedAt],
  );
}

export async function markUsageRefused(
  transaction: Transaction,
  id: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await transaction.query(
    `UPDATE metered_usage SET state = 'refused', failure_code = $2, failure_message = $3
     WHERE id = $1 AND state = 'waiting'`,
    [id, failure.code, failure.message],
  );
}

/**
 * Refuses usage that the provider took under an identifier, and says later that it cannot count. Returns whose it is; null when
 * none of ours has the identifier, or it is refused already.
 */
export async function refuseTakenUsage(
  transaction: Transaction,
  { identifier, code, message }: { readonly identifier: string; readonly code: string; readonly message: string },
): Promise<RefusedUsage | null> {
  const [row] = await transaction.query<RefusedUsage>(
    `WITH refused AS (
       UPDATE metered_usage SET state = 'refused', counted_at = NULL, failure_code = $2, failure_message = $3
       WHERE identifier = $1 AND state <> 'refused' RETURNING organization_id, meter, hour_at, quantity)
     SELECT organization.name AS organization, refused.meter, refused.hour_at AS "hourAt", refused.quantity::text
     FROM refused JOIN organization ON organization.id = refused.organization_id`,
    [identifier, code, message],
  );
  return row ?? null;
}

/** Usage of an hour that the provider cannot count. */
export interface RefusedUsage {
  readonly organization: string;
  readonly meter: string;
  readonly hourAt: Date;
  /** A whole number. */
  readonly quantity: string;
}

/**
 * Has what was refused of a period tried again: as of another instant where the instant was what was wrong. Elsewhere it is kept, and
 * when it was tried first, so that an attempt which may have been taken after all is looked for and not made twice.
 */
export async function reviveRefusedUsage(
  transaction: Transaction,
  meteredSubscriptionId: string,
  periodStart: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE metered_usage SET state = 'waiting', failure_code = NULL, failure_message = NULL,
       reported_as_of = CASE WHEN failure_code LIKE 'timestamp\\_%' THEN NULL ELSE reported_as_of END,
       tried_at = CASE WHEN failure_code LIKE 'timestamp\\_%' THEN NULL ELSE tried_at END
     WHERE metered_subscription_id = $1 AND period_start = $2 AND state = 'refused'`,
    [meteredSubscriptionId, periodStart],
  );
}

/** What was counted as of instants within a span, of all periods: whole units. */
export async function sumCountedWithin(
  transaction: Transaction,
  meteredSubscriptionId: string,
  meter: string,
  span: { readonly from: Date; readonly to: Date },
): Promise<bigint> {
  const [row] = await transaction.query<{ quantity: string }>(
    `SELECT coalesce(sum(quantity), 0)::text AS quantity FROM metered_usage
     WHERE metered_subscription_id = $1 AND meter = $2 AND state = 'counted'
       AND reported_as_of >= $3 AND reported_as_of < $4`,
    [meteredSubscriptionId, meter, span.from, span.to],
  );
  return BigInt(row!.quantity);
}

/** How the usage of a meter in a period stands. */
export interface MeteredUsageStanding {
  readonly meter: string;
  /** What the ledger has: an exact decimal. */
  readonly ledgerQuantity: string;
  /** What the provider has taken. */
  readonly countedQuantity: bigint;
  readonly lastCountedAt: Date | null;
  /** Why something was refused; null when nothing was. */
  readonly refusal: string | null;
}

/** How the usage of each of the meters stands in a period of a phase. */
export async function readUsageStanding(
  transaction: Transaction,
  { id, phaseId, subscriptionId }: { readonly id: string; readonly phaseId: string; readonly subscriptionId: string },
  periodStart: Date,
  meters: readonly string[],
): Promise<MeteredUsageStanding[]> {
  const rows = await transaction.query<Omit<MeteredUsageStanding, 'countedQuantity'> & { countedQuantity: string }>(
    `SELECT meter,
       (SELECT coalesce(sum(quantity_sum), 0)::text FROM usage_hour
        WHERE subscription_id = $1 AND phase_id = $2 AND period_start = $3 AND settles_in = $3 AND usage_hour.meter = priced.meter
          AND billable AND mode = 'live') AS "ledgerQuantity",
       coalesce(sum(quantity) FILTER (WHERE state = 'counted'), 0)::text AS "countedQuantity",
       max(counted_at) AS "lastCountedAt", max(failure_message) AS refusal
     FROM unnest($5::text[]) AS priced (meter)
       LEFT JOIN (SELECT * FROM metered_usage WHERE metered_subscription_id = $4 AND period_start = $3) AS told USING (meter)
     GROUP BY meter ORDER BY meter`,
    [subscriptionId, phaseId, periodStart, id, [...meters]],
  );
  return rows.map((row) => ({
    ...row,
    ledgerQuantity: trimDecimal(row.ledgerQuantity),
    countedQuantity: BigInt(row.countedQuantity),
  }));
}
