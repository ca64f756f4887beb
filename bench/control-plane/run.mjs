// `npm run bench:control-plane`: how long the control plane takes to answer what the pages of the portal ask, over HTTP, with
// 10,000 organizations that have usage and invoices. `-- --organizations=1000` makes fewer.
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';
import { freePort } from '../../scripts/launcher/ports.mjs';
import { writeReport } from '../ingest/report.mjs';
import { Stage, machine, option, say } from '../stage.mjs';

const goalMs = 10;
const repetitions = 200;
const warmUp = 20;
const dayMs = 86_400_000;
const organizations = Number(option('organizations') ?? 10_000);
const eventsEach = { closed: 20, open: 20 };

await Stage.run(async (stage) => {
  const postgres = await stage.startPostgres();
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const { connect } = await import('../ingest/context.mjs');
  const { fillLedger } = await import('../ingest/fill-ledger.mjs');
  const { seedSubscriptions } = await import('../billing/ground.mjs');
  const { signIn } = await import('./staff.mjs');
  const installation = await prepareInstallation('control-plane', {
    postgres,
    folder: stage.folder,
  });
  const { superuserUrl } = installation;
  say(`${organizations} organizations …`);
  await seedSubscriptions(superuserUrl, organizations);
  const { context, clock, close } = await connect(installation.settings.DATABASE_URL);
  try {
    const usage = { context, clock, superuserUrl, callerCount: organizations, operations: 3, isEven: true };
    await fillLedger({ ...usage, events: organizations * eventsEach.closed, seconds: 25 * 86_400 });
    await closeAll(context, clock);
    // Two days of the period that has begun since.
    const startMs = Date.now() - 2 * dayMs + 60_000;
    const open = { gatewayId: 'open', startMs, seconds: 2 * 86_400 - 120 };
    await fillLedger({ ...usage, ...open, events: organizations * eventsEach.open });
    await withClient(superuserUrl, (client) => client.query('VACUUM ANALYZE'));
  } finally {
    await close();
  }
  const url = await startControlPlane(stage, installation.settings);
  const organization = await withClient(superuserUrl, oneInTheMiddle);
  const member = `INSERT INTO membership VALUES ('${organization.id}', $1, 'owner', now())`;
  const staff = (role) => `INSERT INTO staff_role VALUES ($1, '${role}', now())`;
  const publisher = 'INSERT INTO publisher_team_member SELECT id, $1, now() FROM publisher_team';
  const cookies = {
    developer: await signIn({ name: 'developer', url, superuserUrl, rights: [member] }),
    finance: await signIn({ name: 'finance', url, superuserUrl, rights: [staff('finance')] }),
    operator: await signIn({ name: 'operator', url, superuserUrl, rights: [staff('operator')] }),
    publisher: await signIn({ name: 'publisher', url, superuserUrl, rights: [publisher] }),
  };
  const rows = await readAll({ url, cookies, organization });
  print(rows);
});

async function closeAll(context, clock) {
  const { closeDuePeriods } = await import('#services');
  clock.moveTo(new Date());
  for (let closed = -1; closed !== 0;) {
    const result = await closeDuePeriods(context, { graceMs: 3_600_000, limit: 200 });
    if (result.held.length > 0) throw new Error(`held: ${result.held[0].reason}`);
    closed = result.closed.length;
  }
}

/** As `npm run start:api` does it. */
async function startControlPlane(stage, settings) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const secret = 'of the benchmark, and of nobody else';
  const environment = {
    ...settings,
    PORTAL_URL: url,
    API_PORT: String(port),
    API_RATE_LIMIT: '1000000',
    AUTH_SECRET: secret,
  };
  const child = stage.processes.start('api', process.execPath, [path.join(root, 'scripts/start-one.mjs'), 'api'], {
    cpu: `0-${os.cpus().length - 1}`,
    environment,
  });
  await stage.processes.ready('api', child, `${url}/readyz`);
  return url;
}

