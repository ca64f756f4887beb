import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { migrateQueueSchema } from '#queues';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { aCatalog, aConsumer } from '../support/factories.js';
import { call } from '../support/gateway.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { type TestUpstream, startUpstream } from '../support/upstream.js';
import { figure, tell } from './report.js';
import { SlowReaders } from './slow-readers.js';

const clients = figure('CLIENTS', 2_000);
const minutes = figure('MINUTES', 3);
/** Of each answer: far more than a client takes in that time. */
const answerBytes = 64 * 1024 * 1024;
const block = Buffer.alloc(64 * 1024, 'x');

let database: TestDatabase;
let upstream: TestUpstream;
let gateway: GatewayProcess;
let path: string;
let key: string;

beforeAll(async () => {
  database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
  await migrateQueueSchema(database.ownerUrl);
  upstream = await startUpstream();
  upstream.handle((request, response) => {
    if (request.url?.endsWith('/small')) return void response.end('{}');
    response.writeHead(200, { 'content-length': answerBytes });
    let sent = 0;
    const fill = (): void => {
      while (sent < answerBytes) {
        sent += block.length;
        if (!response.write(block)) return void response.once('drain', fill);
      }
      response.end();
    };
    fill();
  });
  const catalog = await aCatalog(database, { upstreamUrl: upstream.url });
  ({ key } = await aConsumer(database, catalog));
  path = `${catalog.version.basePath}/things`;
  gateway = await GatewayProcess.start(database, 1);
});
afterAll(async () => {
  await gateway.end('SIGKILL');
  await upstream.close();
  await database.dispose();
  fs.rmSync(gateway.journalFolder, { recursive: true, force: true });
});

/** Resident memory of a process in MiB. */
function memoryOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}

/** How long a small call takes beside them, in milliseconds; the slowest of some. */
async function slowestSmallCall(): Promise<number> {
  let slowest = 0;
  for (let count = 0; count < 10; count++) {
    const startedAt = performance.now();
    const { status } = await call(`http://127.0.0.1:${gateway.port}${path}/small`, { key });
    expect(status).toBe(200);
    slowest = Math.max(slowest, performance.now() - startedAt);
  }
  return Math.round(slowest);
}

it(`holds ${clients} slow clients for ${minutes} minutes in bounded memory`, async () => {
  const pid = gateway.child.pid!;
  await slowestSmallCall();
  const before = memoryOf(pid);
  const row = (at: string, readers: SlowReaders | null, ms: number) =>
    tell(
      at,
      readers?.open ?? 0,
      readers?.cuts ?? 0,
      `${memoryOf(pid)} MiB`,
      `${((readers?.bytes ?? 0) / 2 ** 20).toFixed(0)} MiB`,
      `${ms} ms`,
    );
  row('before', null, await slowestSmallCall());
  const head = `GET ${path} HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\n\r\n`;
  const readers = new SlowReaders(gateway.port, head, 1_000);
  const startedAt = performance.now();
  await readers.start(clients);
  const settled: number[] = [];
  const everyMs = (minutes * 60_000) / 6;
  for (let count = 1; count <= 6; count++) {
    await pause(Math.max(0, startedAt + count * everyMs - performance.now()));
    settled.push(memoryOf(pid));
    row(`${((performance.now() - startedAt) / 1000).toFixed(0)} s`, readers, await slowestSmallCall());
  }
  expect(readers.open).toBe(clients);
  readers.end();
  await pause(10_000);
  row('10 s after the end', readers, await slowestSmallCall());
  // Each answer has 64 MiB: without back-pressure the memory would grow with what the upstream sends.
  expect(Math.max(...settled) - before).toBeLessThan(150 + clients / 2);
  expect(settled.at(-1)!).toBeLessThan(settled[1]! * 1.3 + 50);
});
