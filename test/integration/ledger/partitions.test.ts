import { ensureUsagePartitions } from '#persistence';
import { prepareUsagePartitions } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    for (const what of ['pg_index WHERE indrelid', 'pg_constraint WHERE conrelid', 'pg_trigger WHERE tgrelid']) {
      expect(await of('usage_event_20260210', what), what).toBe(await of('usage_event', what));
    }
    await expect(database.dataSource.query(`SELECT FROM usage_event_20260210`)).rejects.toThrow(/permission denied/);
  });
});
