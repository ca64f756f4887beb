import { escapeLiteral } from 'pg';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import { LOCK_LEDGER, PREPARE_ARCHIVED_EVENTS } from '../usage/archived-events.js';

/** A running transaction. Repositories take it first, so that whose rows they may see is never in doubt. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Runs SQL with `$1…` parameters and returns the rows. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity>;
}

/**
 * Opens transactions in one of two scopes that row-level security knows. Outside of them the application's role sees no
 * organization's rows at all. The work's promise settles the transaction: resolved commits, rejected rolls back.
 */
export class UnitOfWork {
  constructor(readonly dataSource: DataSource) {}

  /** Work on behalf of one organization: rows of others do not exist for it. */
  inOrganization<Result>(organizationId: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.run([inOrganizationScope(organizationId)], work);
  }

  /** Work of Tollgate itself or of its staff, across organizations. */
  inSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.run([IN_SYSTEM], work);
  }

  /** As `inSystem`, but everything read is of one instant, and nothing can be written: for proofs and reports. */
  inSystemSnapshot<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.runReadOnly(work, []);
  }

  /**
   * As `inSystemSnapshot`, and what it reads of the ledger is whole: no partition is dropped meanwhile, and archived
   * events can be loaded. With an organization, rows of others do not exist for it.
   */
  inLedgerSnapshot<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    organizationId?: string,
  ): Promise<Result> {
    // The lock comes first: the first statement but it is the instant of the snapshot.
    const before = [LOCK_LEDGER, PREPARE_ARCHIVED_EVENTS];
    return this.runReadOnly(
      work,
      before,
      organizationId === undefined ? IN_SYSTEM : inOrganizationScope(organizationId),
    );
  }

  /**
   * So many further transactions that read the same instant as a ledger snapshot, which must go on for as long; each has a
   * connection of its own, and room for archived events, of which it has none.
   */
  async besideLedgerSnapshot<Result>(
    snapshot: Transaction,
    count: number,
    work: (transactions: readonly Transaction[]) => Promise<Result>,
  ): Promise<Result> {
    const [exported] = await snapshot.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
    const before = [`SET TRANSACTION SNAPSHOT '${exported!.id}'`, PREPARE_ARCHIVED_EVENTS];
    const open = (transactions: readonly Transaction[]): Promise<Result> =>
      transactions.length === count
        ? work(transactions)
        : this.runReadOnly((transaction) => open([...transactions, transaction]), before);
    return open([]);
  }

  private runReadOnly<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    before: readonly string[],
    scope = IN_SYSTEM,
  ): Promise<Result> {
    return this.run([REPEATABLE_READ, scope, ...before, 'SET TRANSACTION READ ONLY'], work);
  }

  private async run<Result>(
    beginning: readonly string[],
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await begin(runner, beginning);
      const { manager } = runner;
      const result = await work({
        manager,
        query: <Row>(sql: string, parameters: readonly unknown[] = []) => manager.query<Row[]>(sql, [...parameters]),
        repository: (entity) => manager.getRepository(entity),
      });
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // What failed is what the caller must hear of, also where the connection is gone.
      await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

const IN_SYSTEM = `SET LOCAL tollgate.scope TO 'system'`;
const inOrganizationScope = (organizationId: string) =>
  `SET LOCAL tollgate.organization_id TO ${escapeLiteral(organizationId)}`;
const REPEATABLE_READ = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ';

/** Begins a transaction with these statements in one round trip; TypeORM, which must know of it, has one for its own alone. */
async function begin(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  const query = runner.query.bind(runner);
  runner.query = (sql: string) => query([sql, ...statements].join(';\n'));
  try {
    await runner.startTransaction();
  } finally {
    runner.query = query;
  }
}
