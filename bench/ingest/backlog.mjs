// `npm run bench:backlog`: what gateway, worker and queue hold while they work off five million events that have waited in
// the gateway's journal, with the queue on Postgres and on Redis. `-- --events=500000` takes fewer, `-- --queue=redis` one
// of them.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { nodeArguments } from '../../scripts/launcher/node-arguments.mjs';
import { MemoryLog } from '../faults/memory-log.mjs';
import { Stage, machine, option, say } from '../stage.mjs';
import { checkLedger } from './check-ledger.mjs';
import { writeReport } from './report.mjs';

const events = Number(option('events') ?? 5e6);
const backEnds = option('queue')?.split(',') ?? ['postgres', 'redis'];
const allCores = `0-${os.availableParallelism() - 1}`;
const sampleMs = 1_000;
/** Caches and pools fill at first. */
const warmUpMs = 20_000;
const maxGrowthPerMinute = 5;

await Stage.run(async (stage) => {
  await stage.startPostgres();
  const redis = await stage.startRedis('redis', allCores);
  const rows = [];
  for (const backEnd of backEnds) rows.push(await workOff(stage, backEnd, redis));
  const megabytes = (number) => number.toFixed(number < 10 ? 1 : 0);
  const growth = (number) => (number === null ? '-' : number.toFixed(1));
  writeReport(
    [
      '| queue | events | events/s | worker: most MB | MB/min | gateway: most MB | MB/min | queue: most MB | jobs, most |',
      '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
      ...rows.map(
        (row) =>
          `| ${row.backEnd} | ${row.events} | ${Math.round(row.eventsPerSecond)} | ${megabytes(row.workerMost)} | ${growth(row.slopes.worker)} ` +
          `| ${megabytes(row.gatewayMost)} | ${growth(row.slopes.gateway)} | ${megabytes(row.queueMost)} | ${row.jobsMost} |`,
      ),
      '',
      ...rows.map((row) => {
        const isFlat = Object.values(row.slopes).every((slope) => slope === null || slope <= maxGrowthPerMinute);
        return `Flat (at most ${maxGrowthPerMinute} MB a minute) with the queue on ${row.backEnd}: ${isFlat ? 'yes' : 'no'}`;
      }),
    ],
    { name: 'backlog', machine: machine(), rows },
    path.join(root, 'bench/results'),
  );
});

async function workOff(stage, backEnd, redis) {
  const { createQueue, SEGMENT_QUEUE } = await import('#queues');
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const name = `backlog-${backEnd}`;
  const installation = await prepareInstallation(name, {
    postgres: stage.postgres,
    folder: stage.folder,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
  });
  const { superuserUrl, adminPort, workerPort } = installation;
  const queueUrl = backEnd === 'redis' ? `redis://127.0.0.1:${redis.port}` : installation.settings.DATABASE_URL;
  const environment = { ...installation.settings, QUEUE_URL: queueUrl };
  say(`${backEnd}: writing ${events} events …`);
  await fillJournal(environment.JOURNAL_DIR, superuserUrl);
  const start = async (app, port) => {
    const main = [...nodeArguments(app), path.join(root, `dist/run/${app}.js`)];
    const child = stage.processes.start(`${name}-${app}`, process.execPath, main, { cpu: allCores, environment });
    await stage.processes.ready(`${name}-${app}`, child, `http://127.0.0.1:${port}/readyz`);
    return child;
  };
  const gateway = await start('gateway', adminPort);
  const worker = await start('worker', workerPort);
  const startedAt = performance.now();
  const log = new MemoryLog({ gateway: gateway.pid, worker: worker.pid });
  const queue = createQueue(SEGMENT_QUEUE, queueUrl);
  const most = { queueMost: 0, jobsMost: 0 };
  for (;;) {
    const done = await withClient(superuserUrl, async (client) => {
      most.queueMost = Math.max(most.queueMost, await queueMegabytes(client, backEnd, redis));
      return Number((await client.query('SELECT coalesce(sum(event_count), 0) AS n FROM segment_manifest')).rows[0].n);
    });
    most.jobsMost = Math.max(most.jobsMost, await queue.countPending());
    if (done >= events) break;
    if (gateway.exitCode !== null || worker.exitCode !== null)
      throw new Error(`a process ended:\n${stage.processes.endOfLog(`${name}-worker`)}`);
    await new Promise((resolve) => setTimeout(resolve, sampleMs));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  log.stop();
  await queue.close();
  for (const child of [gateway, worker]) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  await withClient(superuserUrl, (client) => checkLedger(client, events));
  const { gateway: gatewayMost, worker: workerMost } = log.most();
  say(`${backEnd}: ${Math.round(events / seconds)} events/s`);
  const slopes = log.slopes(warmUpMs);
  return { backEnd, events, eventsPerSecond: events / seconds, gatewayMost, workerMost, slopes, ...most };
}

/** As a gateway leaves it that could ship nothing. */
async function fillJournal(folder, superuserUrl) {
  const { JournalWriter, writeLastEpoch } = await import('#journal');
  const { readCallers, usageEvents } = await import('./events.mjs');
  fs.mkdirSync(folder, { recursive: true });
  await writeLastEpoch(folder, 1);
  const errors = [];
  const gatewayId = 'gateway-1';
  const writer = JournalWriter.open({
    folder,
    gatewayId,
    epoch: 1,
    sync: 'interval',
    onError: (error) => errors.push(error),
  });
  const callers = await readCallers(superuserUrl, 1_000);
  for (const list of usageEvents({ callers, operations: 10, events, listLength: 500, perSecond: 50_000, gatewayId })) {
    await new Promise((resolve, reject) => {
      const last = list.pop();
      const nobody = { onJournalled: () => undefined, onJournalFailed: reject };
      for (const event of list) writer.append(event, nobody);
      writer.append(last, { onJournalled: resolve, onJournalFailed: reject });
    });
  }
  await writer.close();
  if (errors.length > 0) throw errors[0];
}

async function queueMegabytes(client, backEnd, redis) {
  if (backEnd === 'postgres') {
    const { rows } = await client.query(
      `SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class
       WHERE relnamespace = 'bullmq'::regnamespace AND relkind = 'r'`,
    );
    return Number(rows[0].bytes) / 2 ** 20;
  }
  const { createClient } = await import('redis');
  const connection = await createClient({ url: `redis://127.0.0.1:${redis.port}` }).connect();
  try {
    return Number(/used_memory:(\d+)/.exec(await connection.info('memory'))[1]) / 2 ** 20;
  } finally {
    connection.destroy();
  }
}
