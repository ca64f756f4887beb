import { pause } from '../pause.mjs';

/** H5: Postgres is killed and 5 s away. */
export const postgresKilled = {
  id: 'H5',
  title: 'Postgres killed, 5 s down',
  needsQuiet: true,
  figure: 'known keys ≥ 99.9 % served',
  async run({ installation, postgres, random, isQuick }) {
    const windows = [];
    for (let count = 0; count < (isQuick ? 1 : 3); count++) {
      await pause(random.between(3_000, 6_000));
      const from = performance.now();
      await postgres.kill();
      await pause(5_000);
      await postgres.restart();
      windows.push({ from, to: performance.now() });
      await installation.worker.ready();
    }
    await pause(2_000);
    return { windows };
  },
  judge({ outcome: { windows }, load }) {
    const calls = windows.flatMap(({ from, to }) => load.between(from, to));
    const served = calls.filter(({ outcome }) => outcome === 'delivered').length;
    const share = served / calls.length;
    return { measured: `${served} of ${calls.length} (${(share * 100).toFixed(2)} %)`, reached: share >= 0.999 };
  },
};
