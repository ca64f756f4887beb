// `npm run bench:faults`: kills, freezes and cuts off every part under load, and weighs what callers got against what is
// billed. `-- --only=H1,H4 --queues=redis --seeds=1,2` runs some of it, `--quick` a minute and a half of it; `--full` is the default.
// `--jobs=4` runs so many trials at a time, and those after the others whose figure is a short time.
// With `--equation` only what was lost, doubled or invented decides, and no time: on a machine that is busy with other work.
import path from 'node:path';
import { ensureBuilt } from '../../scripts/launcher/build.mjs';
import { root } from '../../scripts/launcher/install.mjs';
import { machine, option, say } from '../stage.mjs';
import { fullPlan, quickPlan } from './plan.mjs';
import { tableHead, tableRow, writeResults } from './report.mjs';
import { TrialPlace } from './trial-place.mjs';
import { TrialPool } from './trial-pool.mjs';

const list = (name) => option(name)?.split(',') ?? null;
const isQuick = process.argv.includes('--quick');
const equationOnly = process.argv.includes('--equation');
const only = list('only');
const seeds = list('seeds')?.map(Number) ?? null;
const name = list('name')?.[0] ?? (isQuick ? 'quick' : (only?.join('-') ?? 'full'));
const jobs = Number(option('jobs') ?? 1);
if (!Number.isInteger(jobs) || jobs < 1) {
  process.stderr.write('--jobs: expected how many trials may run at a time, such as --jobs=4\n');
  process.exit(1);
}

const options = { isQuick, equationOnly };
const place =
  jobs === 1
    ? new TrialPlace(options)
    : new TrialPool(
        jobs,
        process.argv.filter((word) => /^--(quick|equation)$/.test(word)),
      );

let ending = null;
/** However often it is asked for, it happens once. */
function end(code) {
  ending ??= place.end(code === 0).then(() => process.exit(code));
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130));

try {
  await ensureBuilt((step) => say(`${step} …`));
  const rows = await run();
  await end(rows.every(({ reached }) => reached) ? 0 : 1);
} catch (error) {
  // What is under way breaks off when all is stopped.
  if (ending === null) process.stderr.write(`${error.stack}\n`);
  await end(1);
}

async function run() {
  const plan = isQuick && only === null ? quickPlan() : fullPlan({ only, seeds, queues: list('queues') ?? undefined });
  const rows = [];
  const onRow = (row) => {
    rows.push(row);
    process.stdout.write(`${tableRow(row)}\n`);
    writeResults(path.join(root, 'bench/results'), { mode: name, machine: machine(), rows });
  };
  process.stdout.write(`${tableHead()}\n`);
  if (place instanceof TrialPool) await place.run(plan, onRow);
  else {
    await place.prepare();
    for (const trial of plan) onRow(await place.run(trial));
  }
  const { cpu, cores, node } = machine();
  process.stdout.write(`\n${cpu}, ${cores} cores, Node ${node}\n`);
  return rows;
}
