// Builds, and runs a file of the slow tests, which `npm test` leaves out.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt } from '../launcher/build.mjs';
import { root } from '../launcher/install.mjs';

/** Runs it with further words for Vitest and variables of the environment; returns the exit code. What it prints goes to stderr. */
export async function runSlowTest(file, { words = [], env = {} } = {}) {
  await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
  const all = ['run', '--project', 'slow', '--retry=0', file, ...words];
  const { status } = spawnSync(path.join(root, 'node_modules/.bin/vitest'), all, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  return status ?? 1;
}
