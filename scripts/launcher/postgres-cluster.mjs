// The files of a new Postgres.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from './postgres-programs.mjs';

/**
 * Makes the files of a server in `dataFolder`, with the password of its superuser in `passwordFile`. They are made beside it and
 * moved when they are whole: a start that is killed meanwhile leaves nothing that looks like a server.
 */
export function createCluster({ dataFolder, passwordFile, runner, program }) {
  removeUnfinished(dataFolder);
  const made = fs.mkdtempSync(`${dataFolder}.new-`);
  const password = crypto.randomBytes(24).toString('base64url');
  const pwfile = `${made}.password`;
  fs.writeFileSync(pwfile, password, { mode: 0o600 });
  if (runner.kind === 'user') for (const file of [made, pwfile]) fs.chownSync(file, runner.user.uid, runner.user.gid);
  try {
    const { status, stderr, stdout } = run(runner, program('initdb'), [
      '-D',
      made,
      '-U',
      'postgres',
      `--pwfile=${pwfile}`,
      '--auth=scram-sha-256',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--encoding=UTF8',
      '--data-checksums',
    ]);
    if (status !== 0) throw new Error(`initdb failed:\n${stderr || stdout}`);
    fs.writeFileSync(passwordFile, password, { mode: 0o600 });
    fs.rmSync(dataFolder, { recursive: true, force: true });
    fs.renameSync(made, dataFolder);
  } finally {
    removeUnfinished(dataFolder);
  }
}

/** What others have left, who may still be about to end: what cannot be removed now is by the next. */
function removeUnfinished(dataFolder) {
  const folder = path.dirname(dataFolder);
  const names = fs.readdirSync(folder).filter((name) => name.startsWith(`${path.basename(dataFolder)}.new-`));
  for (const name of names) {
    try {
      fs.rmSync(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Its initdb writes on.
    }
  }
}
