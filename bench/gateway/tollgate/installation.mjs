import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { runMigrations } from '#persistence';
import { migrateQueueSchema } from '#queues';
import { prepareDatabase } from '../../../scripts/launcher/database.mjs';
import { root } from '../../../scripts/launcher/install.mjs';
import { freePort } from '../../../scripts/launcher/ports.mjs';
import { writeCatalog } from './catalog.mjs';
import { seedKeys } from './seed.mjs';

const startWithinMs = 120_000;

/**
 * A Tollgate with a database, a worker and one gateway of its own, with so many keys and routes. The gateway is started
 * as `npm run start:gateway` does, with nothing but the settings that it must have.
 */
export class Installation {
  static async start(
    name,
    { keys, routes, processes, postgres, folder, upstreamOrigin, redisUrl, cores, checkout = root, profileFolder },
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
    tollgate('apply', '-f', writeCatalog(path.join(home, 'catalog'), { routes, upstreamOrigin }), '--quiet');
    tollgate('keys', 'create', '--application', 'bench', '--plan', 'bench/metered', '--json');
    const superuserUrl = postgres.url(name.replaceAll('-', '_'));
    await seedKeys({ superuserUrl, pepper, keys, keysFile });

    const node = process.execPath;
    const startOne = path.join(checkout, 'scripts/start-one.mjs');
    const worker = processes.start(`${name}-worker`, node, [startOne, 'worker'], {
      cpu: cores.load,
      environment: settings,
    });
    const startedAt = performance.now();
    const gateway = processes.start(`${name}-gateway`, node, [startOne, 'gateway'], {
      cpu: cores.target,
      environment: { ...settings, ...(profileFolder && profiling(profileFolder)) },
    });
    await processes.ready(`${name}-gateway`, gateway, `http://127.0.0.1:${adminPort}/readyz`, {
      timeoutMs: startWithinMs,
    });
    const startMs = Math.round(performance.now() - startedAt);
    await processes.ready(`${name}-worker`, worker, `http://127.0.0.1:${workerPort}/readyz`);
    return new Installation({ gateway, worker, gatewayPort, adminPort, keysFile, startMs });
  }

  constructor(parts) {
    Object.assign(this, parts);
    this.origin = `http://127.0.0.1:${parts.gatewayPort}`;
  }

  /** Waits until the ledger has all that the gateway has recorded. */
  async settled(withinMs = 60_000) {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const state = await (await fetch(`http://127.0.0.1:${this.adminPort}/readyz`)).json();
      if (state.unacknowledgedSegments === 0) return;
      if (performance.now() > deadline) throw new Error('The ledger does not keep up.');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function profiling(folder) {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${path.resolve(folder)}` };
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

/** The pid of the postmaster of a data folder. */
export function postmasterPid(dataFolder) {
  return Number(fs.readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}
