import fs from 'node:fs';
import { appendChange } from '#persistence';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer, aCredential } from '../../support/factories.js';
import { type GatewayOverrides, call, gatewayOptions } from '../../support/gateway.js';
import { HOW_TO_GET_REDIS, type TestRedis, hasRedis, startRedis } from '../../support/redis.js';
import { type TcpProxy, startTcpProxy } from '../../support/tcp-proxy.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

const atMidday = '2026-11-10T12:00:00Z';

let database: TestDatabase;
let upstream: TestUpstream;
let catalog: Catalog;
let key: string;
let gateways: RunningGateway[] = [];
let folders: string[] = [];

async function start(count: number, testQuota: number, overrides: GatewayOverrides = {}): Promise<void> {
  database = await createTestDatabase(atMidday);
  upstream = await startUpstream();
  catalog = await aCatalog(database, { upstreamUrl: upstream.url, product: { testQuota } });
  const { application } = await aConsumer(database, catalog);
  ({ key } = await aCredential(database, { application, mode: 'test' }));
  for (let index = 1; index <= count; index++) await startOne(`gateway-${index}`, overrides);
}
async function startOne(gatewayId: string, overrides: GatewayOverrides = {}): Promise<void> {
  const options = gatewayOptions(database, { ...overrides, gatewayId });
  folders.push(options.journalFolder);
  gateways.push(await startGateway(options));
}
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await upstream.close();
  await database.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  gateways = [];
  folders = [];
});

const ask = (index = 0) => {
  const { port } = gateways[index % gateways.length]!;
  return call(`http://127.0.0.1:${port}${catalog.version.basePath}/things`, { key });
};
const statusesOf = async (count: number) => {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
  return answers.map(({ status }) => status).toSorted((left, right) => left - right);
};

function isShared(overrides: () => GatewayOverrides): void {
  it('gives so many calls a day over all gateways, and none more for a restart', async () => {
    await start(2, 5, overrides());
    expect(await statusesOf(12)).toEqual([...Array(5).fill(200), ...Array(7).fill(429)]);
    await gateways.pop()!.stop();
    await startOne('gateway-3', overrides());
    const refused = await ask(1);
    expect(refused.status).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'test_quota_exceeded' });
    expect(refused.headers).toMatchObject({
      'retry-after': '43200',
      'ratelimit-policy': '"test";q=5;w=86400',
      ratelimit: '"test";r=0;t=43200',
    });
    database.clock.moveTo(Date.parse('2026-11-11T00:00:00Z'));
    expect(await statusesOf(6)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(upstream.requests).toHaveLength(10);
  });

  it('counts what was called before when the product’s quota is changed', async () => {
    await start(1, 3, overrides());
    expect(await statusesOf(4)).toEqual([200, 200, 200, 429]);
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query('UPDATE api_product SET test_quota = 5 WHERE id = $1', [catalog.product.id]);
      await appendChange(transaction, 'catalog', 'all', database.clock.now());
    });
    await eventually(
      () => ask(),
      ({ headers }) => headers['ratelimit-policy'] === '"test";q=5;w=86400',
    );
    await statusesOf(4);
    expect(upstream.requests).toHaveLength(5);
  });
}

describe('the quota of test keys, counted in Postgres', () => {
  isShared(() => ({}));
});

describe.skipIf(!hasRedis)(`the quota of test keys, counted in Redis (${HOW_TO_GET_REDIS})`, () => {
  let redis: TestRedis;
  let proxy: TcpProxy;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startTcpProxy(redis.url);
  });
  afterAll(async () => {
    await proxy.close();
    await redis.stop();
  });

  isShared(() => ({ redisUrl: redis.url }));

  it('asks the store nothing for calls beyond it', async () => {
    const client = new Redis(redis.url);
    try {
      const questions = async () =>
        [...(await client.info('commandstats')).matchAll(/cmdstat_(?:evalsha|eval|fcall):calls=(\d+)/g)].reduce(
          (sum, [, calls]) => sum + Number(calls),
          0,
        );
      await start(1, 2, { redisUrl: redis.url });
      expect(await statusesOf(3)).toEqual([200, 200, 429]);
      const before = await questions();
      expect(before).toBeGreaterThan(0);
      expect(new Set(await statusesOf(50))).toEqual(new Set([429]));
      expect(await questions()).toBe(before);
    } finally {
      client.disconnect();
    }
  });

  it('is the share of each gateway while the store is away', async () => {
    await start(1, 4, { redisUrl: proxy.url, rateStoreTimeoutMs: 500 });
    expect((await ask()).status).toBe(200);
    proxy.freeze();
    expect(await statusesOf(6)).toEqual([200, 200, 200, 200, 429, 429]);
    proxy.restore();
  });
});
