// What `tollgate sim` runs on: a Postgres with an empty database, gone when the process ends.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareDatabase } from './database.mjs';
import { root } from './install.mjs';
import { guardPostgres, startPostgres } from './postgres.mjs';

/** Starts it and names it in the environment of this process. */
export async function prepareSimulation() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-sim-'));
  fs.chmodSync(folder, 0o755);
  const dataFolder = path.join(folder, 'data');
  let stop = () => {};
  process.on('exit', () => {
    stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  const postgres = await startPostgres({ dataFolder });
  const endGuard = guardPostgres(dataFolder);
  stop = () => {
    postgres.stop('immediate');
    endGuard();
  };
  const password = crypto.randomBytes(16).toString('hex');
  const { ownerUrl, appUrl } = await prepareDatabase({
    superuserUrl: postgres.url(),
    database: 'simulation',
    password,
  });
  const { runMigrations } = await import(path.join(root, 'dist/run/schema.js'));
  await runMigrations(ownerUrl);
  process.env.DATABASE_URL = appUrl;
}
