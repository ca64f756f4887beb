import { randomUUID } from 'node:crypto';
import { type Transaction, UnitOfWork, createDataSource } from '#persistence';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

interface Ways {
  readonly isolation: string;
  readonly is_read_only: string;
  readonly scope: string | null;
  readonly organization: string | null;
}

async function waysOf(transaction: Transaction): Promise<Ways> {
  const [ways] = await transaction.query<Ways>(
    `SELECT current_setting('transaction_isolation') AS isolation, current_setting('transaction_read_only') AS is_read_only,
            current_setting('tollgate.scope', true) AS scope, current_setting('tollgate.organization_id', true) AS organization`,
  );
  return ways!;
}

describe('a unit of work', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  it('takes one round trip to begin and one to commit', async () => {
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    try {
      await database.unitOfWork.inOrganization(randomUUID(), (transaction) => transaction.query('SELECT 1'));
      expect(sent).toHaveBeenCalledTimes(3);
    } finally {
      sent.mockRestore();
    }
  });

  it('is of one organization alone, whatever its name is', async () => {
    for (const name of [randomUUID(), `'; SET LOCAL tollgate.scope TO 'system'; --`, String.raw`\'; SELECT 1; --`]) {
      const own = { organization: name, scope: expect.not.stringContaining('system') };
      expect(await database.unitOfWork.inOrganization(name, waysOf)).toMatchObject(own);
      const snapshot = await database.unitOfWork.inLedgerSnapshot(waysOf, name);
      expect(snapshot).toMatchObject({ ...own, isolation: 'repeatable read', is_read_only: 'on' });
    }
    expect(await database.unitOfWork.inSystem(waysOf)).toMatchObject({ scope: 'system', organization: '' });
  });

  it('sees what others commit meanwhile, whatever the default of the database is; a snapshot does not', async () => {
    const own = await createTestDatabase();
    const role = `ALTER ROLE tollgate_app IN DATABASE ${new URL(own.appUrl).pathname.slice(1)}`;
    await withClient(own.superuserUrl, (client) =>
      client.query(`${role} SET default_transaction_isolation TO serializable`),
    );
    const unitOfWork = new UnitOfWork(createDataSource({ url: own.appUrl, processName: 'test' }));
    await unitOfWork.dataSource.initialize();
    try {
      const writes = { isolation: 'read committed', is_read_only: 'off', scope: 'system' };
      const reads = { isolation: 'repeatable read', is_read_only: 'on', scope: 'system' };
      expect(await unitOfWork.inSystem(waysOf)).toMatchObject(writes);
      expect(await unitOfWork.inSystemSnapshot(waysOf)).toMatchObject(reads);
      await unitOfWork.inLedgerSnapshot(async (transaction) => {
        expect(await waysOf(transaction)).toMatchObject(reads);
        const beside = await unitOfWork.besideLedgerSnapshot(transaction, 2, (them) => Promise.all(them.map(waysOf)));
        expect(beside).toEqual([expect.objectContaining(reads), expect.objectContaining(reads)]);
      });
    } finally {
      await unitOfWork.dataSource.destroy();
      await withClient(own.superuserUrl, (client) => client.query(`${role} RESET default_transaction_isolation`));
      await own.dispose();
    }
  });

  it('leaves nothing of what failed, and its connection to the next', async () => {
    const { unitOfWork, dataSource } = database;
    const counter = (transaction: Transaction) => transaction.query('TABLE report_counter');
    const before = await unitOfWork.inSystem(counter);
    const failing = unitOfWork.inSystem(async (transaction) => {
      await transaction.query(`UPDATE report_counter SET last_segment = last_segment + 1`);
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    const wrong = unitOfWork.inSystem((transaction) => transaction.query('SELECT * FROM nothing'));
    await expect(wrong).rejects.toThrow('relation "nothing" does not exist');
    expect(await unitOfWork.inSystem(counter)).toEqual(before);
    const { totalCount, idleCount } = (dataSource.driver as unknown as { master: pg.Pool }).master;
    expect(idleCount).toBe(totalCount);
  });
});
