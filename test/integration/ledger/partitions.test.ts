import { ensureUsagePartitions } from '#persistence';
import { prepareUsagePartitions } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const noon = new Date('2026-02-10T12:00:00Z');

describe('partitions of the ledger', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase(noon.toISOString());
  });
  afterEach(() => database.dispose());

  const partitions = () =>
    database.dataSource.query<{ name: string }[]>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_event'::regclass ORDER BY 1`,
    );

  it('are made from yesterday to a week ahead, by several at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => prepareUsagePartitions(database.context)));
    const names = (await partitions()).map(({ name }) => name);
    expect(names).toEqual(
      [9, 10, 11, 12, 13, 14, 15, 16, 17].map((day) => `usage_event_202602${String(day).padStart(2, '0')}`),
    );
  });

  it('are made while somebody reads the ledger for long, and keep nobody from it', async () => {
    let release = () => {};
    const reading = database.unitOfWork.inSystemSnapshot(async (transaction) => {
      await transaction.query(`SELECT count(*) FROM usage_event`);
      await new Promise<void>((go) => (release = go));
    });
    await prepareUsagePartitions(database.context);
    expect(await partitions()).toHaveLength(9);
    release();
    await reading;
  });

  it('have the indexes, constraints and guards of the ledger, and cannot be reached past it', async () => {
    await database.unitOfWork.inSystem((transaction) =>
      ensureUsagePartitions(transaction, noon.getTime(), noon.getTime()),
    );
    const count = async (sql: string) => (await database.dataSource.query<{ count: number }[]>(sql))[0]!.count;
    const of = (table: string, what: string) =>
      count(`SELECT count(*)::integer AS count FROM ${what} = '${table}'::regclass`);
    const ownGuard = `pg_trigger WHERE tgname <> 'usage_event_system_only' AND tgrelid`;
    for (const what of ['pg_index WHERE indrelid', 'pg_constraint WHERE conrelid', ownGuard]) {
      expect(await of('usage_event_20260210', what), what).toBe(await of('usage_event', what));
    }
    for (const statement of [
      'SELECT FROM usage_event_20260210',
      'UPDATE usage_event_20260210 SET seq = 1',
      'DELETE FROM usage_event_20260210',
      'TRUNCATE usage_event_20260210',
    ]) {
      await expect(database.dataSource.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('are added to by the system only', async () => {
    await prepareUsagePartitions(database.context);
    const subscription = await aSubscription(database, { anchorAt: noon });
    const add = `INSERT INTO usage_event_20260210 (id) SELECT NULL WHERE false`;
    await expect(
      database.unitOfWork.inOrganization(subscription.organizationId, (transaction) => transaction.query(add)),
    ).rejects.toThrow('rows of usage_event_20260210 are added by the system only');
    await database.unitOfWork.inSystem((transaction) => transaction.query(add));
  });
});
