import { pause } from '../pause.mjs';
import { seconds } from '../served-again.mjs';

/** H2: the worker is killed every 3 to 5 s. */
export const workerKilled = {
  id: 'H2',
  title: 'worker killed every 3–5 s',
  figure: '0 failed, backlog empty ≤ 30 s after',
  async run({ installation, random, isQuick }) {
    const until = performance.now() + (isQuick ? 15_000 : 60_000);
    let kills = 0;
    while (performance.now() < until) {
      await pause(random.between(3_000, 5_000));
      await installation.worker.kill();
      kills++;
    }
    return { kills };
  },
  judge({ outcome: { kills }, failed, settledMs }) {
    return {
      measured: `${kills} kills, backlog empty after ${settledMs === null ? '> 120 s' : seconds(settledMs)}`,
      reached: failed === 0 && settledMs !== null && settledMs <= 30_000,
    };
  },
};
