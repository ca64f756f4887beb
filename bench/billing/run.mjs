// `npm run bench:billing`: how long it takes to close the periods of 100,000 subscriptions, each with usage, and to write
// their invoices, what an export of a million of their lines takes, and what going back from a line to
// the million calls behind it does. `-- --subscriptions=10000` takes fewer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { familyCpuUs } from '../gateway/cpu-time.mjs';
import { writeReport } from '../ingest/report.mjs';
import { Stage, machine, option, postmasterPid, say } from '../stage.mjs';

const goalSeconds = 300;
const subscriptions = Number(option('subscriptions') ?? 100_000);
const eventsEach = 6;
const exportedRows = Number(option('rows') ?? 1_000_000);

await Stage.run(async (stage) => {
  const postgres = await stage.startPostgres();
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const { connect } = await import('../ingest/context.mjs');
  const { seedSubscriptions } = await import('./ground.mjs');
  const { fillLedger } = await import('../ingest/fill-ledger.mjs');
  const installation = await prepareInstallation('billing', {
    postgres,
    folder: stage.folder,
  });
  const { superuserUrl } = installation;
  say(`${subscriptions} subscriptions …`);
  await seedSubscriptions(superuserUrl, subscriptions);
  const { context, clock, close } = await connect(installation.settings.DATABASE_URL);
  try {
    await fillLedger({
      context,
      clock,
      superuserUrl,
      callerCount: subscriptions,
      events: subscriptions * eventsEach,
      seconds: 25 * 86_400,
      operations: 3,
      isEven: true,
    });
    // One of them calls so often that the calls behind its line are as many as the lines of the export.
    const often = { gatewayId: 'often', callerCount: 1, events: exportedRows };
    await fillLedger({ context, clock, superuserUrl, seconds: 25 * 86_400, operations: 3, ...often });
    await withClient(superuserUrl, (client) => client.query('VACUUM ANALYZE'));
    const measured = await measureClosing({ context, clock, postgresPid: postmasterPid(stage.postgresFolder) });
    const invoices = await withClient(superuserUrl, (client) => countInvoices(client));
    await withClient(superuserUrl, (client) => copyLines(client, Math.ceil(exportedRows / invoices.lines) - 1));
    say(`exporting ${exportedRows} lines …`);
    const exported = await measureRows(installation.settings, ['invoices', 'export']);
    const longest = await withClient(superuserUrl, findLongestLine);
    say(`explaining a line of ${longest.quantity} units …`);
    const explained = await measureRows(installation.settings, [
      'invoice',
      'explain',
      longest.id,
      '--line',
      '2',
      '--csv',
    ]);
    print({ measured, invoices, exported, explained });
    if (exported.rows < exportedRows) throw new Error(`only ${exported.rows} rows came out of the export`);
    if (invoices.wrong > 0) throw new Error(`${invoices.wrong} invoices do not have the sum of their lines`);
  } finally {
    await close();
  }
});

async function measureClosing({ context, clock, postgresPid }) {
  const { closeDuePeriods } = await import('#services');
  clock.moveTo(new Date());
  const startedAt = performance.now();
  const cpuBefore = { node: process.cpuUsage(), postgres: familyCpuUs([postgresPid]) };
  let closed = 0;
  let peakBytes = 0;
  for (;;) {
    // The rounds of the worker.
    const result = await closeDuePeriods(context, { graceMs: 3_600_000, limit: 200 });
    if (result.held.length > 0) throw new Error(`held: ${result.held[0].reason}`);
    if (result.closed.length === 0) break;
    closed += result.closed.length;
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    if (closed % 10_000 < 200)
      say(`${closed} closed after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s …`);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore.node);
  return {
    closed,
    seconds,
    nodeMs: (user + system) / 1_000 / closed,
    postgresMs: (familyCpuUs([postgresPid]) - cpuBefore.postgres) / 1_000 / closed,
    peakMegabytes: peakBytes / 1e6,
  };
}

/** Gives each invoice its lines so many more times, so that there is much to export. */
async function copyLines(client, times) {
  if (times < 1) return;
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO invoice_line SELECT (jsonb_populate_record(line, jsonb_build_object('id', gen_random_uuid(),
         'position', line.position + 10 * copy))).*
       FROM invoice_line AS line, generate_series(1, $1) AS copy`,
    [times],
  );
  await client.query('RESET session_replication_role');
  await client.query('ANALYZE invoice_line');
}

/** The line that most calls are behind. */
async function findLongestLine(client) {
  const { rows } = await client.query(
    `SELECT invoice_id AS id, trim_scale(quantity)::text AS quantity FROM invoice_line WHERE position = 2
     ORDER BY invoice_line.quantity DESC LIMIT 1`,
  );
  return rows[0];
}

/** Runs a command that finance runs, and throws away what it prints; a header comes before the rows. */
async function measureRows(settings, words) {
  const main = path.join(root, 'dist/run/cli.js');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rows = -1;
  let peakBytes = 0;
  const sampling = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(child.pid))), 20);
  child.stdout.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 10) rows++;
  });
  const [code] = await once(child, 'close');
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return { rows, seconds: (performance.now() - startedAt) / 1_000, peakMegabytes: peakBytes / 1e6 };
}

function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

async function countInvoices(client) {
  const { rows } = await client.query(
    `SELECT count(*)::integer AS invoices, sum(lines.count)::integer AS lines,
       count(*) FILTER (WHERE lines.sum <> subtotal_minor)::integer AS wrong, sum(total_minor)::bigint AS total,
       count(DISTINCT number)::integer AS numbers
     FROM invoice, LATERAL (SELECT count(*), coalesce(sum(amount_minor), 0) AS sum FROM invoice_line WHERE invoice_id = invoice.id) AS lines`,
  );
  return rows[0];
}

function print({ measured, invoices, exported, explained }) {
  const { closed, seconds, nodeMs, postgresMs, peakMegabytes } = measured;
  const full = (seconds / closed) * 100_000;
  writeReport(
    [
      `${closed} periods with ${eventsEach} events each became ${invoices.invoices} invoices with ${invoices.lines} lines.`,
      '',
      '| | measured | goal |',
      '| --- | --: | --: |',
      `| seconds for 100,000 | ${full.toFixed(0)} | ${goalSeconds} |`,
      `| ms a period | ${((seconds / closed) * 1_000).toFixed(2)} | 3.00 |`,
      `| CPU ms a period in the worker | ${nodeMs.toFixed(2)} | |`,
      `| CPU ms a period in Postgres | ${postgresMs.toFixed(2)} | |`,
      `| memory of the worker at most, MB | ${peakMegabytes.toFixed(0)} | |`,
      `| memory of an export of ${exported.rows} rows at most, MB | ${exported.peakMegabytes.toFixed(0)} | constant |`,
      `| rows a second of it | ${(exported.rows / exported.seconds).toFixed(0)} | |`,
      `| memory of explaining ${explained.rows} calls at most, MB | ${explained.peakMegabytes.toFixed(0)} | constant |`,
      `| calls a second of it | ${(explained.rows / explained.seconds).toFixed(0)} | |`,
    ],
    { name: 'billing', machine: machine(), subscriptions, measured, invoices, exported, explained },
    path.join(root, 'bench/results'),
  );
  say(`load average ${os.loadavg()[0].toFixed(1)}`);
}
