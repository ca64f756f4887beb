import { pause } from '../pause.mjs';
import { seconds } from '../served-again.mjs';

/** H8: everything is killed and comes back in a random order, again and again. */
export const allKilled = {
  id: 'H8',
  title: 'all killed, restarted in random order × 20',
  minutes: 3,
  figure: 'ready ≤ 30 s',
  async run({ installation, postgres, random, isQuick }) {
    const { gateway, worker, redis } = installation;
    const rounds = [];
    for (let round = 0; round < (isQuick ? 3 : 20); round++) {
      await pause(random.between(1_000, 2_000));
      redis.kill();
      await Promise.all([postgres.kill(), gateway.kill({ stayAway: true }), worker.kill({ stayAway: true })]);
      const startedAt = performance.now();
      const starts = [() => gateway.launch(), () => worker.launch(), () => redis.restart(), () => postgres.restart()];
      const running = [];
      for (const start of random.shuffled(starts)) {
        running.push(start());
        await pause(random.between(0, 400));
      }
      await Promise.all([...running, gateway.ready(120_000), worker.ready(120_000)]);
      rounds.push(performance.now() - startedAt);
    }
    await pause(1_000);
    return { rounds };
  },
  judge({ outcome: { rounds } }) {
    const slowest = Math.max(...rounds);
    return { measured: `${rounds.length} times, ready within ${seconds(slowest)}`, reached: slowest <= 30_000 };
  },
};
