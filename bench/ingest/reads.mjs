// `npm run bench:reads`: how long what the portal shows takes to read from a ledger of ten million events, and from one that goes
// back 400 days; and how long it takes there to free what a dead gateway had lent. `-- --events=1000000` loads fewer.
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { Stage, machine, option, say } from '../stage.mjs';
import { writeReport } from './report.mjs';

const dayMs = 86_400_000;
/** The period that is read is this old: a month that is nearly over. */
const days = 27;
/** As long as `USAGE_RETENTION_DAYS` may be. */
const daysKept = 400;
const daysMadeTogether = 90;
const repetitions = 40;
const goalMs = 50;
const events = Number(option('events') ?? 1e7);

await Stage.run(async (stage) => {
  const postgres = await stage.startPostgres();
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const { connect } = await import('./context.mjs');
  const { fillLedger } = await import('./fill-ledger.mjs');
  const installation = await prepareInstallation('reads', {
    postgres,
    folder: stage.folder,
  });
  const nowMs = Date.now();
  const startMs = nowMs - days * dayMs;
  await withClient(installation.superuserUrl, (client) => moveSubscriptionsBack(client));
  const { context, clock, close } = await connect(installation.settings.DATABASE_URL);
  try {
    const seconds = days * (dayMs / 1_000) - 60;
    const { superuserUrl } = installation;
    await fillLedger({ context, clock, superuserUrl, callerCount: 1_000, events, startMs, seconds });
    await withClient(installation.superuserUrl, async (client) => {
      await client.query('VACUUM ANALYZE');
      const ground = await describe(client);
      say(JSON.stringify(ground));
      const rows = await readAll(context, { ...ground, startMs, endMs: nowMs });
      await keepDays(client, daysKept);
      const rowsOfLongLedger = await readAll(context, { ...ground, startMs, endMs: nowMs });
      const leases = await endLeases(client, context);
      print({ ground, rows, rowsOfLongLedger, leases });
    });
  } finally {
    await close();
  }
});

/** All began that long ago, so that everything is in one open period. */
async function moveSubscriptionsBack(client) {
  const back = `interval '${days} days 1 hour'`;
  await client.query(`
    SET session_replication_role = replica;
    UPDATE subscription SET created_at = created_at - ${back}, anchor_at = anchor_at - ${back};
    UPDATE subscription_phase SET starts_at = starts_at - ${back};
    UPDATE billing_period SET starts_at = starts_at - ${back}, ends_at = starts_at - ${back} + interval '1 month';
    SET session_replication_role = origin;
    SELECT ensure_usage_event_partitions((now() - interval '${days + 1} days')::date, now()::date)`);
}

/** A ledger that goes back so far, as one that is never archived does in time: each day is a table of its own. */
async function keepDays(client, count) {
  for (let ago = days; ago < count; ago += daysMadeTogether) {
    const first = `now() - interval '${Math.min(count, ago + daysMadeTogether)} days'`;
    await client.query(
      `SELECT ensure_usage_event_partitions((${first})::date, (now() - interval '${ago} days')::date)`,
    );
  }
  await client.query('ANALYZE usage_event');
}

/** The largest caller, and one in the middle of the others. */
async function describe(client) {
  const { rows } = await client.query(
    `SELECT organization_id AS id, subscription_id AS "subscriptionId", sum(event_count)::integer AS events,
       count(*)::integer AS rollups
     FROM usage_rollup GROUP BY 1, 2 ORDER BY 3 DESC`,
  );
  const { rows: totals } = await client.query(
    `SELECT (SELECT count(*)::integer FROM usage_event) AS events, (SELECT count(*)::integer FROM usage_rollup) AS rollups,
       (SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'usage_event'::regclass)
         AS "ledgerBytes", pg_total_relation_size('usage_rollup')::bigint AS "rollupBytes"`,
  );
  return { ...totals[0], largest: rows[0], middle: rows[Math.floor(rows.length / 2)] };
}

