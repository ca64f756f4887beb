import fs from 'node:fs';
import http from 'node:http';
import { type Clock, type PlanDefinition, type RatePolicy, uuidV7TimeMs } from '#domain';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer } from '../../support/factories.js';
import { type Answer, type GatewayOverrides, call, gatewayOptions, readJournal } from '../../support/gateway.js';
import { HOW_TO_GET_REDIS, type TestRedis, hasRedis, startRedis } from '../../support/redis.js';
import { type TcpProxy, startTcpProxy } from '../../support/tcp-proxy.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

/** The machine's own time: windows pass as they do in life. */
const realClock: Clock = { nowMs: () => Date.now(), now: () => new Date() };
const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });

let database: TestDatabase;
let upstream: TestUpstream;
let catalog: Catalog;
let consumer: Awaited<ReturnType<typeof aConsumer>>;
let gateways: RunningGateway[] = [];
let folders: string[] = [];

async function startGateways(
  count: number,
  definition: Partial<PlanDefinition>,
  overrides: GatewayOverrides = {},
): Promise<void> {
  database = await createTestDatabase(overrides.clock ? new Date().toISOString() : undefined);
  upstream = await startUpstream();
  catalog = await aCatalog(database, { upstreamUrl: upstream.url, definition });
  consumer = await aConsumer(database, catalog);
  for (let index = 1; index <= count; index++) {
    const options = gatewayOptions(database, { ...overrides, gatewayId: `gateway-${index}` });
    gateways.push(await startGateway(options));
    folders.push(options.journalFolder);
  }
}
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await upstream.close();
  await database.dispose();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  gateways = [];
  folders = [];
});

const ask = (index: number): Promise<Answer> => {
  const gateway = gateways[index % gateways.length]!;
  return call(`http://127.0.0.1:${gateway.port}${catalog.version.basePath}/things`, { key: consumer.key, agent });
};
const askMany = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
const admittedIn = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;
const untilAllKnowEachOther = () =>
  eventually(
    async () => {
      const [row] = await database.dataSource.query<{ count: string }[]>('SELECT count(*) FROM gateway');
      return Number(row!.count);
    },
    (count) => count === gateways.length,
  );

function holdsTheLimit(overrides: () => GatewayOverrides): void {
  it.each<RatePolicy>(['leased', 'shared'])(
    'never admit more than 100 a minute of 200 at once, and 100 again when the minute has passed (%s)',
    async (policy) => {
      const rateLimits = [{ name: 'burst', limit: 100, windowSeconds: 60, policy }];
      await startGateways(2, { rateLimits }, overrides());
      await untilAllKnowEachOther();
      const moveBy = (ms: number) => database.clock.moveTo(database.clock.nowMs() + ms);
      // What one gateway holds and does not need comes back to the other while it is asked for.
      const spend = async () => {
        const first = await askMany(200);
        expect(first.every(({ status }) => status === 200 || status === 429)).toBe(true);
        let admitted = admittedIn(first);
        for (let round = 0; round < 4; round++) {
          moveBy(1_500);
          admitted += admittedIn(await askMany(40));
        }
        return admitted;
      };
      expect(await spend()).toBe(100);
      moveBy(60_000 - 6_000 - 1);
      expect(admittedIn(await askMany(40))).toBe(0);
      moveBy(1 + 6_000 + 1_000);
      expect(await spend()).toBeGreaterThan(90);
      expect(upstream.requests.length).toBeLessThanOrEqual(200);
    },
  );

  it.each<RatePolicy>(['leased', 'shared'])(
    'never admit more than the limit in any two seconds of real time, under constant load (%s)',
    async (policy) => {
      const rateLimits = [{ name: 'burst', limit: 100, windowSeconds: 2, policy }];
      // On a busy machine the store may not answer in time: then nothing is admitted.
      await startGateways(2, { rateLimits, withoutStore: 'fail_closed' }, { ...overrides(), clock: realClock });
      await untilAllKnowEachOther();
      const until = performance.now() + 5_000;
      const client = async (index: number): Promise<void> => {
        while (performance.now() < until) {
          const { status } = await ask(index);
          if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, index) => client(index)));
      const events = (await Promise.all(folders.map(readJournal))).flat();
      const calls = events
        .map(({ id, endedAtMs }) => ({ startMs: uuidV7TimeMs(id), endedAtMs }))
        .toSorted((left, right) => left.startMs - right.startMs);
      expect(calls.length).toBeGreaterThan(180);
      // A call is counted at some time between its start and its end: more than the limit in two seconds are some that all have
      // begun and ended within them.
      for (const [index, { startMs }] of calls.entries()) {
        const next = calls.slice(index, index + 101);
        if (next.length < 101) break;
        expect(Math.max(...next.map(({ endedAtMs }) => endedAtMs)) - startMs).toBeGreaterThanOrEqual(2_000);
      }
    },
  );

  it('spend no window on what another window, or a quota, refuses', async () => {
    const rateLimits = [
      { name: 'wide', limit: 30, windowSeconds: 600 },
      { name: 'narrow', limit: 5, windowSeconds: 1, algorithm: 'fixed_window' as const },
    ];
    await startGateways(
      2,
      { rateLimits, quotas: [{ name: 'monthly', meter: 'requests', limit: 12, enforcement: 'hard' }] },
      overrides(),
    );
    await untilAllKnowEachOther();
    const askAndMove = async (): Promise<void> => {
      await askMany(20);
      database.clock.moveTo(database.clock.nowMs() + 1_500);
    };
    // A gateway may hold the last unit for up to a second of real time before it gives it to the one that asks.
    await eventually(
      async () => {
        await askAndMove();
        return upstream.requests.length;
      },
      (count) => count >= 12,
    );
    for (let round = 0; round < 3; round++) await askAndMove();
    expect(upstream.requests).toHaveLength(12);
    // Only one is asked: the other's block dies by the clock, and goes back. The wide window must not pass meanwhile.
    let moves = 0;
    await eventually(
      async () => {
        if (moves++ < 100) database.clock.moveTo(database.clock.nowMs() + 1_500);
        const { headers } = await ask(0);
        return Number(/"wide";r=(\d+)/.exec(String(headers['ratelimit']))![1]);
      },
      (remaining) => remaining === 18,
    );
  });
}

