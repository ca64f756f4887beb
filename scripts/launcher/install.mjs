// Runs on the host's Node (20 or later) with nothing installed: dependency-free.
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');

/** A Node on the host that is as new as this runs Tollgate where the packaged one does not. */
const OLDEST_HOST_NODE = 24;

/** The Node that Tollgate is made for, from an npm package of this platform, or null where there is none. */
export function packagedNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const found = names
    .map((name) => path.join(root, 'node_modules', name, 'bin/node'))
    .find((file) => fs.existsSync(file));
  return found ?? null;
}

/** The packaged Node where it runs, else the host's where that is new enough; ends with what to do where neither is. */
function usableNode() {
  const packaged = packagedNode();
  const trial = packaged && spawnSync(packaged, ['--version'], { encoding: 'utf8' });
  if (trial?.status === 0) return packaged;
  // `npm run` would put it before the host's.
  fs.rmSync(path.join(root, 'node_modules/.bin/node'), { force: true });
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_HOST_NODE) return process.execPath;
  const platform = `${process.platform} ${process.arch}`;
  const why = trial ? `does not run: ${(trial.stderr || String(trial.error)).trim()}` : `has no build for ${platform}`;
  const hint = /libatomic/.test(why)
    ? 'Install the system package libatomic1 (libatomic on Fedora and Alpine), or'
    : 'Please';
  process.stderr.write(
    `The Node.js of Tollgate's npm packages ${why}\n${hint} run this with Node.js ${OLDEST_HOST_NODE} or later.\n`,
  );
  process.exit(1);
}

/** Installs the dependencies when the lock file is newer than what is installed. */
export function ensureInstalled() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const wanted = crypto.createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(root, 'node_modules/.tollgate-lock-hash');
  if (read(stamp) === wanted) return;
  process.stderr.write('Installing dependencies (about a minute the first time) …\n');
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    process.stderr.write('npm ci failed: see above. Node.js 20 or later and npm 10 or later are needed.\n');
    process.exit(1);
  }
  fs.writeFileSync(stamp, wanted);
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Installs, then runs `script` with the packaged Node and this process's arguments, terminal and signals, and exits
 * as it exits. The script learns of our end through its IPC channel, so that even `kill -9` leaves nothing behind.
 */
export function runWithPackagedNode(
  script,
  { args = process.argv.slice(2), environment = process.env, nodeArguments = [] } = {},
) {
  ensureInstalled();
  const node = usableNode();
  const child = spawn(node, [...nodeArguments, path.join(root, script), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...environment,
      PATH: `${path.dirname(node)}${path.delimiter}${path.join(root, 'node_modules/.bin')}${path.delimiter}${environment.PATH ?? ''}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${node} cannot be run: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1)));
}
