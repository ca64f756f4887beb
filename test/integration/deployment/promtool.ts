import { spawnSync } from 'node:child_process';

/** False where Prometheus is not installed: then its tests are skipped, visibly. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** For the names of tests that need it. */
export const HOW_TO_GET_PROMTOOL = 'needs promtool, which comes with Prometheus';

/** Runs it; a fault is in what is returned. */
export function promtool(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
