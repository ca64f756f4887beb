import fs from 'node:fs';
import path from 'node:path';
import { createQueue, queueNames } from '#queues';
import { freePort } from '../../scripts/launcher/ports.mjs';
import { startTcpProxy } from '../../test/support/tcp-proxy.ts';
import { INSPECTABLE } from './held-memory.mjs';
import { KeptProcess } from './kept-process.mjs';
import { readLedger } from './ledger.mjs';
import { Load } from './load.mjs';
import { pause } from './pause.mjs';
import { RedisServer } from './redis-server.mjs';
import { tollgate } from './tollgate.mjs';

const PER_SECOND = 200;
/** So that a quick run leaves room to the tests that run beside it. */
const QUICK_PER_SECOND = 50;
const settleWithinMs = 120_000;
const stuckAfterMs = 60_000;

/**
 * The Tollgate of one run: a database, a Redis, ways to both that can be cut, a gateway and workers, each as it is
 * shipped and in a process of its own.
 */
export class Installation {
  static async start(
    name,
    { ground, processes, folder, upstream, queue, gateways = 1, workers = 1, isCut = false, hasPayments = false },
  ) {
    const one = new Installation();
    Object.assign(one, { name, ground, processes, upstream, queue, folder: path.join(folder, name) });
    const database = await ground.copyDatabase(name);
    one.superuserUrl = database.superuserUrl;
    one.redis = await RedisServer.start(processes, path.join(one.folder, `${name}-redis`));
    one.postgresWay = isCut ? await startTcpProxy(database.appUrl) : { url: database.appUrl, close: () => undefined };
    one.redisWay = isCut ? await startTcpProxy(one.redis.url) : { url: one.redis.url, close: () => undefined };
    const [port, adminPort] = [await freePort(), await freePort()];
    const journalFolder = path.join(one.folder, 'journal');
    fs.mkdirSync(journalFolder, { recursive: true });
    one.journalFolder = journalFolder;
    one.settings = {
      ...ground.secrets,
      DATABASE_URL: one.postgresWay.url,
      REDIS_URL: one.redisWay.url,
      QUEUE_URL: queue === 'redis' ? one.redisWay.url : one.postgresWay.url,
      GATEWAY_URL: `http://127.0.0.1:${port}`,
      GATEWAY_PORT: String(port),
      GATEWAY_ADMIN_PORT: String(adminPort),
      GATEWAY_ID: 'gateway',
      GATEWAY_PROCESSES: String(gateways),
      JOURNAL_DIR: journalFolder,
    };
    one.port = port;
    one.payments = hasPayments ? await one.addPayments() : [];
    one.gateway = new KeptProcess(processes, {
      name: `${name}-gateway`,
      app: 'gateway',
      // A supervisor cannot hand this on to its processes.
      nodeArgs: gateways === 1 ? [INSPECTABLE] : [],
      environment: one.settings,
      readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    });
    one.workers = [];
    for (let number = 1; number <= workers; number++) await one.addWorker();
    for (const kept of one.kept) kept.launch();
    await Promise.all(one.kept.map((kept) => kept.ready()));
    return one;
  }

  /** Another worker, which is not started yet. */
  async addWorker() {
    const port = await freePort();
    const worker = new KeptProcess(this.processes, {
      name: `${this.name}-worker-${this.workers.length + 1}`,
      app: 'worker',
      nodeArgs: [INSPECTABLE],
      environment: { ...this.settings, WORKER_ADMIN_PORT: String(port) },
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    });
    this.workers.push(worker);
    return worker;
  }

  get worker() {
    return this.workers[0];
  }