describe('two gateways that share a rate limit in Postgres', () => {
  holdsTheLimit(() => ({}));
});

describe.skipIf(!hasRedis)(`two gateways that share a rate limit in Redis (${HOW_TO_GET_REDIS})`, () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  holdsTheLimit(() => ({ redisUrl: redis.url }));

  it('admit at most the limit once more after FLUSHALL, and never more than a hard quota', async () => {
    const definition: Partial<PlanDefinition> = {
      rateLimits: [{ name: 'burst', limit: 50, windowSeconds: 600 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 80, enforcement: 'hard' }],
    };
    await startGateways(2, definition, { redisUrl: redis.url });
    await untilAllKnowEachOther();
    // One gateway may hold the last units while the other refuses for want of them.
    const admitted = admittedIn(await askMany(120));
    expect(admitted).toBeGreaterThan(40);
    expect(admitted).toBeLessThanOrEqual(50);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    // Gateways believe for a moment that the window is full; then they ask, and the store has forgotten.
    await eventually(
      async () => {
        await askMany(20);
        return upstream.requests.length;
      },
      (count) => count > 50,
    );
    await eventually(async () => {
      await askMany(20);
      const refusals = await Promise.all([ask(0), ask(1)]);
      return refusals.every(({ body }) => body.includes('quota_exceeded') || body.includes('rate_limit_exceeded'));
    }, Boolean);
    expect(upstream.requests.length).toBeLessThanOrEqual(80);
  });
});

describe.skipIf(!hasRedis)(`a rate limit whose store is black-holed (${HOW_TO_GET_REDIS})`, () => {
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
  afterEach(() => proxy.restore());

  const askTimes = async (count: number) => {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index++) answers.push(await ask(0));
    return answers;
  };
  const startWith = (definition: Partial<PlanDefinition>) =>
    startGateways(
      1,
      { rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 600, policy: 'shared' }], ...definition },
      {
        redisUrl: proxy.url,
        rateStoreTimeoutMs: 500,
      },
    );

  it('goes on with the gateway’s share, and counts on when it is back', async () => {
    await startWith({});
    expect(admittedIn(await askTimes(4))).toBe(4);
    proxy.freeze();
    const answers = await askTimes(20);
    expect(admittedIn(answers)).toBe(10);
    expect(answers.at(-1)!.json()).toMatchObject({ code: 'rate_limit_exceeded', 'violated-policies': ['burst'] });
    proxy.restore();
    // The store has 4, and is told of the 10 that were admitted without it.
    await eventually(
      async () => {
        const { headers } = await ask(0);
        return String(headers['ratelimit']);
      },
      (limits) => limits.startsWith('"burst";r=0;t=600'),
    );
    expect(upstream.requests).toHaveLength(14);
  });

  it('refuses with 503 when the plan is fail-closed, and serves again when it is back', async () => {
    await startWith({ withoutStore: 'fail_closed' });
    expect(admittedIn(await askTimes(4))).toBe(4);
    proxy.freeze();
    const answers = await askTimes(5);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json()).toMatchObject({ code: 'rate_limit_unavailable' });
    }
    proxy.restore();
    await eventually(
      () => ask(0),
      ({ status }) => status === 200,
    );
    expect(upstream.requests).toHaveLength(5);
  });

  it('admits everything when the plan is fail-open', async () => {
    await startWith({ withoutStore: 'fail_open' });
    proxy.freeze();
    expect(admittedIn(await askTimes(30))).toBe(30);
  });
});
