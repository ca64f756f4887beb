import { withClient } from '../../../scripts/launcher/database.mjs';
import { pause } from '../pause.mjs';

const frozenMs = 35_000;

/** H7: a worker is frozen in the middle of its work for longer than its locks last, and goes on when another has done it. */
export const workerFrozen = {
  id: 'H7',
  title: 'worker frozen 35 s, then continued',
  figure: 'double 0',
  async run({ installation, random }) {
    await pause(random.between(1_000, 3_000));
    const isCaught = await freezeInTransaction(installation);
    const other = await installation.addWorker();
    other.launch();
    await pause(frozenMs);
    installation.worker.thaw();
    await pause(5_000);
    return { isCaught };
  },
  judge({ outcome: { isCaught }, weighed }) {
    return { measured: isCaught ? 'frozen in a transaction' : 'frozen between jobs', reached: weighed.double === 0 };
  },
};

/** Tries for a while to stop it where that hurts most: with a transaction open. */
async function freezeInTransaction({ worker, superuserUrl }) {
  return withClient(superuserUrl, async (client) => {
    for (let tries = 0; tries < 500; tries++) {
      worker.freeze();
      await pause(10);
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'tollgate-worker' AND state = 'idle in transaction'
           AND datname = current_database() AND query ILIKE '%usage_%'`,
      );
      if (rowCount > 0) return true;
      worker.thaw();
      await pause(15);
    }
    worker.freeze();
    return false;
  });
}
