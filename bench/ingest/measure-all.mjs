import os from 'node:os';
import path from 'node:path';
import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, createQueue } from '#queues';
import pg from 'pg';
import { root } from '../../scripts/launcher/install.mjs';
import { cpuUs, familyCpuUs, familyOf } from '../gateway/cpu-time.mjs';
import { prepareInstallation } from '../gateway/tollgate/prepare.mjs';
import { machine, postmasterPid, profiling, say } from '../stage.mjs';
import { checkLedger } from './check-ledger.mjs';
import { readCallers, segmentJobs, usageEvents } from './events.mjs';
import { scenarios } from './plan.mjs';
import { report } from './report.mjs';
import { singleInserts } from './single-inserts.mjs';

const allCores = `0-${os.availableParallelism() - 1}`;

/** Measures one scenario after the other, those whose title holds `chosen`, and reports. */
export async function measureAll(stage, { mode, profileFolder, chosen }) {
  await stage.startPostgres();
  const redis = await stage.startRedis('redis', allCores);
  const rows = [];
  for (const scenario of scenarios[mode]) {
    if (chosen && !scenario.title.includes(chosen)) continue;
    say(`${scenario.title} …`);
    rows.push({ ...scenario, ...(await measure(stage, scenario, { redis, profileFolder, index: rows.length })) });
    say(`${Math.round(rows.at(-1).eventsPerSecond)} events/s, ${rows.at(-1).cpuUs.toFixed(1)} µs an event`);
  }
  report({ mode, machine: machine(), rows }, path.join(root, 'bench/results'));
}

async function measure(stage, scenario, { redis, profileFolder, index }) {
  const { processes, postgres, folder } = stage;
  const { events, segmentSize, backEnd, keys, isEven = false } = scenario;
  const installation = await prepareInstallation(`ingest-${index}`, {
    keys,
    postgres,
    folder,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
  });
  const { settings, superuserUrl } = installation;
  const queueUrl = backEnd === 'redis' ? `redis://127.0.0.1:${redis.port}/${index + 1}` : settings.DATABASE_URL;
  const callers = await readCallers(superuserUrl, keys);
  const jobs = { callers, operations: 10, events, segmentSize, perSecond: 10_000, isEven, gatewayId: 'bench' };
  const database = new pg.Client({ connectionString: superuserUrl });
  await database.connect();
  const postmaster = postmasterPid(stage.postgresFolder);
  const storePids = () => [postmaster, redis.pid];
  try {
    await database.query(`SELECT ensure_usage_event_partitions((now() - interval '1 day')::date, now()::date)`);
    if (scenario.kind === 'single_inserts') {
      const [list] = usageEvents({ ...jobs, listLength: events });
      const before = readCpu([process.pid], storePids());
      const { seconds } = await singleInserts(settings.DATABASE_URL, list);
      return costOf(before, readCpu([process.pid], storePids()), events, seconds);
    }
    const queue = createQueue(SEGMENT_QUEUE, queueUrl);
    for await (const job of segmentJobs(jobs)) await queue.add(SEGMENT_JOB_NAME, job);
    await queue.close();
    await database.query('CHECKPOINT');
    const environment = { ...settings, QUEUE_URL: queueUrl, ...(profileFolder && profiling(profileFolder)) };
    const startOne = path.join(root, 'scripts/start-one.mjs');
    const worker = processes.start(`worker-${index}`, process.execPath, [startOne, 'worker'], {
      cpu: allCores,
      environment,
    });
    const result = await drained(database, events, worker, {
      storePids: storePids(),
      endOfLog: () => processes.endOfLog(`worker-${index}`),
    });
    worker.kill('SIGTERM');
    await new Promise((resolve) => worker.once('exit', resolve));
    await checkLedger(database, events);
    return result;
  } finally {
    await database.end();
  }
}

/** CPU time so far of processes and of their stores. */
function readCpu(ownPids, storePids) {
  return { ownUs: ownPids.reduce((sum, pid) => sum + cpuUs(pid), 0), storeUs: familyCpuUs(storePids) };
}

function costOf(before, after, events, seconds) {
  const ownUs = (after.ownUs - before.ownUs) / events;
  const storeUs = (after.storeUs - before.storeUs) / events;
  return { eventsPerSecond: events / seconds, ownUs, storeUs, cpuUs: ownUs + storeUs };
}

/** Time and cost count between these parts of all events: what is under way at a time is about the same at both. */
const COUNTED_FROM = 0.2;
const COUNTED_TO = 0.8;

/** Waits until the ledger has them all, and returns what those in the middle took; throws when they came at once. */
async function drained(database, events, worker, { storePids, endOfLog }) {
  const read = async () => {
    const { rows } = await database.query(
      'SELECT coalesce(sum(event_count), 0)::integer AS count FROM segment_manifest',
    );
    return { count: rows[0].count, at: performance.now(), cpu: readCpu(familyOf(worker.pid), storePids) };
  };
  let first = null;
  let last = null;
  for (;;) {
    const now = await read();
    if (now.count >= events * COUNTED_FROM) first ??= now;
    if (now.count >= events * COUNTED_TO) last ??= now;
    if (now.count >= events) {
      if (last.count === first.count) throw new Error('too few events to tell how long they took');
      return costOf(first.cpu, last.cpu, last.count - first.count, (last.at - first.at) / 1_000);
    }
    if (worker.exitCode !== null) throw new Error(`the worker ended:\n${endOfLog()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
