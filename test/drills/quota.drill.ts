import fs from 'node:fs';
import { migrateQueueSchema } from '#queues';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { aCatalog, aConsumer } from '../support/factories.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { type TestUpstream, startUpstream } from '../support/upstream.js';
import { WorkerProcess } from '../support/worker-process.js';
import { Callers } from './callers.js';
import { figure, tell } from './report.js';

const quota = figure('QUOTA', 1_000);
const gateways = figure('GATEWAYS', 4);
const clientsPerGateway = figure('CLIENTS', 64);
const callsPerClient = figure('CALLS', 5_000);

let database: TestDatabase;
let upstream: TestUpstream;
let worker: WorkerProcess;
let gateway: GatewayProcess;
let callers: Callers;
let admitted: number;

beforeEach(async () => {
  database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
  await migrateQueueSchema(database.ownerUrl);
  upstream = await startUpstream();
  answer(0);
  const catalog = await aCatalog(database, {
    upstreamUrl: upstream.url,
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: quota, enforcement: 'hard' }] },
  });
  const { key } = await aConsumer(database, catalog);
  worker = await WorkerProcess.start(database, { LOG_LEVEL: 'info' });
  gateway = await GatewayProcess.start(database, gateways);
  const url = `http://127.0.0.1:${gateway.port}${catalog.version.basePath}/things`;
  callers = new Callers(url, key, gateways * clientsPerGateway);
});
afterEach(async () => {
  await callers.close();
  await gateway.end('SIGKILL');
  await worker.end('SIGKILL');
  await upstream.close();
  await database.dispose();
  fs.rmSync(gateway.journalFolder, { recursive: true, force: true });
});

/** So many of ten calls fail from now on. */
function answer(failing: number): void {
  admitted = 0;
  upstream.handle((request, response) => {
    request.resume();
    response.writeHead(++admitted % 10 < failing ? 503 : 200, { 'content-length': 2 });
    response.end('{}');
  });
}

const read = async (sql: string): Promise<number> => {
  const [row] = await database.unitOfWork.inSystem((transaction) => transaction.query<{ number: string }>(sql));
  return Number(row!.number);
};
const billed = () => read('SELECT count(*) AS number FROM usage_event WHERE billable');
const recorded = () => read('SELECT count(*) AS number FROM usage_event');
const held = () => read('SELECT coalesce(sum(granted), 0) AS number FROM quota_lease WHERE settled_at IS NULL');

/** What is billed once the ledger has everything. */
async function finallyBilled(): Promise<number> {
  let last = -1;
  let since = 0;
  await eventually(
    async () => {
      const count = await recorded();
      if (count !== last) since = performance.now();
      last = count;
      return performance.now() - since;
    },
    (stillMs) => stillMs > 3_000,
    120_000,
  );
  return billed();
}

function tellRun(name: string, startedAt: number, billedCalls: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  tell(
    name,
    callers.calls.toLocaleString('en-US'),
    `${seconds.toFixed(0)} s`,
    admitted.toLocaleString('en-US'),
    billedCalls.toLocaleString('en-US'),
    callers.words,
  );
}

describe(`a hard quota of ${quota}, ${gateways} gateways, ${clientsPerGateway} clients for each`, () => {
  it('lets exactly that many through when nothing fails', async () => {
    const startedAt = performance.now();
    await callers.callOften(callsPerClient);
    await callers.callUntilRefused();
    const calls = await finallyBilled();
    tellRun('no errors', startedAt, calls);
    expect(admitted).toBe(quota);
    expect(calls).toBe(quota);
  });

  it('bills exactly that many when three of ten calls fail, to clients that ask until they are refused', async () => {
    answer(3);
    const startedAt = performance.now();
    await callers.callUntilRefused();
    const calls = await finallyBilled();
    tellRun('three of ten calls fail', startedAt, calls);
    expect(calls).toBe(quota);
    expect(admitted).toBeGreaterThan(quota * 1.3);
  });

  it('is not exceeded when a gateway is killed that holds units, which are free once its journal is read', async () => {
    const startedAt = performance.now();
    let killed = 0;
    let lentAtKill = 0;
    const kill = eventually(
      async () => {
        if (admitted < quota / 5) return false;
        const [pid] = await gateway.gatewayPids();
        lentAtKill = await held();
        process.kill(pid!, 'SIGKILL');
        killed = pid!;
        return true;
      },
      (isDone) => isDone,
      60_000,
    );
    await Promise.all([callers.callUntilRefused(), kill]);
    const atRefusal = admitted;
    expect(lentAtKill).toBeGreaterThan(0);
    await gateway.until(({ gateways: all }) => all.filter(({ isReady }) => isReady).length === gateways);
    expect(await gateway.gatewayPids()).not.toContain(killed);
    expect(await billed()).toBeLessThanOrEqual(quota);
    // What the killed one held is lent again when the ledger has its journal.
    await eventually(
      async () => {
        await callers.callUntilRefused();
        return finallyBilled();
      },
      (count) => count >= quota,
      120_000,
    );
    const calls = await finallyBilled();
    tellRun(
      `one gateway killed (${lentAtKill} units were lent then, ${atRefusal} calls until refused)`,
      startedAt,
      calls,
    );
    expect(calls).toBe(quota);
  });
});
