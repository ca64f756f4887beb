import type { PoolClient } from 'pg';
import type { Transaction } from './unit-of-work.js';

/** The pool's client under TypeORM's runner, in the transaction: only it speaks COPY, and prepares statements. */
export async function clientOf(transaction: Transaction): Promise<PoolClient> {
  return (await transaction.manager.queryRunner!.connect()) as PoolClient;
}
