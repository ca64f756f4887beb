import { clientOf } from './database-client.js';
import type { Transaction } from './unit-of-work.js';

/**
 * As `Transaction.query`, but planned once for each connection, where Postgres does not find a plan for the very parameters cheaper: for
 * statements over many partitions of the ledger, which take longer to plan than to run. The text under a name is always the same, and what a parameter is must not matter to the plan. A pooler
 * between that shares connections must know prepared statements, as PgBouncer does from 1.21 on.
 */
export async function queryPlanned<Row extends object>(
  transaction: Transaction,
  { name, sql, parameters }: { readonly name: string; readonly sql: string; readonly parameters: readonly unknown[] },
): Promise<Row[]> {
  const client = await clientOf(transaction);
  return (await client.query<Row>({ name, text: sql, values: [...parameters] })).rows;
}
