import fs from 'node:fs';
import { appendChange } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Catalog, aCatalog, aConsumer, aCredential } from '../../support/factories.js';
import {
  MemorySegmentQueue,
  acknowledge,
  call,
  gatewayOptions,
  makeJournalFolder,
  readJournal,
} from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { type TcpProxy, startTcpProxy } from '../../support/tcp-proxy.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

let database: TestDatabase;
let proxy: TcpProxy;
let upstream: TestUpstream;
let catalog: Catalog;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let folder: string;
let queue: MemorySegmentQueue;
let gateways: RunningGateway[];

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.appUrl);
  upstream = await startUpstream();
  catalog = await aCatalog(database, {
    upstreamUrl: upstream.url,
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 60, enforcement: 'hard' }] },
  });
  consumer = await aConsumer(database, catalog);
  folder = makeJournalFolder();
  queue = new MemorySegmentQueue();
  gateways = [];
});
afterEach(async () => {
  proxy.restore();
  for (const gateway of gateways) await gateway.stop();
  await proxy.close();
  await upstream.close();
  await database.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningGateway> {
  const options = gatewayOptions(database, {
    databaseUrl: proxy.url,
    journalFolder: folder,
    queue,
    journal: { maxSegmentAgeMs: 50 },
    quotaWaitMs: 250,
  });
  const gateway = await startGateway(options);
  gateways.push(gateway);
  return gateway;
}

const urlOf = (gateway: RunningGateway) => `http://127.0.0.1:${gateway.port}${catalog.version.basePath}/things`;
const readiness = async (gateway: RunningGateway) =>
  (await call(`http://127.0.0.1:${gateway.adminPort}/readyz`)).json();

async function revoke(credentialId: string): Promise<void> {
  await database.unitOfWork.inSystem(async (transaction) => {
    const now = database.clock.now();
    await transaction.query('UPDATE credential SET revoked_at = $2 WHERE id = $1', [credentialId, now]);
    await appendChange(transaction, 'credential', credentialId, now);
  });
}

describe('a gateway whose database is away', () => {
  it('serves known keys, hard quotas as long as its lease lasts, and catches up afterwards', async () => {
    const gateway = await start();
    const ask = () => call(urlOf(gateway), { key: consumer.key });
    expect((await ask()).status).toBe(200);
    proxy.cut();
    const answers = [];
    for (let index = 0; index < 40; index++) answers.push(await ask());
    const served = answers.filter(({ status }) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(29);
    expect(answers.at(-1)).toMatchObject({ status: 503 });
    expect(answers.at(-1)!.json()).toMatchObject({ code: 'quota_unavailable' });
    await revoke(consumer.credential.id);
    expect((await ask()).status).toBe(503);
    proxy.restore();
    let servedLate = 0;
    const askAndCount = async () => {
      const answer = await ask();
      if (answer.status === 200) servedLate++;
      return answer;
    };
    await eventually(askAndCount, ({ status }) => status === 401);
    expect(await readJournal(folder)).toHaveLength(1 + served + servedLate);
  });

  it('answers while the database swallows everything', async () => {
    const gateway = await start();
    await call(urlOf(gateway), { key: consumer.key });
    proxy.freeze();
    const statuses: number[] = [];
    for (let index = 0; index < 40; index++) statuses.push((await call(urlOf(gateway), { key: consumer.key })).status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(29);
    expect(statuses.at(-1)).toBe(503);
  });

  it('starts from its snapshot on disk, ships what it left, and learns of the rest when the database is back', async () => {
    const first = await start();
    await call(urlOf(first), { key: consumer.key });
    await eventually(() => fs.existsSync(`${folder}/snapshot.jsonl`), Boolean);
    await first.stop();
    proxy.cut();
    const second = await start();
    expect(second.epoch).toBe(first.epoch + 1);
    expect(await readiness(second)).toMatchObject({ isReady: true, snapshotAgeSeconds: null });
    const test = await aCredential(database, { application: consumer.application, mode: 'test' });
    expect((await call(urlOf(second), { key: test.key })).status).toBe(401);
    expect((await call(urlOf(second), { key: consumer.key })).json()).toMatchObject({ code: 'quota_unavailable' });
    proxy.restore();
    await eventually(
      () => call(urlOf(second), { key: test.key }),
      ({ status }) => status === 200,
    );
    await eventually(
      () => call(urlOf(second), { key: consumer.key }),
      ({ status }) => status === 200,
    );
    await eventually(
      async () => {
        await acknowledge(database, queue.jobs);
        return (await readiness(second))['unacknowledgedSegments'];
      },
      (count) => count === 0,
    );
    expect(queue.jobs.some(({ epoch }) => epoch === first.epoch)).toBe(true);
  });

  it('does not start without a snapshot, and says what to do', async () => {
    fs.writeFileSync(`${folder}/snapshot.jsonl`, 'torn');
    proxy.cut();
    const refused = gatewayOptions(database, { databaseUrl: proxy.url, journalFolder: folder, databaseWaitMs: 500 });
    await expect(startGateway(refused)).rejects.toThrow(/no snapshot on disk.*Check DATABASE_URL/);
    expect(fs.existsSync(`${folder}/lock`)).toBe(false);
  });
});
