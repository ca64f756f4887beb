import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { gatewayOptions } from '../../support/gateway.js';

describe('a gateway whose clock differs from that of the database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.dispose());

  /** Starts a gateway while the database's clock is ahead by so many milliseconds; stops it at once. */
  async function start(aheadMs: number): Promise<void> {
    await tamper(
      database,
      `CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
         $$ SELECT pg_catalog.clock_timestamp() + interval '${aheadMs} ms' $$;
       DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`,
    );
    const options = gatewayOptions(database);
    try {
      const gateway = await startGateway(options);
      await gateway.stop();
    } finally {
      fs.rmSync(options.journalFolder, { recursive: true, force: true });
    }
  }

  async function connectionsOfGateways(): Promise<number> {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::integer AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tollgate-gateway%'`,
    );
    return row!.count;
  }

  it.each([10_000, -10_000])('does not start, and says by how much (%i ms)', async (aheadMs) => {
    await expect(start(aheadMs)).rejects.toMatchObject({
      code: 'clock_differs',
      message: expect.stringMatching(/is -?(9|10)\d* ms off .* Synchronise both\./),
    });
    // Postgres lists a connection for a moment after its end; one that is left open stays.
    await expect.poll(connectionsOfGateways).toBe(0);
  });

  it('starts when that is little', async () => {
    await expect(start(100)).resolves.toBeUndefined();
  });
});
