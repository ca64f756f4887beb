import fs from 'node:fs';
import http from 'node:http';
import { migrateQueueSchema } from '#queues';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../scripts/launcher/ports.mjs';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer } from '../../support/factories.js';
import { call } from '../../support/gateway.js';
import { GatewayProcess, parentOf } from '../../support/gateway-process.js';
import { RawConnection } from '../../support/raw-http.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { callTls } from '../../support/tls-client.js';
import { WorkerProcess } from '../../support/worker-process.js';

let database: TestDatabase;
let upstream: TestUpstream;
let catalog: Catalog;
let key: string;
/** Undefined after a start that failed, which leaves what was started before it. */
let gateway: GatewayProcess;
let worker: WorkerProcess;
let authority: TestAuthority;
let certificates: string;
let tlsPort: number;
/** `npm run drill:reload` wants more of them. */
const reloads = Number(process.env['DRILL_RELOADS'] ?? 2);
/** Between two calls of a caller: beside other tests the load leaves them some of the machine. */
const pauseMs = process.env['DRILL_RELOADS'] === undefined ? 20 : 0;
const reportFile = process.env['DRILL_REPORT'];

beforeAll(async () => {
  database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
  await migrateQueueSchema(database.ownerUrl);
  upstream = await startUpstream();
  catalog = await aCatalog(database, { upstreamUrl: upstream.url });
  ({ key } = await aConsumer(database, catalog));
  worker = await WorkerProcess.start(database);
  authority = await TestAuthority.create();
  certificates = makeCertificateFolder({ default: await authority.issue({ dns: ['localhost'] }) });
  tlsPort = await freePort();
  const tls = { GATEWAY_TLS_DIR: certificates, GATEWAY_TLS_PORT: String(tlsPort) };
  gateway = await GatewayProcess.start(database, 2, undefined, tls);
});
afterAll(async () => {
  await gateway?.end('SIGKILL');
  await worker?.end('SIGKILL');
  await upstream.close();
  await database.dispose();
  if (gateway) fs.rmSync(gateway.journalFolder, { recursive: true, force: true });
  fs.rmSync(certificates, { recursive: true, force: true });
});

const url = () => `http://127.0.0.1:${gateway.port}${catalog.version.basePath}/things`;

