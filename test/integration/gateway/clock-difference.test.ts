import fs from 'node:fs';
import type { Logger } from '#observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClockComparison } from '../../../apps/gateway/src/snapshot/clock-comparison.js';
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

  it('is told of once while it runs, and again when it comes back', async () => {
    const told: object[] = [];
    let aheadMs = 10_000;
    const log = { error: (details: object) => void told.push(details) } as unknown as Logger;
    const clocks = new ClockComparison(database.unitOfWork, () => Date.now() + aheadMs, log);
    const look = async (): Promise<void> => {
      clocks.start();
      const before = clocks.differenceMs;
      await expect.poll(() => clocks.differenceMs).not.toBe(before);
      clocks.stop();
    };
    for (const ahead of [10_000, 11_000, 0, -12_000]) {
      aheadMs = ahead;
      await look();
    }
    expect(told.map((details) => Math.round((details as { differenceMs: number }).differenceMs / 1_000))).toEqual([
      10, -12,
    ]);
  });

  it('starts when that is little', async () => {
    await expect(start(100)).resolves.toBeUndefined();
  });
});
