import type { Mode } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import type { UsageBucketSize } from './usage-rollup-repository.js';

/** By what usage is told apart; a caller is an application, named with its organization. */
export type UsageDimension = 'product' | 'operation' | 'application' | 'caller' | 'key' | 'status';

export interface UsageBreakdownFilter {
  /** Null for all organizations, by the day only. */
  readonly organizationId: string | null;
  /** From the bucket that holds this instant … */
  readonly from: Date;
  /** … to before this one. */
  readonly to: Date;
  readonly bucket: UsageBucketSize;
  readonly groupBy: UsageDimension;
  /** How many groups have a row of their own, those with the most events; all others are one. */
  readonly limit: number;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly apiProductId?: string | undefined;
  readonly apiVersionId?: string | undefined;
  readonly operation?: string | undefined;
  /** The first digit of the status. */
  readonly statusClass?: number | undefined;
  readonly mode?: Mode | undefined;
}

/** Usage of one meter by one group in one span of time. */
export interface UsageGroupBucket {
  /** Where the span begins, in UTC. */
  readonly at: Date;
  /** What tells the group apart from others; null for all those that have no row of their own. */
  readonly group: string | null;
  readonly meter: string;
  readonly eventCount: number;
  /** Exact decimals. */
  readonly quantity: string;
  readonly billableQuantity: string;
  /** Of answers with a status of 4xx or 5xx. */
  readonly failedQuantity: string;
}

interface Source {
  readonly table: string;
  readonly startsAt: string;
}

/** Where usage is read from: the smallest table that has what is asked for. */
const SOURCES = {
  quarters: { table: 'usage_rollup', startsAt: 'bucket_at' },
  hours: { table: 'usage_hour', startsAt: 'hour_at' },
  operationDays: { table: 'usage_operation_day', startsAt: 'day_at' },
} as const satisfies Record<string, Source>;

const GROUPS: Readonly<Record<UsageDimension, string>> = {
  product: 'api_product_id::text',
  // An id of an operation is one of its version only.
  operation: `api_version_id::text || '/' || operation`,
  application: 'application_id::text',
  caller: 'application_id::text',
  key: 'credential_id::text',
  status: 'status_class::text',
};
const INTERVALS: Readonly<Record<UsageBucketSize, string>> = { quarter: '15 minutes', hour: '1 hour', day: '1 day' };

/** True when the question is about operations, which hours do not know. */
export function isAboutOperations({
  groupBy,
  apiVersionId,
  operation,
}: Pick<UsageBreakdownFilter, 'groupBy' | 'apiVersionId' | 'operation'>): boolean {
  return groupBy === 'operation' || apiVersionId !== undefined || operation !== undefined;
}

/** Usage over time by groups, oldest first; spans without usage are left out. Reads rollups, never the ledger. */
export async function readUsageBreakdown(
  transaction: Transaction,
  filter: UsageBreakdownFilter,
): Promise<UsageGroupBucket[]> {
  const { table, startsAt } = sourceOf(filter);
  const parameters: unknown[] = [filter.from, filter.to, INTERVALS[filter.bucket], filter.limit];
  const conditions: string[] = [];
  const where = (column: string, value: unknown) => {
    if (value === undefined || value === null) return;
    parameters.push(value);
    conditions.push(`AND ${column} = $${parameters.length}`);
  };
  where('organization_id', filter.organizationId);
  where('application_id', filter.applicationId);
  where('credential_id', filter.credentialId);
  where('api_product_id', filter.apiProductId);
  where('api_version_id', filter.apiVersionId);
  where('operation', filter.operation);
  where('status_class', filter.statusClass);
  where('mode', filter.mode);
  const sums = ['events', 'quantity', 'billable', 'failed'];
  const rows = await transaction.query<Omit<UsageGroupBucket, 'eventCount'> & { eventCount: string }>(
    `WITH used AS (
       SELECT date_bin($3::interval, ${startsAt}, 'epoch') AS at, ${GROUPS[filter.groupBy]} AS name, meter,
         sum(event_count) AS events, sum(quantity_sum) AS quantity,
         coalesce(sum(quantity_sum) FILTER (WHERE billable), 0) AS billable,
         coalesce(sum(quantity_sum) FILTER (WHERE status_class >= 4), 0) AS failed
       FROM ${table}
       WHERE ${startsAt} >= date_bin($3::interval, $1::timestamptz, 'epoch') AND ${startsAt} < $2
         ${conditions.join(' ')}
       GROUP BY 1, 2, 3
     ), ranked AS (
       SELECT name, row_number() OVER (ORDER BY sum(events) DESC, name) AS rank FROM used GROUP BY name
     ), shown AS (
       SELECT at, CASE WHEN rank <= $4 THEN name END AS name, meter, ${sums.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')}
       FROM used JOIN ranked USING (name) GROUP BY 1, 2, 3
     )
     SELECT at, name AS "group", meter, events AS "eventCount", trim_scale(quantity)::text AS quantity,
       trim_scale(billable)::text AS "billableQuantity", trim_scale(failed)::text AS "failedQuantity"
     FROM shown ORDER BY at, meter, name NULLS LAST`,
    parameters,
  );
  return rows.map((row) => ({ ...row, eventCount: Number(row.eventCount) }));
}

