import fs from 'node:fs';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Catalog, aCatalog, aConsumer } from '../../support/factories.js';
import { call, gatewayOptions, readJournal } from '../../support/gateway.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

const quota = Number(process.env['QUOTA'] ?? 200);
const clientsPerGateway = Number(process.env['CLIENTS'] ?? 8);
const callsPerClient = Number(process.env['CALLS'] ?? 40);
/** Clients give up when they were refused for so long. */
const refusedForMs = 5_000;

let database: TestDatabase;
let upstream: TestUpstream;
let catalog: Catalog;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let gateways: RunningGateway[];
let folders: string[];
let agent: http.Agent;

beforeEach(async () => {
  database = await createTestDatabase();
  upstream = await startUpstream();
  catalog = await aCatalog(database, {
    upstreamUrl: upstream.url,
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: quota, enforcement: 'hard' }] },
  });
  consumer = await aConsumer(database, catalog);
  agent = new http.Agent({ keepAlive: true });
  const all = [1, 2, 3, 4].map((index) => gatewayOptions(database, { gatewayId: `gateway-${index}` }));
  folders = all.map(({ journalFolder }) => journalFolder);
  gateways = await Promise.all(all.map(startGateway));
});
afterEach(async () => {
  agent.destroy();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await upstream.close();
  await database.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

const ask = ({ port }: RunningGateway) =>
  call(`http://127.0.0.1:${port}${catalog.version.basePath}/things`, { key: consumer.key, agent });
const eachClient = (run: (gateway: RunningGateway) => Promise<void>) =>
  Promise.all(gateways.flatMap((gateway) => Array.from({ length: clientsPerGateway }, () => run(gateway))));
const billedEvents = async () =>
  (await Promise.all(folders.map(readJournal))).flat().filter(({ billable }) => billable).length;

describe(`a hard quota of ${quota} over four gateways`, () => {
  it('lets exactly that many through to an upstream that never fails', async () => {
    await eachClient(async (gateway) => {
      for (let count = 0; count < callsPerClient; count++) {
        const { status } = await ask(gateway);
        if (status === 429) await new Promise((resolve) => setTimeout(resolve, 25));
      }
    });
    // Units that other gateways held were refused as reserved: they come back to those who ask again.
    await eachClient((gateway) => askUntilRefused(gateway));
    expect(upstream.requests).toHaveLength(quota);
    expect(await billedEvents()).toBe(quota);
  });

  it('bills exactly that many when three in ten calls fail, to clients that ask until they are refused', async () => {
    let calls = 0;
    upstream.handle((request, response) => {
      request.resume();
      response.writeHead(++calls % 10 < 3 ? 503 : 200, { 'content-length': 2 });
      response.end('{}');
    });
    await eachClient((gateway) => askUntilRefused(gateway));
    expect(calls).toBeGreaterThan(quota * 1.3);
    expect(await billedEvents()).toBe(quota);
  });
});

/** Asks until the quota is exceeded, or nothing was admitted for so long. */
async function askUntilRefused(gateway: RunningGateway): Promise<void> {
  let admittedAt = performance.now();
  while (performance.now() - admittedAt < refusedForMs) {
    const { status, body } = await ask(gateway);
    if (status === 429 && body.includes('quota_exceeded')) return;
    if (status === 429 || body.includes('quota_unavailable')) await new Promise((resolve) => setTimeout(resolve, 50));
    else admittedAt = performance.now();
  }
}
