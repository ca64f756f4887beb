// `npm run bench:faults`: kills, freezes and cuts off every part under load, and weighs what callers got against what is
// billed. `-- --only=H1,H4 --queues=redis --seeds=1,2` runs some of it, `--quick` a minute and a half of it; `--full` is the default.
// With `--equation` only what was lost, doubled or invented decides, and no time: on a machine that is busy with other work.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../../scripts/launcher/build.mjs';
import { root } from '../../scripts/launcher/install.mjs';
import { Processes } from '../gateway/processes.mjs';
import { machine, option, say } from '../stage.mjs';
import { fullPlan, quickPlan } from './plan.mjs';
import { PostgresServer } from './postgres-server.mjs';
import { seeded } from './random.mjs';
import { tableHead, tableRow, writeResults } from './report.mjs';
import { startUpstream } from './upstream.mjs';

const list = (name) => option(name)?.split(',') ?? null;
const isQuick = process.argv.includes('--quick');
const equationOnly = process.argv.includes('--equation');
const only = list('only');
const seeds = list('seeds')?.map(Number) ?? null;
const name = list('name')?.[0] ?? (isQuick ? 'quick' : (only?.join('-') ?? 'full'));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-faults-'));
fs.chmodSync(folder, 0o755);
const processes = new Processes(path.join(folder, 'logs'));
processes.allCores = `0-${os.cpus().length - 1}`;
const running = { installation: null, postgres: null, upstream: null };

let ending = null;
function end(code) {
  ending ??= (async () => {
    for (const kept of running.installation?.kept ?? []) kept.kill({ stayAway: true }).catch(() => undefined);
    await processes.stop();
    running.upstream?.stop();
    await running.postgres?.stop();
    if (code === 0) fs.rmSync(folder, { recursive: true, force: true });
    else say(`logs: ${processes.logFolder}`);
    process.exit(code);
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130));

try {
  await ensureBuilt((step) => say(`${step} …`));
  const rows = await run();
  await end(rows.every(({ reached }) => reached) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  await end(1);
}

async function run() {
  const { Ground } = await import('./ground.mjs');
  const { runTrial } = await import('./trial.mjs');
  const postgres = (running.postgres = await PostgresServer.start(path.join(folder, 'postgres/data')));
  const upstream = (running.upstream = await startUpstream(seeded(1)));
  const ground = await Ground.prepare(postgres, folder, upstream.origin);
  const plan = isQuick && only === null ? quickPlan() : fullPlan({ only, seeds, queues: list('queues') ?? undefined });
  const rows = [];
  process.stdout.write(`${tableHead()}\n`);
  for (const [index, trial] of plan.entries()) {
    say(`${trial.fault.id} ${trial.fault.title}, ${trial.queue} queue, seed ${trial.seed} …`);
    const stage = {
      ground,
      processes,
      folder,
      upstream,
      postgres,
      isQuick,
      equationOnly,
      onStart: (installation) => (running.installation = installation),
      current: () => running.installation,
    };
    let row = await runTrial(trial, { name: `run_${index}`, ...stage });
    // Busy machines take ports and let starts time out: that says nothing about the fault, and is told.
    if (equationOnly && row.error) {
      say(`${row.error}\nonce more …`);
      row = await runTrial(trial, { name: `again_${index}`, ...stage });
    }
    rows.push(row);
    process.stdout.write(`${tableRow(row)}\n`);
    writeResults(path.join(root, 'bench/results'), { mode: name, machine: machine(), rows });
  }
  const { cpu, cores, node } = machine();
  process.stdout.write(`\n${cpu}, ${cores} cores, Node ${node}\n`);
  return rows;
}
