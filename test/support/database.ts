import { randomBytes, randomFillSync } from 'node:crypto';
import { FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource } from '#persistence';
import type { ServiceContext } from '#services';
import pg, { type Client, type Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { withClient } from '../../scripts/launcher/database.mjs';
import { resetDatabase } from './database-reset.js';
import { eventually } from './eventually.js';
import { PASSWORD, TEMPLATE } from './global-postgres.js';

export interface TestDatabase {
  /** As the application's role. */
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** Beyond every rule of the schema: for setting up what should be impossible. */
  readonly superuserUrl: string;
  readonly dataSource: DataSource;
  readonly unitOfWork: UnitOfWork;
  readonly clock: FixedClock;
  readonly context: ServiceContext;
  dispose(): Promise<void>;
}

/**
 * A migrated database of its own, as fresh as any, with the application's role connected and a clock that stands still. What is
 * disposed of is taken back to how it came for the next test of this process, connections and all; where that cannot be, it is dropped.
 */
export async function createTestDatabase(at = '2026-11-22T12:00:00Z'): Promise<TestDatabase> {
  const kept = spare.pop() ?? (await makeDatabase());
  const clock = new FixedClock(at);
  const unitOfWork = new UnitOfWork(kept.dataSource);
  return {
    appUrl: kept.urlOf('tollgate_app', PASSWORD),
    ownerUrl: kept.urlOf('tollgate_owner', PASSWORD),
    superuserUrl: kept.superuserUrl,
    dataSource: kept.dataSource,
    unitOfWork,
    clock,
    context: { unitOfWork, clock, ids: new UuidV7Generator(clock, randomFillSync), fillRandom: randomFillSync },
    dispose: () => takeBack(kept),
  };
}

/** A database with its connections, which outlive a test. */
interface KeptDatabase {
  readonly name: string;
  readonly urlOf: (user: string, password: string) => string;
  readonly superuserUrl: string;
  readonly dataSource: DataSource;
  /** To the database itself, as the superuser. */
  readonly superuser: Client;
}

/** Those that no test has at the moment. */
const spare: KeptDatabase[] = [];
/** More than a test has at a time would only be kept. */
const SPARE_AT_MOST = 2;

async function makeDatabase(): Promise<KeptDatabase> {
  const superuser = new URL(inject('superuserUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(superuser.href, (client) =>
    // Files that are copied cost half of what their pages cost when they go through the log.
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER tollgate_owner STRATEGY file_copy`),
  );
  const urlOf = (user: string, password: string) => `postgres://${user}:${password}@${superuser.host}/${name}`;
  const superuserUrl = urlOf('postgres', superuser.password);
  const dataSource = createDataSource({ url: urlOf('tollgate_app', PASSWORD), processName: 'test' });
  const client = new pg.Client({ connectionString: superuserUrl });
  // When Postgres ends, with the last test.
  client.on('error', () => undefined);
  await Promise.all([dataSource.initialize(), client.connect()]);
  return { name, urlOf, superuserUrl, dataSource, superuser: client };
}

async function takeBack(kept: KeptDatabase): Promise<void> {
  const isClean = spare.length < SPARE_AT_MOST && (await isLeft(kept)) && (await isReset(kept));
  if (isClean) spare.push(kept);
  else await drop(kept);
}

/** Whether the test is done with it: nothing of its own is connected, and none of ours is in the middle of anything. */
async function isLeft({ dataSource, superuser }: KeptDatabase): Promise<boolean> {
  if (!dataSource.isInitialized) return false;
  const others = async () => {
    const { totalCount, idleCount } = poolOf(dataSource);
    const { rows } = await superuser.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return totalCount - idleCount + Math.abs(rows[0]!.count - totalCount);
  };
  return eventually(others, (count) => count === 0, 1_000).then(
    () => true,
    () => false,
  );
}

async function isReset({ dataSource, superuser }: KeptDatabase): Promise<boolean> {
  try {
    if (!(await resetDatabase(superuser))) return false;
    const pool = poolOf(dataSource);
    const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
    const forgets = clients.map((client) =>
      client
        .query('RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()')
        // One that is not given back would keep the pool from ending.
        .finally(() => client.release()),
    );
    return (await Promise.allSettled(forgets)).every(({ status }) => status === 'fulfilled');
  } catch {
    return false;
  }
}

function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

async function drop({ name, dataSource, superuser }: KeptDatabase): Promise<void> {
  if (dataSource.isInitialized) await dataSource.destroy();
  await superuser.end();
  await withClient(inject('superuserUrl'), (client) => dropDatabase(client, name));
}

/** Runs SQL as the superuser with every trigger off: how somebody would tamper with the database. */
export async function tamper(database: TestDatabase, sql: string, parameters: readonly unknown[] = []): Promise<void> {
  await withClient(database.superuserUrl, async (client) => {
    await client.query(`SET session_replication_role = replica`);
    await client.query(sql, [...parameters]);
  });
}

/** Connections that are just being closed are let go of in peace: to be thrown out would be an error that nobody waits for. */
async function dropDatabase(client: Client, name: string): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await client.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM pg_stat_activity WHERE datname = $1',
        [name],
      );
      return rows[0]!.count;
    },
    (count) => count === 0,
    1_000,
  ).catch(() => undefined);
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
}
