// A place for trials in a process of its own: it is told a trial, and answers its row; see `trial-pool.mjs`.
import { faults } from './plan.mjs';
import { TrialPlace } from './trial-place.mjs';

const place = new TrialPlace({
  isQuick: process.argv.includes('--quick'),
  equationOnly: process.argv.includes('--equation'),
});
let isWell = true;

async function end(code) {
  await place.end(isWell && code === 0);
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130));
process.on('disconnect', () => void end(0));

try {
  await place.prepare();
  process.on('message', async ({ id, queue, seed }) => {
    const row = await place.run({ fault: faults.find((fault) => fault.id === id), queue, seed });
    isWell &&= row.reached;
    if (process.connected) process.send(row);
  });
  process.send('ready');
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  await end(1);
}