function sourceOf(filter: UsageBreakdownFilter): Source {
  if (filter.organizationId === null) return SOURCES.operationDays;
  if (filter.bucket === 'quarter') return SOURCES.quarters;
  if (!isAboutOperations(filter)) return SOURCES.hours;
  return filter.bucket === 'day' ? SOURCES.operationDays : SOURCES.quarters;
}

/** An operation that was called. */
export interface UsedOperation {
  readonly apiVersion: { readonly id: string; readonly api: string; readonly name: string };
  readonly operation: string;
  readonly eventCount: number;
}

/** Where a list of them goes on. */
export interface UsedOperationPlace {
  readonly eventCount: number;
  readonly apiVersionId: string;
  readonly operation: string;
}

/** The operations that an organization has called on the days of a span (UTC), those with the most events first. */
export async function listUsedOperations(
  transaction: Transaction,
  { organizationId, from, to }: Pick<UsageBreakdownFilter, 'from' | 'to'> & { readonly organizationId: string },
  { after, limit }: Slice<UsedOperationPlace>,
): Promise<UsedOperation[]> {
  const rows = await transaction.query<Omit<UsedOperation, 'eventCount'> & { eventCount: string }>(
    `SELECT json_build_object('id', used.api_version_id, 'api', coalesce(api.slug, ''), 'name', coalesce(version.name, ''))
         AS "apiVersion", operation, events AS "eventCount"
     FROM (
       SELECT api_version_id, operation, sum(event_count) AS events FROM usage_operation_day
       WHERE organization_id = $1 AND day_at >= date_bin('1 day', $2::timestamptz, 'epoch') AND day_at < $3
       GROUP BY 1, 2
       HAVING $5::bigint IS NULL OR (-sum(event_count), api_version_id, operation) > (-$5::bigint, $6::uuid, $7::text)
       ORDER BY events DESC, 1, 2 LIMIT $4
     ) AS used
     LEFT JOIN api_version AS version ON version.id = used.api_version_id LEFT JOIN api ON api.id = version.api_id
     ORDER BY events DESC, used.api_version_id, operation`,
    [
      organizationId,
      from,
      to,
      limit ?? null,
      after?.eventCount ?? null,
      after?.apiVersionId ?? null,
      after?.operation ?? null,
    ],
  );
  return rows.map((row) => ({ ...row, eventCount: Number(row.eventCount) }));
}

/** What people call these groups, by what tells them apart; those that are gone have none. */
export async function nameUsageGroups(
  transaction: Transaction,
  groupBy: UsageDimension,
  groups: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = groupBy === 'operation' ? groups.map((group) => group.slice(0, group.indexOf('/'))) : groups;
  if (groupBy === 'status' || ids.length === 0) return new Map(groups.map((group) => [group, `${group}xx`]));
  const rows = await transaction.query<{ id: string; label: string }>(LABELS[groupBy], [ids]);
  const labels = new Map(rows.map(({ id, label }) => [id, label]));
  const named = groups.map((group, index) => {
    const label = labels.get(ids[index]!);
    if (label === undefined) return [group, ''] as const;
    return [group, groupBy === 'operation' ? `${group.slice(group.indexOf('/') + 1)} (${label})` : label] as const;
  });
  return new Map(named.filter(([, label]) => label !== ''));
}

const LABELS: Readonly<Record<Exclude<UsageDimension, 'status'>, string>> = {
  product: `SELECT id, title AS label FROM api_product WHERE id = ANY($1::uuid[])`,
  operation: `SELECT version.id, api.slug || ' ' || version.name AS label FROM api_version AS version
    JOIN api ON api.id = version.api_id WHERE version.id = ANY($1::uuid[])`,
  application: `SELECT id, name AS label FROM application WHERE id = ANY($1::uuid[])`,
  caller: `SELECT application.id, organization.name || ': ' || application.name AS label FROM application
    JOIN organization ON organization.id = organization_id WHERE application.id = ANY($1::uuid[])`,
  key: `SELECT id, name AS label FROM credential WHERE id = ANY($1::uuid[])`,
};
