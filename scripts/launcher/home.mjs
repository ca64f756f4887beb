// The folder where an installation made by `npm start` keeps everything: database, journals, secrets, logs.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';
import { commandOf } from './processes.mjs';

/** `TOLLGATE_HOME`, else `.tollgate` in the checkout. */
export function homeFolder() {
  return path.resolve(process.env.TOLLGATE_HOME || path.join(root, '.tollgate'));
}

/** Where the launcher notes the settings of its processes, for the command line and for processes started one by one. */
export function runFile(home = homeFolder()) {
  return path.join(home, 'run.json');
}

/** The settings that the last `npm start` wrote, or none. */
export function readRunSettings(home = homeFolder()) {
  try {
    return JSON.parse(fs.readFileSync(runFile(home), 'utf8')).settings;
  } catch {
    return {};
  }
}

/** The secrets of this installation, made once. */
export function loadSecrets(home) {
  const file = path.join(home, 'secrets.json');
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw new Error(`${file} cannot be read: ${error.message}`);
  }
  const random = (bytes) => crypto.randomBytes(bytes);
  const secrets = {
    databasePassword: random(24).toString('base64url'),
    authSecret: random(32).toString('base64url'),
    keyPeppers: `1:${random(32).toString('base64')}`,
    encryptionKeys: `1:${random(32).toString('base64')}`,
    stripeSecretKey: `sk_test_${random(24).toString('hex')}`,
    stripeWebhookSecret: `whsec_${random(24).toString('base64url')}`,
  };
  writePrivately(file, secrets);
  return secrets;
}

/** Writes JSON that only this user may read, whole or not at all. */
export function writePrivately(file, value) {
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

/** Takes the folder for this launcher; a dead launcher's claim is taken over. */
export function claim(home) {
  const file = path.join(home, 'launcher.pid');
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    if (pid !== process.pid && isAlive(pid)) {
      throw new Error(
        `Tollgate already runs from ${home} (process ${pid}). Stop it first, or set TOLLGATE_HOME to another folder.`,
      );
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  fs.writeFileSync(file, String(process.pid));
  return () => fs.rmSync(file, { force: true });
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  // A number may have been given anew: only a launcher counts.
  return /scripts\/(launcher\/main|start)\.mjs/.test(commandOf(pid));
}
