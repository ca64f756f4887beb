import { type Transaction, UnitOfWork } from '#persistence';
import type { TestDatabase } from './database.js';
import { withClient } from '../../scripts/launcher/database.mjs';

/** When, seen from the statement that it names, the connection is cut. */
export type CrashPoint = { readonly statement: number; readonly when: 'before' | 'after' };

/**
 * A unit of work that counts the statements of its transactions, from 1, and cuts the database connection before or
 * after one of them, as the kill of a process would. What that leaves behind is what a retry meets.
 */
export class CrashingUnitOfWork extends UnitOfWork {
  statements = 0;
  hasCrashed = false;

  constructor(
    private readonly database: TestDatabase,
    private readonly crashPoint: CrashPoint | null,
  ) {
    super(database.dataSource);
  }

  override inSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.inSystem((transaction) => work(this.watch(transaction)));
  }

  private watch(transaction: Transaction): Transaction {
    return {
      ...transaction,
      query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        this.statements += 1;
        const isHere = this.crashPoint?.statement === this.statements;
        if (isHere && this.crashPoint.when === 'before') await this.cut(transaction);
        const rows = await transaction.query<Row>(sql, parameters);
        if (isHere && this.crashPoint.when === 'after') await this.cut(transaction);
        return rows;
      },
    };
  }

  private async cut(transaction: Transaction): Promise<void> {
    const [row] = await transaction.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    this.hasCrashed = true;
    await withClient(this.database.superuserUrl, (client) =>
      client.query('SELECT pg_terminate_backend($1, 5000)', [row!.pid]),
    );
  }
}
