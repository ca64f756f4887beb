// The private Postgres of a test run that was killed: nobody else stops it.
import fs from 'node:fs';
import path from 'node:path';

/** How the folders of such databases begin; `runner.pid` in them names the process that stops and deletes it. */
export const TEST_DATABASE = 'tollgate-test-';

/** Stops and deletes those in `folder` whose runner is gone. */
export function removeTestDatabases(folder) {
  for (const name of fs.readdirSync(folder).filter((entry) => entry.startsWith(TEST_DATABASE))) {
    const home = path.join(folder, name);
    try {
      if (isAlive(Number(fs.readFileSync(path.join(home, 'runner.pid'), 'utf8')))) continue;
      const postmaster = path.join(home, 'data/postmaster.pid');
      if (fs.existsSync(postmaster))
        process.kill(Number(fs.readFileSync(postmaster, 'utf8').split('\n')[0]), 'SIGQUIT');
    } catch {
      // Nothing runs there any more, or it belongs to another user.
    }
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** True while there is such a process, of whomever. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
