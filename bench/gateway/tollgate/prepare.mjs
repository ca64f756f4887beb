import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { runMigrations } from '#persistence';
import { migrateQueueSchema } from '#queues';
import { prepareDatabase } from '../../../scripts/launcher/database.mjs';
import { root } from '../../../scripts/launcher/install.mjs';
import { freePort } from '../../../scripts/launcher/ports.mjs';
import { writeCatalog } from './catalog.mjs';
import { seedKeys } from './seed.mjs';

/** Nothing listens there: for installations that never call an upstream, and those that need no Redis. */
const nowhere = '127.0.0.1:9';

/** A database of its own with a catalogue, 1,000 subscriptions and so many keys, and the settings to run Tollgate on it. */
export async function prepareInstallation(
  name,
  {
    keys = 1_000,
    routes = 10,
    plans,
    ratePolicy,
    postgres,
    folder,
    upstreamOrigin = `http://${nowhere}`,
    redisUrl = `redis://${nowhere}`,
    checkout = root,
  },
) {
  const home = path.join(folder, name);
  const keysFile = path.join(home, 'keys.txt');
  const { ownerUrl, appUrl } = await prepareDatabase({
    superuserUrl: postgres.url(),
    database: name.replaceAll('-', '_'),
    password: postgres.applicationPassword,
  });
  await runMigrations(ownerUrl);
  await migrateQueueSchema(ownerUrl);
  const pepper = { id: '1', secret: randomBytes(32) };
  const [gatewayPort, adminPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    DATABASE_URL: appUrl,
    DATABASE_OWNER_URL: ownerUrl,
    UPSTREAM_ALLOW_PRIVATE: 'true',
    KEY_PEPPERS: `${pepper.id}:${pepper.secret.toString('base64')}`,
    ENCRYPTION_KEYS: `1:${randomBytes(32).toString('base64')}`,
    PORTAL_URL: 'http://127.0.0.1:9',
    GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
    JOURNAL_DIR: path.join(home, 'journal'),
    REDIS_URL: redisUrl,
    GATEWAY_PORT: String(gatewayPort),
    GATEWAY_ADMIN_PORT: String(adminPort),
    WORKER_ADMIN_PORT: String(workerPort),
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
    SMTP_URL: 'smtp://127.0.0.1:9',
    // Else the settings of an installation of `npm start` in this checkout would fill in what is not named here.
    TOLLGATE_HOME: home,
  };
  const tollgate = (...words) => runTollgate(checkout, words, settings);
  const catalog = writeCatalog(path.join(home, 'catalog'), { routes, upstreamOrigin, ratePolicy });
  tollgate('apply', '-f', catalog, '--quiet');
  tollgate('keys', 'create', '--application', 'bench', '--plan', 'bench/metered', '--json');
  const superuserUrl = postgres.url(name.replaceAll('-', '_'));
  await seedKeys({ superuserUrl, pepper, keys, plans, keysFile });
  return { settings, keysFile, superuserUrl, gatewayPort, adminPort, workerPort };
}

function runTollgate(checkout, words, settings) {
  const main = path.join(checkout, 'dist/apps/cli/src/main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
  });
  if (status !== 0) throw new Error(`tollgate ${words.slice(0, 2).join(' ')} failed:\n${stderr}${stdout}`);
  return stdout;
}
