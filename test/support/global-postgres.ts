import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runMigrations } from '#persistence';
import type { TestProject } from 'vitest/node';
import type { Client } from 'pg';
import { prepareForReset } from './database-reset.js';
import { prepareDatabase, withClient } from '../../scripts/launcher/database.mjs';
import { startPostgres } from '../../scripts/launcher/postgres.mjs';
import { TEST_DATABASE, removeTestDatabases } from '../../scripts/launcher/test-databases.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

/** The database that every test database is a copy of. */
export const TEMPLATE = 'tollgate_template';
export const PASSWORD = 'test-password';

/** One real Postgres for the run, migrated once; stopped and deleted at the end. */
export async function setup(project: TestProject): Promise<() => void> {
  removeTestDatabases(os.tmpdir());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), TEST_DATABASE));
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(path.join(folder, 'runner.pid'), String(process.pid));
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'data') });
  await withClient(postgres.url(), leaveVacuum);
  await withClient(postgres.url(), (client) =>
    hashQuickly(client, decodeURIComponent(new URL(postgres.url()).password)),
  );
  const { ownerUrl } = await prepareDatabase({ superuserUrl: postgres.url(), database: TEMPLATE, password: PASSWORD });
  await runMigrations(ownerUrl);
  const template = new URL(postgres.url());
  template.pathname = `/${TEMPLATE}`;
  await withClient(template.href, prepareForReset);
  project.provide('superuserUrl', postgres.url());
  return () => {
    postgres.stop('immediate');
    fs.rmSync(folder, { recursive: true, force: true });
  };
}

/** Tests connect thousands of times: a password's hash need not be slow where only this run can reach it. */
async function hashQuickly(client: Client, password: string): Promise<void> {
  await client.query('ALTER SYSTEM SET scram_iterations = 1');
  await client.query('SELECT pg_reload_conf()');
  await client.query('SET scram_iterations = 1');
  await client.query(`ALTER ROLE postgres PASSWORD ${client.escapeLiteral(password)}`);
}

/** No database lives until it needs a vacuum. What Postgres promises about commits is as everywhere. */
async function leaveVacuum(client: Client): Promise<void> {
  await client.query('ALTER SYSTEM SET autovacuum = off');
  await client.query('SELECT pg_reload_conf()');
}
