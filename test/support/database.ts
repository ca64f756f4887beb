import { randomBytes, randomFillSync } from 'node:crypto';
import { FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource } from '#persistence';
import type { ServiceContext } from '#services';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { withClient } from '../../scripts/launcher/database.mjs';
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

/** A fresh, migrated database of its own, with the application's role connected and a clock that stands still. */
export async function createTestDatabase(at = '2026-11-22T12:00:00Z'): Promise<TestDatabase> {
  const superuser = new URL(inject('superuserUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(superuser.href, (client) =>
    // Files that are copied cost half of what their pages cost when they go through the log.
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER tollgate_owner STRATEGY file_copy`),
  );
  const as = (user: string, password: string) => `postgres://${user}:${password}@${superuser.host}/${name}`;
  const appUrl = as('tollgate_app', PASSWORD);
  const dataSource = await createDataSource({ url: appUrl, processName: 'test' }).initialize();
  const unitOfWork = new UnitOfWork(dataSource);
  const clock = new FixedClock(at);
  return {
    appUrl,
    ownerUrl: as('tollgate_owner', PASSWORD),
    superuserUrl: as('postgres', superuser.password),
    dataSource,
    unitOfWork,
    clock,
    context: { unitOfWork, clock, ids: new UuidV7Generator(clock, randomFillSync), fillRandom: randomFillSync },
    dispose: async () => {
      await dataSource.destroy();
      await withClient(superuser.href, (client) => dropDatabase(client, name));
    },
  };
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
