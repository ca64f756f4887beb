import { createOwnerDataSource, pendingMigrations, runMigrations } from '#persistence';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { prepareDatabase } from '../../scripts/launcher/database.mjs';
import { PASSWORD } from '../support/global-postgres.js';

const DATABASE = 'tollgate_migrated_together';

describe('migrations of one database that several processes run', () => {
  let ownerUrl: string;
  beforeEach(async () => {
    const made = await prepareDatabase({
      superuserUrl: inject('superuserUrl'),
      database: DATABASE,
      password: PASSWORD,
    });
    ({ ownerUrl } = made);
  });
  afterEach(async () => {
    const superuser = new Client(inject('superuserUrl'));
    await superuser.connect();
    await superuser.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`);
    await superuser.end();
  });

  it('are done once each by two that start at the same time, of which one waits', async () => {
    let waited = 0;
    const run = () => runMigrations(ownerUrl, () => waited++);
    const [first, second] = await Promise.all([run(), run()]);
    expect(waited).toBe(1);
    const counts = [first.length, second.length].toSorted((a, b) => a - b);
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(50);
    expect(await pendingMigrations(ownerUrl)).toEqual([]);
    expect(await run()).toEqual([]);
    expect(waited).toBe(1);
  });

  it('wait for one that is under way, and go on when it is killed', async () => {
    const other = await createOwnerDataSource(ownerUrl).initialize();
    const holder = other.createQueryRunner();
    await holder.query('SELECT pg_advisory_lock(1764201793)');
    let isDone = false;
    const waits = Promise.withResolvers<void>();
    const running = runMigrations(ownerUrl, waits.resolve).then((done) => {
      isDone = true;
      return done;
    });
    await waits.promise;
    expect(isDone).toBe(false);
    expect((await pendingMigrations(ownerUrl)).length).toBeGreaterThan(50);
    await holder.release();
    await other.destroy();
    expect((await running).length).toBeGreaterThan(50);
  });
});