async function readAll(context, { largest, middle, startMs, endMs }) {
  const { currentUsage, findUsageRequest, listUsageRequests, usageBreakdown, usageSeries } = await import('#services');
  const { quantiles } = await import('./quantiles.mjs');
  const byGroups = (id, filter) =>
    usageBreakdown(context, { organizationId: id, to: new Date(endMs), groupBy: 'operation', limit: 8, ...filter });
  const reads = {
    'usage of the period by day': ({ id }) =>
      usageSeries(context, { organizationId: id, from: new Date(startMs), to: new Date(endMs), bucket: 'day' }),
    'usage of the period by hour': ({ id }) =>
      usageSeries(context, { organizationId: id, from: new Date(startMs), to: new Date(endMs), bucket: 'hour' }),
    'usage of the last day by quarters': ({ id }) =>
      usageSeries(context, {
        organizationId: id,
        from: new Date(endMs - dayMs),
        to: new Date(endMs),
        bucket: 'quarter',
      }),
    'usage of the period by operation and day': ({ id }) => byGroups(id, { from: new Date(startMs), bucket: 'day' }),
    'usage of the last two days by operation and hour': ({ id }) =>
      byGroups(id, { from: new Date(endMs - 2 * dayMs), bucket: 'hour' }),
    'usage of the period by key and day': ({ id }) =>
      byGroups(id, { from: new Date(startMs), bucket: 'day', groupBy: 'key' }),
    'quota, estimate and lines of the period': ({ id }) => currentUsage(context, { organizationId: id }),
    'newest 50 requests': ({ id }) => listUsageRequests(context, { organizationId: id, limit: 50 }),
    'one look for requests of a status that nobody got': ({ id }) =>
      listUsageRequests(context, { organizationId: id, limit: 50, status: '418' }),
    'one request by its id': ({ id, requestId }) => findUsageRequest(context, { organizationId: id, requestId }),
  };
  const rows = [];
  for (const [title, read] of Object.entries(reads)) {
    const row = { title };
    for (const [size, caller] of Object.entries({ largest, middle })) {
      const page = await listUsageRequests(context, { organizationId: caller.id, limit: 200 });
      const requestId = page.requests.at(-1).requestId;
      const times = [];
      for (let count = -3; count < repetitions; count++) {
        const startedAt = performance.now();
        await read({ ...caller, requestId });
        if (count >= 0) times.push(performance.now() - startedAt);
      }
      row[size] = quantiles(times);
    }
    say(`${title}: ${JSON.stringify(row)}`);
    rows.push(row);
  }
  return rows;
}

/** What a gateway had lent of the quota of each subscription when it died: how long it takes to know what was used of it. */
async function endLeases(client, context) {
  const { PostgresQuotaLeases } = await import('#limits');
  const { rowCount } = await client.query(
    `INSERT INTO quota_lease (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch, granted, created_at)
     SELECT gen_random_uuid(), organization_id, subscription_id, 'requests', period_start, 'bench', 1, 100, now()
     FROM (SELECT DISTINCT organization_id, subscription_id, period_start FROM usage_hour) AS used`,
  );
  const leases = new PostgresQuotaLeases({ ...context, gatewayId: 'bench', epoch: 2 });
  const startedAt = performance.now();
  const ended = await leases.settleEpochs(1);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (ended !== rowCount) throw new Error(`${ended} leases of ${rowCount} were ended`);
  return { ended, seconds };
}

function print({ ground, rows, rowsOfLongLedger, leases }) {
  writeReport(
    [
      `${ground.events} events and ${ground.rollups} rollup rows of 1,000 subscriptions in ${days} days; the largest caller has ` +
        `${ground.largest.events} events in ${ground.largest.rollups} rollup rows, one in the middle ${ground.middle.events} in ${ground.middle.rollups}.`,
      '',
      ...table(`read, of ${days} days`, rows),
      '',
      ...table(`read, of ${daysKept} days`, rowsOfLongLedger),
      '',
      `${leases.ended} leases of a dead gateway were ended in ${leases.seconds.toFixed(1)} s.`,
    ],
    { name: 'reads', machine: machine(), ground, rows, rowsOfLongLedger, leases },
    path.join(root, 'bench/results'),
  );
  say(`load average ${os.loadavg()[0].toFixed(1)}`);
}

function table(title, rows) {
  const ms = (number) => number.toFixed(1);
  return [
    `| ${title} | largest: p50 ms | p95 ms | in the middle: p50 ms | p95 ms | ≤ ${goalMs} ms |`,
    '| --- | --: | --: | --: | --: | --- |',
    ...rows.map(
      ({ title: read, largest, middle }) =>
        `| ${read} | ${ms(largest.p50)} | ${ms(largest.p95)} | ${ms(middle.p50)} | ${ms(middle.p95)} | ${largest.p95 <= goalMs ? 'yes' : 'no'} |`,
    ),
  ];
}
