import { pause } from '../pause.mjs';
import { seconds, servedAgainMs } from '../served-again.mjs';

/** H1: the gateway is killed every 5 to 8 s. */
export const gatewayKilled = {
  id: 'H1',
  title: 'gateway killed every 5–8 s',
  needsQuiet: true,
  figure: 'failed ≤ in flight, serves again ≤ 2 s',
  async run({ installation, random, isQuick }) {
    const until = performance.now() + (isQuick ? 20_000 : 60_000);
    const kills = [];
    while (performance.now() < until) {
      await pause(random.between(5_000, 8_000));
      const at = performance.now();
      await installation.gateway.kill();
      kills.push({ at, goneAt: performance.now() });
      await installation.gateway.ready();
    }
    await pause(1_000);
    return { kills };
  },
  judge({ outcome: { kills }, calls, failed }) {
    // What was sent until the process was gone was in flight as well.
    const inFlight = calls.filter(
      ({ dueAt, doneAt, outcome }) =>
        outcome === 'broken' && kills.some(({ at, goneAt }) => dueAt <= goneAt && doneAt >= at && dueAt > at - 1_000),
    ).length;
    const slowest = Math.max(...kills.map(({ at }) => servedAgainMs(calls, at)));
    return {
      measured: `${kills.length} kills, ${failed} failed of ${inFlight} in flight, again ${seconds(slowest)}`,
      reached: failed <= inFlight && slowest <= 2_000,
    };
  },
};
