// What a launcher that was killed has left.
import fs from 'node:fs';
import { runFile } from './home.mjs';
import { guardFile } from './postgres.mjs';
import { awaitEnd, commandOf } from './processes.mjs';

/** The gateway drains, and then Postgres is stopped. */
const PATIENCE_MS = 45_000;

/** Waits for the end of its processes, which stop by themselves, and of the one that stops its Postgres. */
export async function awaitLeftovers({ home, dataFolder, report }) {
  const noted = [...Object.values(read(runFile(home))?.pids ?? {}), read(guardFile(dataFolder))];
  const left = () => noted.filter((pid) => /dist\/run\/|postgres-guard/.test(commandOf(pid)));
  if (left().length === 0) return;
  report('waiting for what the start before has left to end');
  await awaitEnd({ pids: left, isOver: () => left().length === 0, patienceMs: PATIENCE_MS });
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
