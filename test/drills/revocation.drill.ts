import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SystemClock } from '#persistence';
import { migrateQueueSchema } from '#queues';
import { issueCredential, revokeCredential } from '#services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../support/database.js';
import { type Catalog, aCatalog, aConsumer, testPeppers } from '../support/factories.js';
import { call } from '../support/gateway.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { type TestUpstream, startUpstream } from '../support/upstream.js';
import { figure, tell } from './report.js';

const keys = figure('KEYS', 300);
const askEveryMs = 5;
const actor = { kind: 'cli', id: null } as const;

let database: TestDatabase;
let upstream: TestUpstream;
let catalog: Catalog;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
const gateways: GatewayProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
  await migrateQueueSchema(database.ownerUrl);
  upstream = await startUpstream();
  upstream.answer();
  catalog = await aCatalog(database, { upstreamUrl: upstream.url });
  consumer = await aConsumer(database, catalog);
  for (const GATEWAY_ID of ['gateway-1', 'gateway-2'])
    gateways.push(await GatewayProcess.start(database, 1, undefined, { GATEWAY_ID }));
});
afterAll(async () => {
  for (const gateway of gateways) {
    await gateway.end('SIGKILL');
    fs.rmSync(gateway.journalFolder, { recursive: true, force: true });
  }
  await upstream.close();
  await database.dispose();
});

/** How long it takes until both gateways answer so, in milliseconds. */
async function untilBothAnswer(status: number, key: string): Promise<number> {
  const askedAt = performance.now();
  const untilOneAnswers = async ({ port }: GatewayProcess) => {
    const url = `http://127.0.0.1:${port}${catalog.version.basePath}/things`;
    while ((await call(url, { key })).status !== status) await pause(askEveryMs);
  };
  await Promise.all(gateways.map(untilOneAnswers));
  return performance.now() - askedAt;
}

/** The part of all changes that a gateway says it has learnt of within a second. */
async function partWithinASecond(gateway: GatewayProcess): Promise<number> {
  const { body } = await gateway.admin('/metrics');
  const count = (line: RegExp) => Number(line.exec(body)![1]);
  const all = count(/^tollgate_snapshot_change_delay_seconds_count (\d+)$/m);
  expect(all).toBeGreaterThanOrEqual(keys);
  return count(/^tollgate_snapshot_change_delay_seconds_bucket\{le="1"\} (\d+)$/m) / all;
}

it('is refused by every gateway within a second at p99', async () => {
  const { organizationId, id: applicationId } = consumer.application;
  // The gateways measure their delay by when a change was recorded.
  const context = { ...database.context, clock: new SystemClock() };
  const delaysMs: number[] = [];
  for (let index = 0; index < keys; index++) {
    const options = { name: 'Short-lived', mode: 'live', expiresAt: null, peppers: testPeppers, actor } as const;
    const { key, credential } = await issueCredential(context, { organizationId, applicationId, ...options });
    await untilBothAnswer(200, key);
    await revokeCredential(context, { organizationId, credentialId: credential.id, actor });
    delaysMs.push(await untilBothAnswer(401, key));
  }
  delaysMs.sort((a, b) => a - b);
  const at = (part: number) => delaysMs[Math.min(delaysMs.length - 1, Math.floor(delaysMs.length * part))]!;
  const parts = await Promise.all(gateways.map(partWithinASecond));
  const cells = [at(0.5), at(0.99), at(1)].map((ms) => `${ms.toFixed(0)} ms`);
  tell(keys, ...cells, ...parts.map((part) => `${(100 * part).toFixed(1)} %`));
  expect(at(0.99)).toBeLessThan(1_000);
  for (const part of parts) expect(part).toBeGreaterThanOrEqual(0.99);
});
