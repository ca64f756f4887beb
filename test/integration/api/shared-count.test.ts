import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { SharedCount } from '../../../apps/api/src/auth/shared-count.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

describe('tries that all processes count together', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.appUrl, max: 8, options: '-c search_path=auth' });
    // Connections that are there already begin at the same moment.
    await Promise.all(Array.from({ length: 8 }, () => pool.query('SELECT pg_sleep(0.05)')));
  });
  afterAll(async () => {
    await pool.end();
    await database.dispose();
  });

  it('are counted each, also those that come first and together', async () => {
    const tries = new SharedCount(pool, { windowSeconds: 60, max: 4 });
    for (let round = 0; round < 40; round++) {
      const waits = await Promise.all(Array.from({ length: 8 }, () => tries.take(`key ${round}`, 1_000)));
      expect(waits.filter((seconds) => seconds === 0)).toHaveLength(4);
    }
  });

  it('are forgotten with the window, and when they are to be', async () => {
    const tries = new SharedCount(pool, { windowSeconds: 60, max: 1 });
    expect(await tries.take('one', 0)).toBe(0);
    expect(await tries.take('one', 15_000)).toBe(45);
    expect(await tries.take('one', 60_000)).toBe(0);
    expect(await tries.take('one', 60_001)).toBe(60);
    await tries.forget('one');
    expect(await tries.take('one', 60_002)).toBe(0);
  });
});
