// What can be known of processes that are not ours any more.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** The command line of a running process; empty when there is none, or only its name until somebody takes note of its end. */
export function commandOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  if (fs.existsSync('/proc/self/cmdline')) {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
}

/** Resolves when `isOver()`; kills what `pids()` are after `patienceMs`. */
export async function awaitEnd({ pids, isOver, patienceMs = 20_000 }) {
  const deadline = performance.now() + patienceMs;
  while (!isOver()) {
    if (performance.now() > deadline) pids().forEach(kill);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
