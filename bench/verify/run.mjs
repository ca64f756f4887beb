// `npm run bench:verify`: how long `tollgate verify` takes for a month of ten million events, whose periods are closed and
// invoiced, and whether it finds one that is missing. `-- --events=1000000` makes fewer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { cpuUs, familyCpuUs, familyOf } from '../gateway/cpu-time.mjs';
import { writeReport } from '../ingest/report.mjs';
import { Stage, machine, option, say } from '../stage.mjs';

const events = Number(option('events') ?? 1e7);
const goalSeconds = 600;
const goalEvents = 1e8;
const gatewayId = 'bench';
/** What a gateway ships in about three seconds of such a month: it closes a segment each second, the busy ones are larger. */
const segmentSize = 100;
const callerCount = 200;
const operations = 3;
const dayMs = 86_400_000;
/** Whole hours: the worker brings the first one in. */
const spansADay = 8;

const now = new Date();
const monthStartMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1);
const days = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth()) - monthStartMs) / dayMs;
const month = new Date(monthStartMs).toISOString().slice(0, 7);

await Stage.run(async (stage) => {
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const { connect } = await import('../ingest/context.mjs');
  const { fillLedger } = await import('../ingest/fill-ledger.mjs');
  const { allowFastWrites, endFastWrites } = await import('./fast-writes.mjs');
  const { copySpans } = await import('./copy-spans.mjs');
  const { closePeriodsUnproven } = await import('./close-periods.mjs');
  const postgres = await stage.startPostgres();
  await withClient(postgres.url(), allowFastWrites);
  await stage.restartPostgres();
  const { settings, superuserUrl } = await prepareInstallation('verify', { postgres, folder: stage.folder });
  await withClient(superuserUrl, moveSubscriptionsBack);
  const { context, clock, close } = await connect(settings.DATABASE_URL);
  try {
    const eventsASpan = Math.ceil(events / (days * spansADay) / segmentSize) * segmentSize;
    const shape = { callerCount, operations, gatewayId, segmentSize, events: eventsASpan };
    await withClient(superuserUrl, dropPageIndexes);
    await fillLedger({
      context,
      clock,
      superuserUrl,
      startMs: monthStartMs,
      seconds: dayMs / spansADay / 1_000,
      ...shape,
    });
    await copySpans({ superuserUrl, monthStartMs, days, spansADay, gatewayId });
    clock.moveTo(new Date());
    say(`${await closePeriodsUnproven(context)} periods closed …`);
  } finally {
    await close();
  }
  const ground = await withClient(superuserUrl, async (client) => {
    await endFastWrites(client);
    await client.query('VACUUM ANALYZE');
    return describeLedger(client);
  });
  say(JSON.stringify(ground));
  const postgresPid = postmasterPid(stage.postgresFolder);
  const whole = await runVerify(settings, postgresPid);
  const loadAverage = os.loadavg()[0];
  say(JSON.stringify({ ...whole, loadAverage }));
  if (whole.code !== 0) throw new Error('the ledger that was made is not consistent');
  const gone = await withClient(superuserUrl, (client) => removeAnEvent(client));
  const broken = await runVerify(settings, postgresPid);
  say(JSON.stringify(broken));
  const named = broken.report.checks.filter(({ ok }) => !ok).map(({ difference }) => difference.row);
  if (broken.code !== 1 || named[0] !== `usage_event ${gone}/0`)
    throw new Error(`event ${gone} was removed, and verify ended with ${broken.code}, naming ${named.join(' and ')}`);
  print({ ground, whole, loadAverage, named });
});

/** All began with the month, so that everything is in one period, which is over. */
function moveSubscriptionsBack(client) {
  const [start, end] = [0, days].map((day) => `'${new Date(monthStartMs + day * dayMs).toISOString()}'::timestamptz`);
  return client.query(`
    SET session_replication_role = replica;
    UPDATE subscription SET created_at = ${start}, anchor_at = ${start};
    UPDATE subscription_phase SET starts_at = ${start};
    UPDATE billing_period SET starts_at = ${start}, ends_at = ${end};
    SET session_replication_role = origin`);
}

/** Those of events that only pages read: of a hundred million events they would take 28 GB. */
function dropPageIndexes(client) {
  return client.query(
    'DROP INDEX usage_event_organization_idx, usage_event_credential_idx, usage_event_subscription_idx',
  );
}

