// `npm run bench:freshness`: how long after its answer a call can be read from the ledger, receipt and sums, while the
// gateway has 2,000 calls a second. `-- --seconds=60 --rate=1000` changes that.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { Load } from '../faults/load.mjs';
import { startUpstream } from '../gateway/upstream.mjs';
import { Stage, machine, option, say } from '../stage.mjs';
import { quantiles } from './quantiles.mjs';
import { writeReport } from './report.mjs';

const rate = Number(option('rate') ?? 2_000);
const seconds = Number(option('seconds') ?? 30);
const pickMs = 100;
const pollMs = 25;
const givesUpMs = 60_000;
const goalMs = 5_000;

await Stage.run(async (stage) => {
  const postgres = await stage.startPostgres();
  const cores = `0-${os.availableParallelism() - 1}`;
  const redis = await stage.startRedis('redis', cores);
  const upstreamPort = await startUpstream(stage, cores);
  const { Installation } = await import('../gateway/tollgate/installation.mjs');
  const { connect } = await import('./context.mjs');
  const installation = await Installation.start('freshness', {
    keys: 1_000,
    routes: 10,
    processes: stage.processes,
    postgres,
    folder: stage.folder,
    upstreamOrigin: `http://127.0.0.1:${upstreamPort}`,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    cores: { target: cores, load: cores },
  });
  const { context, close } = await connect(installation.settings.DATABASE_URL);
  try {
    const keys = await readKeys(context, installation.keysFile);
    const load = new Load({ port: installation.gatewayPort, path: '/bench/v1/small', keys, perSecond: rate });
    await load.warmUp();
    await installation.settled();
    say(`${rate} calls a second for ${seconds} s …`);
    const waits = await measure(load, context);
    await installation.settled();
    print(load, quantiles(waits), waits.length);
  } finally {
    await close();
  }
});

/** The keys, under the name of the organization that each belongs to. */
async function readKeys({ unitOfWork }, file) {
  const owners = await unitOfWork.inSystem((transaction) =>
    transaction.query('SELECT id, organization_id AS "organizationId" FROM application'),
  );
  const byApplication = new Map(owners.map(({ id, organizationId }) => [id, organizationId]));
  return fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([secret, applicationId]) => ({ secret, name: byApplication.get(applicationId) }));
}

/** Picks a call ten times a second; resolves to how many milliseconds after its answer each could be read. */
async function measure(load, context) {
  const waits = [];
  load.start();
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    await pause(pickMs);
    const call = load.calls.findLast(({ outcome }) => outcome === 'delivered');
    if (call) waits.push(readable(call, context));
  }
  await load.stop();
  return Promise.all(waits);
}

async function readable({ key, id, doneAt }, context) {
  const { findUsageRequest } = await import('#services');
  while (performance.now() - doneAt < givesUpMs) {
    try {
      await findUsageRequest(context, { organizationId: key, requestId: id });
      return performance.now() - doneAt;
    } catch (error) {
      if (error.code !== 'usage_request_not_found') throw error;
    }
    await pause(pollMs);
  }
  throw new Error(`Call ${id} was not in the ledger after ${givesUpMs} ms.`);
}

function print({ calls }, { p50, p95, max }, picked) {
  const delivered = calls.filter(({ outcome }) => outcome === 'delivered').length;
  const s = (ms) => (ms / 1_000).toFixed(2);
  writeReport(
    [
      '| calls a second | calls | delivered | looked for | readable after: p50 s | p95 s | most s | p95 ≤ 5 s |',
      '| --: | --: | --: | --: | --: | --: | --: | --- |',
      `| ${rate} | ${calls.length} | ${delivered} | ${picked} | ${s(p50)} | ${s(p95)} | ${s(max)} | ${p95 <= goalMs ? 'yes' : 'no'} |`,
    ],
    { name: 'freshness', machine: machine(), rate, seconds, delivered, p50, p95, max },
    path.join(root, 'bench/results'),
  );
}

function pause(forMs) {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
