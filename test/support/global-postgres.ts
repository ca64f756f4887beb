import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runMigrations } from '#persistence';
import type { TestProject } from 'vitest/node';
import type { Client } from 'pg';
import { prepareDatabase, withClient } from '../../scripts/launcher/database.mjs';
import { startPostgres } from '../../scripts/launcher/postgres.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

/** The database that every test database is a copy of. */
export const TEMPLATE = 'tollgate_template';
export const PASSWORD = 'test-password';
const PREFIX = 'tollgate-test-';

/** One real Postgres for the run, migrated once; stopped and deleted at the end. */
export async function setup(project: TestProject): Promise<() => void> {
  removeLeftovers();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(path.join(folder, 'runner.pid'), String(process.pid));
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'data') });
  await withClient(postgres.url(), relaxDurability);
  const { ownerUrl } = await prepareDatabase({ superuserUrl: postgres.url(), database: TEMPLATE, password: PASSWORD });
  await runMigrations(ownerUrl);
  project.provide('superuserUrl', postgres.url());
  return () => {
    postgres.stop('immediate');
    fs.rmSync(folder, { recursive: true, force: true });
  };
}

/** What a power cut would lose here is thrown away anyway; a kill of Postgres loses nothing. No database lives until it needs a vacuum. */
async function relaxDurability(client: Client): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'autovacuum'])
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  await client.query('SELECT pg_reload_conf()');
}

/** Stops and deletes what runs that were killed have left behind. */
function removeLeftovers(): void {
  for (const name of fs.readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = path.join(os.tmpdir(), name);
    try {
      const runner = Number(fs.readFileSync(path.join(folder, 'runner.pid'), 'utf8'));
      if (isAlive(runner)) continue;
      const postmaster = path.join(folder, 'data/postmaster.pid');
      if (fs.existsSync(postmaster))
        process.kill(Number(fs.readFileSync(postmaster, 'utf8').split('\n')[0]), 'SIGQUIT');
    } catch {
      // Nothing runs there any more, or it belongs to another user.
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
