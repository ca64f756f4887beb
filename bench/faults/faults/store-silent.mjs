import { pause } from '../pause.mjs';
import { quantileMs, seconds } from '../served-again.mjs';

/** RATE_STORE_TIMEOUT_MS, which is the time that a call waits for a store. */
const timeoutMs = 250;
const isSlow = ({ outcome, dueAt, doneAt }) => outcome !== 'delivered' || doneAt - dueAt > timeoutMs + 50;

/** H6: Postgres, then Redis answers nothing for 8 s, though connections stay. */
export const storeSilent = {
  id: 'H6',
  title: 'Postgres, then Redis black-holed 8 s',
  isCut: true,
  needsQuiet: true,
  figure: `p99 ≤ ${timeoutMs} + 50 ms, recovered ≤ 2 s`,
  async run({ installation }) {
    const windows = [];
    for (const [store, way] of [
      ['Postgres', installation.postgresWay],
      ['Redis', installation.redisWay],
    ]) {
      await pause(3_000);
      const from = performance.now();
      way.freeze();
      await pause(8_000);
      way.restore();
      windows.push({ store, from, to: performance.now() });
      await pause(6_000);
    }
    return { windows };
  },
  judge({ outcome: { windows }, load }) {
    const figures = windows.map(({ store, from, to }) => {
      const after = load.between(to, to + 6_000).findLast(isSlow);
      const before = quantileMs(load.between(from - 3_000, from), 0.99);
      return {
        store,
        before,
        p99: quantileMs(load.between(from, to), 0.99),
        recoveredMs: after ? after.doneAt - to : 0,
      };
    });
    return {
      measured: figures
        .map(
          ({ store, before, p99, recoveredMs }) =>
            `${store} p99 ${Math.round(p99)} ms (before ${Math.round(before)}), recovered ${seconds(recoveredMs)}`,
        )
        .join('; '),
      reached: figures.every(({ p99, recoveredMs }) => p99 <= timeoutMs + 50 && recoveredMs <= 2_000),
    };
  },
};
