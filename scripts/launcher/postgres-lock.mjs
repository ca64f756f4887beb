// The lock of a Postgres that was killed.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;

/**
 * Removes the lock file of a server that was killed where it would keep another from starting: `postmaster.pid` names a process, and
 * Postgres takes it for one that runs while nobody has taken note of its end (a container without an init), or when its number is
 * another's by now. Waits until the last process of that server is gone, as nothing else keeps a second server from its files.
 */
export async function clearAbandonedLock(dataFolder) {
  const file = path.join(dataFolder, 'postmaster.pid');
  if (!fs.existsSync('/proc/self/cwd') || !fs.existsSync(file)) return;
  const pid = Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
  if (!fs.existsSync(`/proc/${pid}`)) return;
  const folder = fs.realpathSync(dataFolder);
  const place = workingFolder(pid);
  if (place === folder || place === 'secret') return;
  const isLeft = () => fs.readdirSync('/proc').some((name) => /^\d+$/.test(name) && workingFolder(name) === folder);
  for (const deadline = performance.now() + PATIENCE_MS; isLeft(); await pause(50))
    if (performance.now() > deadline) return;
  fs.rmSync(file, { force: true });
}

/** Of a server's processes its data folder; null of one that has ended, 'secret' where it may not be known. */
function workingFolder(pid) {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    return error.code === 'ENOENT' || error.code === 'ESRCH' ? null : 'secret';
  }
}
