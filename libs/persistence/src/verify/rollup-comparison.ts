import { randomBytes } from 'node:crypto';
import type { Transaction } from '../database/unit-of-work.js';

/** What is said of one key; exact decimals. */
export interface RollupSide {
  readonly count: string;
  readonly sum: string;
  readonly min: string | null;
  readonly max: string | null;
  /** Id and number of the last event, and its quantity. */
  readonly last: string | null;
}

/** A key of which two sides say something else. */
export interface RollupDifference {
  readonly key: Readonly<Record<string, unknown>>;
  readonly expected: RollupSide;
  readonly actual: RollupSide;
}

const SUMS = ['count', 'sum'] as const;
const EXTREMES = ['min', 'max', 'last'] as const;

/** SQL: greatest for the event with the highest (id, seq), whatever it counts. */
export function lastOf(id: string, seq: string, quantity: string): string {
  return `${id}::text || '/' || to_char(${seq}, 'FM00000') || ': ' || trim_scale(${quantity})::text`;
}

function sideOf(side: 'expected' | 'actual'): string {
  const number = (name: string) => `'${name}', trim_scale(${side}_${name})::text`;
  return `json_build_object('count', ${side}_count::text, ${['sum', 'min', 'max'].map(number).join(', ')}, 'last', ${side}_last)`;
}

/** Two queries that say something of the same keys. */
export interface ComparedSides {
  readonly dimensions: readonly string[];
  readonly expected: string;
  readonly actual: string;
  readonly parameters: readonly unknown[];
  readonly limit: number;
}

/**
 * Compares what two queries say of the same keys: how many keys either has, and the first that differ, at most `limit`.
 * Each query has the dimensions, then count, sum, lowest, highest and last quantity; and at most one row for a key. Rows
 * are set side by side only when their fingerprints differ.
 */
export async function compareSides(
  transaction: Transaction,
  sides: ComparedSides,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  // Sums are kept in memory by key, and events read where they lie: that each event may have used a hundred meters, as Postgres
  // assumes, would have it sort them all.
  await allowSorts(transaction, false);
  const found = (await readSameRows(transaction, sides)) ?? (await findDifferences(transaction, sides));
  await allowSorts(transaction, true);
  return found;
}

/**
 * How many rows both sides have when they have the same ones, else null. Reads each side once and keeps nothing of it: what is
 * compared is the sum of a hash of each row, 64 bits by a seed that nobody knows before.
 */
async function readSameRows(
  transaction: Transaction,
  { dimensions, expected, actual, parameters }: ComparedSides,
): Promise<{ readonly compared: number; readonly differences: readonly [] } | null> {
  const names = dimensions.join(', ');
  const facts = [...SUMS.map((name) => `${name}::numeric`), 'min', 'max', 'last'].join(', ');
  const seed = `$${parameters.length + 1}::bigint`;
  // The hash of a record adds up those of its fields: hashed once more, the sum over rows tells which belong together.
  const rowHash = `hashtextextended(hash_record_extended(ROW(${names}, ${facts}), ${seed})::text, ${seed})`;
  const fingerprint = (query: string) =>
    `SELECT count(*) AS rows, coalesce(sum(${rowHash}), 0) AS hash
     FROM (${query}) AS side (${names}, ${[...SUMS, ...EXTREMES].join(', ')})`;
  const [row] = await transaction.query<{ rows: string; isSame: boolean }>(
    `SELECT expected.rows, expected.hash = actual.hash AS "isSame"
     FROM (${fingerprint(expected)}) AS expected, (${fingerprint(actual)}) AS actual`,
    [...parameters, randomBytes(8).readBigInt64BE().toString()],
  );
  return row!.isSame ? { compared: Number(row!.rows), differences: [] } : null;
}

async function findDifferences(
  transaction: Transaction,
  input: ComparedSides,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  const dimensions = input.dimensions.join(', ');
  const columns = (side: string) => [...SUMS, ...EXTREMES].map((name) => `${side}_${name}`).join(', ');
  const [row] = await transaction.query<{ compared: string; differences: readonly RollupDifference[] | null }>(
    `WITH expected_side (${dimensions}, ${columns('expected')}) AS (${input.expected}),
     actual_side (${dimensions}, ${columns('actual')}) AS (${input.actual}),
     both_sides AS (
       SELECT ${dimensions},
         ${SUMS.flatMap((name) => [`sum(expected_${name}) AS expected_${name}`, `sum(actual_${name}) AS actual_${name}`]).join(', ')},
         ${EXTREMES.flatMap((name) => [`max(expected_${name}) AS expected_${name}`, `max(actual_${name}) AS actual_${name}`]).join(', ')}
       FROM (
         SELECT ${dimensions}, ${columns('expected')}, 0::bigint AS actual_count, 0::numeric AS actual_sum,
           NULL::numeric AS actual_min, NULL::numeric AS actual_max, NULL::text AS actual_last
         FROM expected_side
         UNION ALL
         SELECT ${dimensions}, 0, 0, NULL, NULL, NULL, ${columns('actual')} FROM actual_side
       ) AS every_side
       GROUP BY ${dimensions}
     ), first_differences AS (
       SELECT * FROM both_sides
       WHERE ${[...SUMS, ...EXTREMES].map((name) => `expected_${name} IS DISTINCT FROM actual_${name}`).join(' OR ')}
       ORDER BY ${dimensions} LIMIT $${input.parameters.length + 1}
     )
     SELECT (SELECT count(*) FROM both_sides) AS compared,
       (SELECT json_agg(json_build_object('key',
            json_build_object(${input.dimensions.map((name) => `'${name}', one.${name}`).join(', ')}),
          'expected', ${sideOf('expected')}, 'actual', ${sideOf('actual')}))
        FROM first_differences AS one) AS differences`,
    [...input.parameters, input.limit],
  );
  return { compared: Number(row!.compared), differences: row!.differences ?? [] };
}

async function allowSorts(transaction: Transaction, are: boolean): Promise<void> {
  const setting = are ? 'on' : 'off';
  await transaction.query(
    `SELECT set_config('enable_sort', $1, true), set_config('enable_incremental_sort', $1, true)`,
    [setting],
  );
}
