import type { Mode } from '#domain';
import { type TYPE_OIDS, binaryArray } from '../database/binary-writer.js';
import type { Transaction } from '../database/unit-of-work.js';
import { addAggregatesSql } from './add-aggregates.js';
import { addToOperationDaysSql } from './usage-day-writer.js';
import { addToHoursSql } from './usage-hour-writer.js';

/** What some events add to one row of the rollups. */
export interface RollupRow {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly credentialId: string;
  readonly subscriptionId: string | null;
  readonly phaseId: string | null;
  readonly planVersionId: string | null;
  readonly mode: Mode;
  readonly periodStartMs: number | null;
  readonly settlesInMs: number | null;
  readonly apiProductId: string;
  readonly apiVersionId: string;
  readonly operation: string;
  readonly meter: string;
  /** The quarter of an hour that it is in. */
  readonly bucketAtMs: number;
  readonly statusClass: number;
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  readonly eventCount: number;
  /** Exact decimals: of all quantities, of one, and of the event with the highest (id, seq). */
  readonly quantitySum: string;
  readonly quantityMin: string;
  readonly quantityMax: string;
  readonly quantityLast: string;
  readonly lastEventId: string;
  readonly lastEventSeq: number;
}

/** In the place of a meter: calls that have used nothing of any. Each counts one, and nothing of it is billed or in a quota. */
export const NO_METER = '';

/**
 * What an event adds to rollups, as SQL: rows of meter and quantity. A call that has used nothing of any meter is one of its
 * own; later rows of its stream are not.
 */
export function countedUnitsSql(event: string): string {
  const isWithoutUnits = `${event}.quantities = '{}' AND ${event}.seq = 0`;
  return `(SELECT key AS meter, value::numeric AS quantity
    FROM jsonb_each_text(CASE WHEN ${isWithoutUnits} THEN '{"${NO_METER}": "1"}' ELSE ${event}.quantities END))`;
}

/** The key of a rollup row, in the order in which every writer locks rows, so that they wait instead of deadlocking. */
export const ROLLUP_KEY = [
  'subscription_id',
  'settles_in',
  'period_start',
  'meter',
  'bucket_at',
  'credential_id',
  'api_product_id',
  'api_version_id',
  'operation',
  'status_class',
  'billable',
  'counts_to_quota',
  'mode',
  'phase_id',
].join(', ');

/** How an insert adds to a row that is there. */
export const ADD_TO_ROLLUP = addAggregatesSql('usage_rollup', 'usage_rollup_key');

type ColumnType = keyof typeof TYPE_OIDS | 'numeric';

const COLUMNS: readonly (readonly [name: string, type: ColumnType, read: (row: RollupRow) => unknown])[] = [
  ['organization_id', 'uuid', (row) => row.organizationId],
  ['application_id', 'uuid', (row) => row.applicationId],
  ['credential_id', 'uuid', (row) => row.credentialId],
  ['subscription_id', 'uuid', (row) => row.subscriptionId],
  ['phase_id', 'uuid', (row) => row.phaseId],
  ['plan_version_id', 'uuid', (row) => row.planVersionId],
  ['mode', 'text', (row) => row.mode],
  ['period_start', 'timestamptz', (row) => row.periodStartMs],
  ['settles_in', 'timestamptz', (row) => row.settlesInMs],
  ['api_product_id', 'uuid', (row) => row.apiProductId],
  ['api_version_id', 'uuid', (row) => row.apiVersionId],
  ['operation', 'text', (row) => row.operation],
  ['meter', 'text', (row) => row.meter],
  ['bucket_at', 'timestamptz', (row) => row.bucketAtMs],
  ['status_class', 'smallint', (row) => row.statusClass],
  ['billable', 'boolean', (row) => row.billable],
  ['counts_to_quota', 'boolean', (row) => row.countsToQuota],
  ['event_count', 'bigint', (row) => row.eventCount],
  ['quantity_sum', 'numeric', (row) => row.quantitySum],
  ['quantity_min', 'numeric', (row) => row.quantityMin],
  ['quantity_max', 'numeric', (row) => row.quantityMax],
  ['quantity_last', 'numeric', (row) => row.quantityLast],
  ['last_event_id', 'uuid', (row) => row.lastEventId],
  ['last_event_seq', 'integer', (row) => row.lastEventSeq],
];

/** Decimals go as the texts that they are. */
function parameterType(type: ColumnType): keyof typeof TYPE_OIDS {
  return type === 'numeric' ? 'text' : type;
}

/** The columns of usage_rollup. */
export const ROLLUP_COLUMNS = COLUMNS.map(([name]) => name).join(', ');
const SQL = `WITH added AS MATERIALIZED (
    SELECT ${COLUMNS.map(([name, type]) => (type === 'numeric' ? `${name}::numeric` : name)).join(', ')}
    FROM unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${parameterType(type)}[]`).join(', ')}) AS added (${ROLLUP_COLUMNS})
  ), rolled_up AS (
    INSERT INTO usage_rollup (${ROLLUP_COLUMNS}) SELECT ${ROLLUP_COLUMNS} FROM added ORDER BY ${ROLLUP_KEY}
    ${ADD_TO_ROLLUP} RETURNING 1
  ), hours AS (
    ${addToHoursSql('added', 'rolled_up')} RETURNING 1
  )
  ${addToOperationDaysSql('added', 'hours')}`;

/** Adds the rows to the rollups, at most one for each key, and to the hours and days that they are in. */
export async function addToRollups(transaction: Transaction, rows: readonly RollupRow[]): Promise<void> {
  if (rows.length === 0) return;
  await transaction.query(
    SQL,
    COLUMNS.map(([, type, read]) => binaryArray(parameterType(type), rows.map(read))),
  );
}
