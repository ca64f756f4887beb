import type { Aggregation, MeterAggregates } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type AggregatesRow, aggregatesSql, toAggregates } from './rollup-aggregates.js';

export type UsageBucketSize = 'quarter' | 'hour' | 'day';

/** Usage of one meter in one span of time, of one kind. */
export interface UsageBucket {
  /** Where the span begins, in UTC. */
  readonly at: Date;
  readonly meter: string;
  /** Exact decimal. */
  readonly quantity: string;
  readonly billable: boolean;
  /** The first digit of the status. */
  readonly statusClass: number;
  readonly eventCount: number;
}

export interface UsageSeriesFilter {
  readonly organizationId: string;
  /** From the bucket that holds this instant … */
  readonly from: Date;
  /** … to before this one. */
  readonly to: Date;
  readonly bucket: UsageBucketSize;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
}

const QUOTA_QUANTITY = 'trim_scale(coalesce(sum(quantity_sum) FILTER (WHERE counts_to_quota), 0))::text';
const INTERVALS: Readonly<Record<UsageBucketSize, string>> = { quarter: '15 minutes', hour: '1 hour', day: '1 day' };

/** Usage over time, oldest first; spans without usage are left out. */
export async function readUsageSeries(transaction: Transaction, filter: UsageSeriesFilter): Promise<UsageBucket[]> {
  const [table, startsAt] = filter.bucket === 'quarter' ? ['usage_rollup', 'bucket_at'] : ['usage_hour', 'hour_at'];
  const rows = await transaction.query<Omit<UsageBucket, 'eventCount'> & { eventCount: string }>(
    `SELECT date_bin($4::interval, ${startsAt}, 'epoch') AS at, meter, billable, status_class AS "statusClass",
       trim_scale(sum(quantity_sum))::text AS quantity, sum(event_count) AS "eventCount"
     FROM ${table}
     WHERE organization_id = $1 AND ${startsAt} >= date_bin($4::interval, $2::timestamptz, 'epoch') AND ${startsAt} < $3
       AND ($5::uuid IS NULL OR application_id = $5) AND ($6::uuid IS NULL OR credential_id = $6)
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [
      filter.organizationId,
      filter.from,
      filter.to,
      INTERVALS[filter.bucket],
      filter.applicationId ?? null,
      filter.credentialId ?? null,
    ],
  );
  return rows.map((row) => ({ ...row, eventCount: Number(row.eventCount) }));
}

/** What was used of one meter in one period of a subscription, whenever it arrived, in all aggregations. */
export interface AggregatedMeterUsage {
  readonly meter: string;
  /** Billable or not. */
  readonly all: MeterAggregates;
  readonly billable: MeterAggregates;
  /** What of it counts to quotas, an exact decimal. */
  readonly quotaQuantity: string;
}

/** A subscription's usage in a period, by meter; meters without usage are left out. */
export async function aggregateMeterUsage(
  transaction: Transaction,
  subscriptionId: string,
  periodStart: Date,
): Promise<AggregatedMeterUsage[]> {
  const unique = (column: string) =>
    `SELECT coalesce(max(${column}), 0) FROM usage_distinct_count AS counted
     WHERE counted.subscription_id = $1 AND counted.period_start = $2 AND counted.meter = usage_hour.meter`;
  const rows = await transaction.query<{
    meter: string;
    all: AggregatesRow;
    billable: AggregatesRow;
    quotaQuantity: string;
  }>(
    `SELECT meter, ${aggregatesSql(unique('value_count'))} AS "all",
       ${aggregatesSql(unique('billable_count'), 'billable')} AS billable, ${QUOTA_QUANTITY} AS "quotaQuantity"
     FROM usage_hour WHERE subscription_id = $1 AND period_start = $2 GROUP BY meter ORDER BY meter`,
    [subscriptionId, periodStart],
  );
  return rows.map(({ all, billable, ...row }) => ({
    ...row,
    all: toAggregates(all),
    billable: toAggregates(billable),
  }));
}

/** What of a subscription's usage in a period counts to quotas, by meter; exact decimals. */
export function sumQuotaUsage(
  transaction: Transaction,
  subscriptionId: string,
  periodStart: Date,
): Promise<Pick<AggregatedMeterUsage, 'meter' | 'quotaQuantity'>[]> {
  return transaction.query(
    `SELECT meter, ${QUOTA_QUANTITY} AS "quotaQuantity"
     FROM usage_hour WHERE subscription_id = $1 AND period_start = $2 GROUP BY meter ORDER BY meter`,
    [subscriptionId, periodStart],
  );
}

/** Billable units per meter that a key has ever used; exact decimals. */
export async function sumBilledQuantities(
  transaction: Transaction,
  credentialId: string,
): Promise<Readonly<Record<string, string>>> {
  const rows = await transaction.query<{ meter: string; quantity: string }>(
    `SELECT meter, trim_scale(sum(quantity_sum))::text AS quantity
     FROM usage_hour WHERE organization_id = (SELECT organization_id FROM credential WHERE id = $1)
       AND credential_id = $1 AND billable GROUP BY meter ORDER BY meter`,
    [credentialId],
  );
  return Object.fromEntries(rows.map(({ meter, quantity }) => [meter, quantity]));
}

/**
 * About how many calls with test keys an application has made to a product since an hour's beginning: of the meter that
 * counted most of them, so that a call of two meters is one, and those that none has counted.
 */
export async function countTestCalls(
  transaction: Transaction,
  {
    organizationId,
    applicationId,
    apiProductId,
    since,
  }: {
    readonly organizationId: string;
    readonly applicationId: string;
    readonly apiProductId: string;
    readonly since: Date;
  },
): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(
    `SELECT coalesce(max(count) FILTER (WHERE meter <> ''), 0) + coalesce(max(count) FILTER (WHERE meter = ''), 0) AS count
     FROM (
       SELECT meter, sum(event_count) AS count FROM usage_hour
       WHERE organization_id = $1 AND hour_at >= $4 AND application_id = $2 AND api_product_id = $3 AND mode = 'test'
       GROUP BY meter) AS by_meter`,
    [organizationId, applicationId, apiProductId, since],
  );
  return Number(row!.count);
}

/** The meters of an API product. */
export function listMetersOfProduct(
  transaction: Transaction,
  apiProductId: string,
): Promise<{ slug: string; title: string; unit: string; aggregation: Aggregation }[]> {
  return transaction.query(`SELECT slug, title, unit, aggregation FROM meter WHERE api_product_id = $1 ORDER BY slug`, [
    apiProductId,
  ]);
}