/** Calls again and again over kept connections until it is told to end. */
class Load {
  readonly delivered: string[] = [];
  readonly failures: string[] = [];
  private isOver = false;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  private readonly callers = Array.from({ length: 8 }, () => this.callOn());

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
    this.agent.destroy();
  }

  private async callOn(): Promise<void> {
    while (!this.isOver) {
      try {
        const answer = await call(url(), { key, agent: this.agent });
        if (answer.status === 200) this.delivered.push(String(answer.headers['tollgate-request-id']));
        else this.failures.push(`${answer.status} ${answer.body}`);
      } catch (error) {
        this.failures.push((error as Error).message);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** The calls of which the ledger has no event, or several. */
async function missingInLedger(ids: readonly string[]): Promise<readonly string[]> {
  const rows = await database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ id: string; count: string }>(
      'SELECT id, count(*) FROM usage_event WHERE id = ANY($1::uuid[]) GROUP BY id',
      [ids],
    ),
  );
  const counts = new Map(rows.map(({ id, count }) => [id, Number(count)]));
  return ids.filter((id) => counts.get(id) !== 1);
}

/** Reloads and waits until every gateway is another process than before. */
async function reload(): Promise<void> {
  const before = await gateway.gatewayPids();
  gateway.child.kill('SIGHUP');
  await eventually(
    () => gateway.gatewayPids(),
    (pids) => pids.length === 2 && pids.every((pid) => !before.includes(pid)),
    90_000,
  );
}

async function readyGateways(): Promise<readonly string[]> {
  const { gateways } = await gateway.until(() => true);
  return gateways.filter(({ isReady }) => isReady).map(({ gateway: name }) => name);
}

/** How many calls each gateway has answered. */
async function callsByGateway(): Promise<Map<string, number>> {
  const text = (await gateway.admin('/metrics')).body;
  const calls = [...text.matchAll(/^tollgate_gateway_request_seconds_count\{gateway="([^"]+)"\} (\d+)$/gm)];
  return new Map(calls.map(([, name, count]) => [name!, Number(count)]));
}

describe('a supervisor', () => {
  it('hands connections out in turn, and shows the figures of all its gateways on one port', async () => {
    for (let count = 0; count < 40; count++) expect((await call(url(), { key })).status).toBe(200);
    const calls = await callsByGateway();
    expect([...calls.keys()].toSorted()).toEqual(['gateway-1-1', 'gateway-1-2']);
    expect([...calls.values()]).toEqual([20, 20]);
    expect((await gateway.admin('/livez')).status).toBe(200);
    expect(fs.readdirSync(gateway.journalFolder).toSorted()).toEqual(['gateway-1-1', 'gateway-1-2']);
  });

  it('hands out connections with TLS too, for both protocols, before and after a reload', async () => {
    const secure = url().replace(`http://127.0.0.1:${gateway.port}`, `https://localhost:${tlsPort}`);
    const options = { key, tls: { ca: authority.pem } } as const;
    const callBoth = async () => {
      const before = await callsByGateway();
      for (let count = 0; count < 10; count++) {
        for (const protocol of ['http/1.1', 'h2'] as const)
          expect((await callTls(secure, { ...options, protocol })).status).toBe(200);
      }
      const calls = [...(await callsByGateway())].map(([name, count]) => count - (before.get(name) ?? 0));
      return calls.filter((count) => count > 0);
    };
    expect(await callBoth()).toEqual([10, 10]);
    await reload();
    expect(await callBoth()).toEqual([10, 10]);
  });

  it('lets new processes go on with the connections of the old ones', async () => {
    const open = () => RawConnection.open(`http://127.0.0.1:${gateway.port}`);
    const kept = await Promise.all(Array.from({ length: 40 }, open));
    const fresh = await Promise.all(Array.from({ length: 40 }, open));
    const callOn = async (connection: RawConnection) => {
      connection.received = '';
      connection.send(`GET ${new URL(url()).pathname} HTTP/1.1`, 'host: a', `x-api-key: ${key}`, '', '');
      return (await connection.until('\r\n\r\n')).slice(0, 12);
    };
    const served = Array.from({ length: 40 }, () => 'HTTP/1.1 200');
    expect(await Promise.all(kept.map(callOn))).toEqual(served);
    await reload();
    expect(await Promise.all(fresh.map(callOn))).toEqual(served);
    await reload();
    expect(await Promise.all(kept.map(callOn))).toEqual(served);
    for (const { socket } of [...kept, ...fresh]) socket.destroy();
  });

  it(
    'reloads all of them under load, time after time, without a failed call and without a lost event',
    { timeout: 90_000 * reloads },
    async () => {
      const startedAt = performance.now();
      const load = new Load();
      for (let round = 0; round < reloads; round++) await reload();
      await load.end();
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const isThere = (missing: readonly string[]): boolean => missing.length === 0;
      const inLedger = eventually(() => missingInLedger(load.delivered), isThere, 60_000);
      await inLedger.catch(() => undefined);
      const lost = (await missingInLedger(load.delivered)).length;
      const report = { reloads, seconds, delivered: load.delivered.length, failed: load.failures.length, lost };
      if (reportFile !== undefined) fs.writeFileSync(reportFile, JSON.stringify(report));
      expect(load.failures).toEqual([]);
      expect(load.delivered.length).toBeGreaterThan(100);
      expect(lost).toBe(0);
    },
  );

  it('starts a gateway again that was killed, while the other serves', async () => {
    const [victim] = await gateway.gatewayPids();
    expect(victim).toBeGreaterThan(0);
    process.kill(victim!, 'SIGKILL');
    await eventually(
      () => parentOf(victim!),
      (parent) => parent === null,
    );
    const readiness = await gateway.until(({ isReady }) => isReady);
    expect(readiness.isReady).toBe(true);
    expect((await call(url(), { key })).status).toBe(200);
    await gateway.until(({ gateways }) => gateways.filter(({ isReady }) => isReady).length === 2);
    expect(gateway.log).toContain('a gateway ended; starting it again');
  });

  it(
    'gives connections that a killed gateway had not taken to the other, with and without TLS',
    { timeout: 60_000 },
    async () => {
      const secure = url().replace(`http://127.0.0.1:${gateway.port}`, `https://localhost:${tlsPort}`);
      const tls = { ca: authority.pem };
      const plain = () => Array.from({ length: 10 }, () => call(url(), { key }));
      const both = () => [
        ...plain(),
        ...Array.from({ length: 10 }, () => callTls(secure, { key, tls, protocol: 'http/1.1' })),
      ];
      for (const callMany of [both, plain]) {
        const [victim] = await gateway.gatewayPids();
        process.kill(victim!, 'SIGSTOP');
        const answers = callMany();
        let answered = 0;
        for (const answer of answers) void answer.then(() => answered++);
        // Of each ten the stopped process has one.
        await eventually(
          () => answered,
          (count) => count === answers.length * 0.9,
        );
        process.kill(victim!, 'SIGKILL');
        for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
        for (const answer of await Promise.all(both())) expect(answer.status).toBe(200);
        await gateway.until(({ gateways }) => gateways.filter(({ isReady }) => isReady).length === 2);
      }
    },
  );

  it('ships the journals of gateways that do not come back', { timeout: 120_000 }, async () => {
    await worker.end('SIGKILL');
    const delivered: string[] = [];
    for (let count = 0; count < 20; count++)
      delivered.push(String((await call(url(), { key })).headers['tollgate-request-id']));
    const old = await readyGateways();
    await reload();
    const used = await readyGateways();
    const left = old.filter((name) => !used.includes(name));
    expect(left.length).toBeGreaterThan(0);
    expect((await missingInLedger(delivered)).length).toBeGreaterThan(0);
    worker = await WorkerProcess.start(database);
    await eventually(
      () => missingInLedger(delivered),
      (missing) => missing.length === 0,
      60_000,
    );
    const states = () =>
      database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ state: string }>('SELECT state FROM gateway WHERE id = ANY($1)', [left]),
      );
    await eventually(states, (rows) => rows.every(({ state }) => state === 'stopped'), 60_000);
  });

  it('leaves no process behind when it is killed, and its successor serves on', async () => {
    const pids = await gateway.gatewayPids();
    expect(pids).toHaveLength(2);
    await gateway.end('SIGKILL');
    await eventually(
      () => pids.filter((pid) => parentOf(pid) !== null),
      (alive) => alive.length === 0,
    );
    gateway = await GatewayProcess.start(database, 2, gateway.journalFolder);
    expect((await call(url(), { key })).status).toBe(200);
  });

  it('drains and ends on SIGTERM with code 0', async () => {
    const pids = await gateway.gatewayPids();
    expect(await gateway.end('SIGTERM')).toBe(0);
    expect(pids.filter((pid) => parentOf(pid) !== null)).toEqual([]);
  });
});