async function describeLedger(client) {
  const { rows } = await client.query(
    `SELECT (SELECT sum(event_count)::bigint FROM segment_manifest) AS events, (SELECT count(*) FROM segment_manifest) AS segments,
       (SELECT count(*) FROM usage_rollup) AS rollups, (SELECT count(*) FROM usage_hour) AS hours,
       (SELECT count(*) FROM invoice_line) AS lines, pg_database_size(current_database()) AS bytes,
       (SELECT sum(pg_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'usage_event'::regclass) AS "eventBytes",
       (SELECT sum(pg_indexes_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'usage_event'::regclass) AS "eventIndexBytes"`,
  );
  return Object.fromEntries(Object.entries(rows[0]).map(([name, value]) => [name, Number(value)]));
}

/** One in the middle of the month, as no part of Tollgate could. Returns its id. */
async function removeAnEvent(client) {
  await client.query('SET session_replication_role = replica');
  const { rows } = await client.query(
    `DELETE FROM usage_event WHERE (id, seq) IN (SELECT id, seq FROM usage_event WHERE id >= lowest_uuid_v7($1) ORDER BY id LIMIT 1)
     RETURNING id`,
    [new Date(monthStartMs + (days * dayMs) / 2)],
  );
  return rows[0].id;
}

/** The command as an operator runs it, without a payment provider, which there is none of here. */
async function runVerify(settings, postgresPid) {
  const words = [path.join(root, 'dist/run/cli.js'), 'verify', '--period', month, '--no-provider', '--json'];
  const startedAt = performance.now();
  const postgresUs = familyCpuUs([postgresPid]);
  const child = spawn(process.execPath, words, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [peakBytes, postgresPeakBytes, nodeUs] = [0, 0, 0];
  const sample = () => {
    peakBytes = Math.max(peakBytes, statusBytes(child.pid, 'VmHWM'));
    const ofPostgres = familyOf(postgresPid).reduce((sum, pid) => sum + statusBytes(pid, 'RssAnon'), 0);
    postgresPeakBytes = Math.max(postgresPeakBytes, ofPostgres);
    nodeUs = Math.max(nodeUs, cpuUs(child.pid));
  };
  const sampling = setInterval(sample, 200);
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  clearInterval(sampling);
  const text = Buffer.concat(chunks).toString();
  if (code > 1) throw new Error(`tollgate verify ended with ${code}: ${text}`);
  return {
    code,
    seconds: (performance.now() - startedAt) / 1_000,
    nodeSeconds: nodeUs / 1e6,
    postgresSeconds: (familyCpuUs([postgresPid]) - postgresUs) / 1e6,
    peakMegabytes: peakBytes / 1e6,
    postgresPeakMegabytes: postgresPeakBytes / 1e6,
    report: JSON.parse(text),
  };
}

function statusBytes(pid, name) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

function print({ ground, whole, loadAverage, named }) {
  const { seconds, nodeSeconds, postgresSeconds, peakMegabytes, postgresPeakMegabytes } = whole;
  const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
  const microseconds = ((nodeSeconds + postgresSeconds) / ground.events) * 1e6;
  writeReport(
    [
      `${ground.events} events in ${ground.segments} segments, ${ground.rollups} rollups, ${ground.hours} hours, ${ground.lines} ` +
        `invoice lines; ${gigabytes(ground.bytes)} GB, of which ${gigabytes(ground.eventBytes)} are events and ${gigabytes(ground.eventIndexBytes)} their indexes.`,
      '',
      '| | measured | goal |',
      '| --- | --: | --: |',
      `| seconds | ${seconds.toFixed(0)} | |`,
      `| seconds for 100,000,000 events at this pace | ${((seconds / ground.events) * goalEvents).toFixed(0)} | ${goalSeconds} |`,
      `| CPU seconds: tollgate | ${nodeSeconds.toFixed(1)} | |`,
      `| CPU seconds: Postgres | ${postgresSeconds.toFixed(1)} | |`,
      `| CPU µs an event | ${microseconds.toFixed(1)} | |`,
      `| memory of tollgate at most, MB | ${peakMegabytes.toFixed(0)} | constant |`,
      `| memory of Postgres at most without its shared buffers, MB | ${postgresPeakMegabytes.toFixed(0)} | constant |`,
      '',
      `With one event removed it ended with 1 and named ${named.join(' and ')}.`,
    ],
    { name: 'verify', machine: machine(), loadAverage, ground, whole, named },
    path.join(root, 'bench/results'),
  );
  say(`load average ${loadAverage.toFixed(1)}`);
}

function postmasterPid(folder) {
  return Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}
