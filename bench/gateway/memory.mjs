// `npm run bench:memory`: what the gateway, the worker and Redis hold in memory while 64 connections call without a pause for
// an hour. `-- --minutes=10` changes that. Exit 1 when one grows, or when the ledger has not every call.
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { MemoryLog } from '../faults/memory-log.mjs';
import { writeReport } from '../ingest/report.mjs';
import { Stage, machine, option, say } from '../stage.mjs';
import { familyOf } from './cpu-time.mjs';
import { load } from './load/wrk.mjs';
import { warmUp } from './measure.mjs';
import { growth, requests } from './plan.mjs';
import { startUpstream } from './upstream.mjs';

const minutes = Number(option('minutes') ?? 60);
const parts = 6;
/** Compilers and heaps that grow to the size of their work are done by then. */
const warmUpShare = 1 / 6;
/** Far below what an operator would notice in a week, and above what a heap swings. */
const maxGrowthPerMinute = 0.25;
const scenario = requests.small;

await Stage.run(async (stage) => {
  const { Installation } = await import('./tollgate/installation.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const postgres = await stage.startPostgres();
  const everyCore = `0-${os.availableParallelism() - 1}`;
  const redis = await stage.startRedis('redis', everyCore);
  const upstreamPort = await startUpstream(stage, everyCore);
  say('seeding …');
  const installation = await Installation.start('memory', {
    ...growth[0],
    processes: stage.processes,
    postgres,
    folder: stage.folder,
    upstreamOrigin: `http://127.0.0.1:${upstreamPort}`,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    cores: { target: everyCore, load: everyCore },
  });
  const { keysFile, origin } = installation;
  const target = { name: 'Tollgate', origin };
  await warmUp(target, { keysFile, seconds: 5, scenario, cores: { load: everyCore } });
  await installation.settled();
  const count = () => withClient(postgres.url('memory'), countOfEvents);
  const before = await count();

  say(`${minutes} minutes …`);
  // Each was started by a process that waits for it.
  const [gateway, worker] = [installation.gateway, installation.worker].map(({ pid }) => familyOf(pid).at(-1));
  const log = new MemoryLog({ gateway, worker, redis: redis.pid });
  const {
    requests: answered,
    refused,
    broken,
  } = await load({
    origin,
    cpu: everyCore,
    keysFile,
    seconds: minutes * 60,
    scenario,
  });
  log.stop();
  await installation.settled(600_000);
  const recorded = (await count()) - before;
  report({ log, answered, refused, broken, recorded, loadAverage: os.loadavg()[2] });
});

async function countOfEvents(client) {
  const { rows } = await client.query('SELECT count(*)::int AS events FROM usage_event');
  return rows[0].events;
}

function report({ log, answered, refused, broken, recorded, loadAverage }) {
  const slopes = log.slopes(minutes * 60_000 * warmUpShare);
  const most = log.mostByPart(parts);
  const isFlat = Object.values(slopes).every((slope) => slope !== null && slope <= maxGrowthPerMinute);
  const isWhole = recorded >= answered;
  const columns = most.map((_, part) => `${Math.round((minutes / parts) * (part + 1))} min`);
  writeReport(
    [
      `| most MB until | ${columns.join(' | ')} | MB/min |`,
      `| --- |${' --: |'.repeat(parts + 1)}`,
      ...Object.entries(slopes).map(
        ([name, slope]) =>
          `| ${name} | ${most.map((part) => part[name].toFixed(0)).join(' | ')} | ${slope?.toFixed(2) ?? 'not measured'} |`,
      ),
      '',
      `${answered} calls answered, ${refused} refused, ${broken} broken; ${recorded} in the ledger: ${isWhole ? 'every one' : 'NOT ALL'}.`,
      `Load average over 15 minutes: ${loadAverage.toFixed(1)}. Flat (at most ${maxGrowthPerMinute} MB a minute): ${isFlat ? 'yes' : 'no'}`,
    ],
    { name: 'memory', machine: machine(), minutes, slopes, most, answered, recorded, loadAverage },
    path.join(root, 'bench/results'),
  );
  if (!isFlat || !isWhole || refused + broken > 0) throw new Error('A figure was not reached.');
}