  /** The payment sandbox and the API, which takes its webhooks; neither is started yet. */
  async addPayments() {
    const [sandboxPort, apiPort] = [await freePort(), await freePort()];
    this.sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    this.sandboxFile = path.join(this.folder, 'stripe-sandbox.jsonl');
    Object.assign(this.settings, { STRIPE_API_BASE: this.sandboxUrl, TIME_MACHINE: 'true' });
    const apiUrl = `http://127.0.0.1:${apiPort}`;
    const webhook = ['--webhook-url', `${apiUrl}/api/webhooks/stripe`];
    const secret = ['--webhook-secret', this.settings.STRIPE_WEBHOOK_SECRET];
    const clock = ['--clock-url', `${apiUrl}/api/v1/settings`];
    const state = ['--state-file', this.sandboxFile];
    this.sandbox = new KeptProcess(this.processes, {
      name: `${this.name}-stripe-sandbox`,
      app: 'stripe-sandbox',
      args: ['--port', String(sandboxPort), ...webhook, ...secret, ...clock, ...state],
      environment: {},
      readyUrl: `${this.sandboxUrl}/healthz`,
    });
    this.api = new KeptProcess(this.processes, {
      name: `${this.name}-api`,
      app: 'api',
      environment: { ...this.settings, AUTH_SECRET: 'x'.repeat(32), API_PORT: String(apiPort) },
      readyUrl: `${apiUrl}/readyz`,
    });
    return [this.sandbox, this.api];
  }

  get kept() {
    return [this.gateway, ...this.workers, ...(this.payments ?? [])];
  }

  /** 200 calls a second with four keys, one of which may be that of the small quota. */
  async startLoad({ withSmallQuota = false, isQuick = false } = {}) {
    const keys = withSmallQuota ? this.ground.keys.slice(1) : this.ground.keys.slice(0, 4);
    const perSecond = isQuick ? QUICK_PER_SECOND : PER_SECOND;
    this.load = new Load({ port: this.port, path: '/faults/items', keys, perSecond });
    await this.load.warmUp();
    this.load.start();
    return this.load;
  }

  /** Waits until every segment is acknowledged; resolves to how long that took, or null when it has not within two minutes. */
  async settled() {
    const startedAt = performance.now();
    while (performance.now() - startedAt < settleWithinMs) {
      if (this.segments().length === 0) return performance.now() - startedAt;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  }

  /** The files of segments that are on the gateway's disk. */
  segments() {
    return fs.readdirSync(this.journalFolder, { recursive: true }).filter((file) => /\.(open|sealed)$/.test(file));
  }

  /**
   * The jobs on all queues that are stuck: still there when every segment is acknowledged and a minute has passed in which the
   * lock of a worker that died ends and each job is tried again.
   */
  async stuckJobs() {
    const startedAt = performance.now();
    for (;;) {
      const counts = await this.countJobs();
      const isEmpty = Object.values(counts).every((count) => count === 0);
      if (isEmpty || performance.now() - startedAt > stuckAfterMs) return counts;
      await pause(500);
    }
  }

  async countJobs() {
    const counts = {};
    for (const name of queueNames) {
      const queue = createQueue(name, this.settings.QUEUE_URL);
      counts[name] = await queue.countPending();
      await queue.close();
    }
    return counts;
  }

  ledger() {
    return readLedger(this.superuserUrl);
  }

  /** Against the payment provider too, where there is one. */
  async verify() {
    const withProvider = this.payments.length > 0 ? [] : ['--no-provider'];
    return tollgate(['verify', ...withProvider, '--json'], this.settings);
  }

  /** Runs a command of the command line, which must succeed. */
  async command(...words) {
    const { code, stdout, stderr } = await tollgate(words, this.settings);
    if (code !== 0) throw new Error(`tollgate ${words.slice(0, 2).join(' ')} failed:\n${stderr}${stdout}`);
    return stdout;
  }

  /** Leaves nothing running of a trial that broke. */
  async abandon() {
    await Promise.all(this.kept.map((kept) => kept.kill({ stayAway: true })));
    await Promise.all([this.postgresWay.close(), this.redisWay.close(), this.redis.stop(), this.load?.stop()]);
  }

  async stop() {
    await Promise.all(this.kept.map((kept) => kept.stop()));
    await Promise.all([this.postgresWay.close(), this.redisWay.close()]);
    await this.redis.stop();
    await this.ground.dropDatabase(this.name);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