async function oneInTheMiddle(client) {
  const { rows } = await client.query(
    `SELECT organization_id AS id, subscription.id AS "subscriptionId", application_id AS "applicationId",
       (SELECT id FROM invoice WHERE subscription_id = subscription.id LIMIT 1) AS "invoiceId"
     FROM subscription ORDER BY subscription.id OFFSET (SELECT count(*) / 2 FROM subscription) LIMIT 1`,
  );
  return rows[0];
}

async function readAll({ url, cookies, organization }) {
  const { quantiles } = await import('../ingest/quantiles.mjs');
  const to = new Date();
  const span = `from=${new Date(to - 28 * dayMs).toISOString()}&to=${to.toISOString()}`;
  const own = `/api/v1/organizations/${organization.id}`;
  const lists = `${own}/applications/${organization.applicationId}`;
  const reads = [
    ['developer', 'session', '/api/v1/session'],
    ['developer', 'catalogue', '/api/v1/catalog/products'],
    ['developer', 'product and plans', '/api/v1/catalog/products/bench'],
    ['developer', 'applications', `${own}/applications`],
    ['developer', 'keys of an application', `${lists}/credentials`],
    ['developer', 'subscriptions', `${own}/subscriptions`],
    ['developer', 'quotas and estimate of the period', `${own}/usage/current`],
    ['developer', 'usage of four weeks by day', `${own}/usage/series?${span}&bucket=day`],
    ['developer', 'newest requests', `${own}/usage/requests`],
    ['developer', 'invoices', `${own}/invoices`],
    ['developer', 'an invoice', `${own}/invoices/${organization.invoiceId}`],
    ['developer', 'balance', `${own}/balance`],
    ['developer', 'credits', `${own}/credits`],
    ['finance', 'invoices', '/api/v1/finance/invoices'],
    ['finance', 'an invoice', `/api/v1/finance/invoices/${organization.invoiceId}`],
    ['finance', 'a line and its calls', `/api/v1/finance/invoices/${organization.invoiceId}/lines/2/requests`],
    ['finance', 'board of periods', '/api/v1/finance/periods/board'],
    ['finance', 'periods of a column', '/api/v1/finance/periods?state=open'],
    ['operator', 'gateways', '/api/v1/operator/gateways'],
    ['operator', 'audit log', '/api/v1/operator/audit-log'],
    ['publisher', 'products', '/api/v1/publisher/products'],
    ['publisher', 'subscriptions', '/api/v1/publisher/subscriptions'],
    ['publisher', 'plan versions', '/api/v1/publisher/plan-versions'],
  ];
  const rows = [];
  for (const [who, title, address] of reads) {
    const times = [];
    let bytes = 0;
    for (let count = -warmUp; count < repetitions; count++) {
      const startedAt = performance.now();
      const answer = await fetch(`${url}${address}`, { headers: { cookie: cookies[who] } });
      bytes = (await answer.arrayBuffer()).byteLength;
      if (count >= 0) times.push(performance.now() - startedAt);
      if (!answer.ok) throw new Error(`${address} answered ${answer.status} to ${who}`);
    }
    rows.push({ who, title, bytes, ...quantiles(times) });
    say(JSON.stringify(rows.at(-1)));
  }
  return rows;
}

function print(rows) {
  const ms = (number) => number.toFixed(1);
  writeReport(
    [
      `${organizations} organizations, each with ${eventsEach.closed + eventsEach.open} calls and an invoice; ${repetitions} reads of each, one after the other.`,
      '',
      `| who | what | bytes | p50 ms | p95 ms | p50 ≤ ${goalMs} ms |`,
      '| --- | --- | --: | --: | --: | --- |',
      ...rows.map(
        ({ who, title, bytes, p50, p95 }) =>
          `| ${who} | ${title} | ${bytes} | ${ms(p50)} | ${ms(p95)} | ${p50 <= goalMs ? 'yes' : 'no'} |`,
      ),
    ],
    { name: 'control-plane', machine: machine(), organizations, rows },
    path.join(root, 'bench/results'),
  );
  say(`load average ${os.loadavg()[0].toFixed(1)}`);
}
