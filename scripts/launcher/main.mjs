// `npm start`: everything that Tollgate needs, in one terminal, until Ctrl-C.
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { prepareDatabase } from './database.mjs';
import { seedDemo } from './demo.mjs';
import { awaitSnapshot } from './gateway-snapshot.mjs';
import { claim, homeFolder, loadSecrets, runFile, writePrivately } from './home.mjs';
import { root } from './install.mjs';
import { awaitLeftovers } from './leftovers.mjs';
import { panel } from './panel.mjs';
import { choosePorts, settingsFor } from './plan.mjs';
import { guardPostgres, startPostgres } from './postgres.mjs';
import { Supervisor } from './supervisor.mjs';

const json = process.argv.includes('--json');
const startedAt = performance.now();
const report = (step) => process.stderr.write(`  ${step} …\n`);

let supervisor = null;
let postgres = null;
let endGuard = null;
let releaseHome = () => {};
let ending = null;

function end(code) {
  ending ??= (async () => {
    if (supervisor) {
      process.stderr.write('\nStopping …\n');
      // The gateway drains and ships first, so the worker is still there to take its last segment.
      await supervisor.stop([['gateway'], ['worker', 'api'], ['stripe-sandbox', 'demo-api', 'mail-inbox']]);
    }
    endGuard?.();
    postgres?.stop();
    releaseHome();
    process.exit(code);
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0));
process.once('disconnect', () => void end(0));

try {
  const home = homeFolder();
  fs.mkdirSync(home, { recursive: true, mode: 0o755 });
  releaseHome = claim(home);
  const dataFolder = path.join(home, 'postgres/data');
  await awaitLeftovers({ home, dataFolder, report });
  await ensureBuilt(report);
  const secrets = loadSecrets(home);
  const ports = await choosePorts(process.env);
  const database = process.env.DATABASE_URL
    ? { appUrl: process.env.DATABASE_URL, ownerUrl: process.env.DATABASE_OWNER_URL || process.env.DATABASE_URL }
    : await startPrivateDatabase(dataFolder, secrets);
  const settings = settingsFor({ environment: process.env, ports, secrets, home, database });
  await migrate(settings);
  const firstStart = !fs.existsSync(path.join(home, 'demo.json'));
  await startProcesses({ home, ports, settings });
  const demo = await seedDemo({ home, settings, demoApiUrl: `http://127.0.0.1:${ports.DEMO_API_PORT}`, report });
  // What is printed works from the first call on.
  const readyUrl = `http://127.0.0.1:${ports.GATEWAY_ADMIN_PORT}/readyz`;
  await awaitSnapshot({ databaseUrl: settings.DATABASE_OWNER_URL, readyUrl });
  if (!ending)
    process.stdout.write(
      panel({
        settings,
        demo,
        json,
        firstStart,
        seconds: (performance.now() - startedAt) / 1000,
        logFolder: path.join(home, 'logs'),
      }),
    );
} catch (error) {
  if (!ending) process.stderr.write(`\nTollgate did not start. ${error.message}\n`);
  await end(1);
}

async function startPrivateDatabase(dataFolder, secrets) {
  postgres = await startPostgres({ dataFolder, report });
  endGuard = guardPostgres(dataFolder);
  return prepareDatabase({ superuserUrl: postgres.url(), database: 'tollgate', password: secrets.databasePassword });
}

async function migrate(settings) {
  const { migrateQueueSchema, runMigrations } = await import(path.join(root, 'dist/run/schema.js'));
  const done = await runMigrations(settings.DATABASE_OWNER_URL, () =>
    report('Another process migrates this database: waiting until it has ended …'),
  );
  if (done.length > 0) report(`${done.length} database migrations done`);
  if (!settings.QUEUE_URL?.startsWith('redis')) await migrateQueueSchema(settings.DATABASE_OWNER_URL);
}

async function startProcesses({ home, ports, settings }) {
  const logFolder = path.join(home, 'logs');
  supervisor = new Supervisor({
    logFolder,
    notify: (text) => process.stderr.write(`  ${text}\n`),
    onLaunch: () => writePrivately(runFile(home), { settings, pids: supervisor.pids() }),
  });
  report('starting the processes');
  const answers = (url) => async () => {
    try {
      return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  };
  const starts = [
    supervisor.start('demo-api', {
      args: ['--port', String(ports.DEMO_API_PORT)],
      isReady: answers(`http://127.0.0.1:${ports.DEMO_API_PORT}/v1/currencies`),
    }),
  ];
  if (settings.MAIL_INBOX_URL) {
    const args = ['--smtp-port', String(ports.MAIL_SMTP_PORT), '--http-port', String(ports.MAIL_HTTP_PORT)];
    starts.push(supervisor.start('mail-inbox', { args, isReady: answers(`${settings.MAIL_INBOX_URL}/messages`) }));
  }
  if (settings.STRIPE_API_BASE?.endsWith(`:${ports.SANDBOX_PORT}`)) {
    const args = [
      '--port',
      String(ports.SANDBOX_PORT),
      '--webhook-url',
      `http://127.0.0.1:${ports.API_PORT}/api/webhooks/stripe`,
      '--webhook-secret',
      settings.STRIPE_WEBHOOK_SECRET,
      '--clock-url',
      `http://127.0.0.1:${ports.API_PORT}/api/v1/settings`,
      '--state-file',
      path.join(home, 'stripe-sandbox.json'),
    ];
    starts.push(supervisor.start('stripe-sandbox', { args, isReady: answers(`${settings.STRIPE_API_BASE}/healthz`) }));
  }
  starts.push(
    supervisor.start('worker', { settings, isReady: answers(`http://127.0.0.1:${ports.WORKER_ADMIN_PORT}/readyz`) }),
    supervisor.start('api', { settings, isReady: answers(`http://127.0.0.1:${ports.API_PORT}/readyz`) }),
    supervisor.start('gateway', { settings, isReady: answers(`http://127.0.0.1:${ports.GATEWAY_ADMIN_PORT}/readyz`) }),
  );
  await Promise.all(starts);
}
