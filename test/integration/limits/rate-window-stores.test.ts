import { setImmediate } from 'node:timers/promises';
import type { RateAlgorithm } from '#domain';
import {
  MemoryWindowStore,
  PostgresWindowStore,
  type RateRule,
  type RateWindowStore,
  RateStoreError,
  RedisWindowStore,
  type UnitsAnswer,
  type UnitsRequest,
  blockLifeMs,
} from '#limits';
import { UnitOfWork, createDataSource } from '#persistence';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { HOW_TO_GET_REDIS, type TestRedis, hasRedis, startRedis, startRedisCluster } from '../../support/redis.js';

const startMs = 1_700_000_000_000;
const algorithms: readonly RateAlgorithm[] = ['sliding_window', 'fixed_window', 'gcra'];
const ruleOf = (algorithm: RateAlgorithm, limit = 100, windowMs = 60_000, burst = limit): RateRule => ({
  algorithm,
  limit,
  windowMs,
  burst,
});
let keys = 0;
const nextKey = () => `{test:${++keys}} window`;
const request = (key: string, rule: RateRule, change: Partial<UnitsRequest> = {}): UnitsRequest => ({
  key,
  rule,
  nowMs: startMs,
  ended: [],
  needed: 1,
  wanted: 1,
  sharers: 1,
  diesAtMs: change.nowMs ?? startMs,
  ...change,
});
const exchange = (store: RateWindowStore, asked: UnitsRequest): Promise<UnitsAnswer> =>
  new Promise((onExchanged, onExchangeFailed) => store.exchange(asked, { onExchanged, onExchangeFailed }));
/** Where Redis has a sliding window. */
const keptUnder = (key: string) => `${key} 4`;
const isReady = (store: RateWindowStore) =>
  eventually(
    () =>
      exchange(store, request(nextKey(), ruleOf('fixed_window'))).then(
        () => true,
        () => false,
      ),
    Boolean,
  );

const someRule = fc.record({
  algorithm: fc.constantFrom(...algorithms),
  limit: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(5_000)),
  windowMs: fc.integer({ min: 100, max: 90_000 }),
  burst: fc.integer({ min: 1, max: 30 }),
});
const someSteps = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.integer({ min: -200, max: 400 }), fc.nat(40_000)),
    needed: fc.nat(4),
    more: fc.nat(20),
    sharers: fc.integer({ min: 1, max: 4 }),
    isBlock: fc.boolean(),
    ends: fc.nat(3),
    spentOf: fc.nat(4),
  }),
  { minLength: 1, maxLength: 25 },
);

/** What every store promises. `open` makes a further client of the same store. */
function behavesAsWindowStore(open: () => RateWindowStore): void {
  let stores: RateWindowStore[];
  beforeAll(async () => {
    stores = [open(), open(), open(), open()];
    await Promise.all(stores.map(isReady));
  });
  afterAll(() => Promise.all(stores.map((store) => store.close())));

  it('answers as the pure function does, whatever is taken, ended and given back', async () => {
    await fc.assert(
      fc.asyncProperty(someRule, someSteps, async (rule, steps) => {
        const reference = new MemoryWindowStore();
        const key = nextKey();
        const open: (UnitsAnswer & { isBlock: boolean; takenMs: number })[] = [];
        let nowMs = startMs;
        for (const [index, { gapMs, needed, more, sharers, isBlock, ends, spentOf }] of steps.entries()) {
          nowMs += gapMs;
          const ended = open.splice(0, ends).map(({ granted, diesAtMs, isBlock: wasBlock, takenMs }) => ({
            units: granted,
            diesAtMs,
            spent: Math.min(granted, spentOf),
            lastSpentMs: Math.min(diesAtMs, Math.max(takenMs, nowMs)),
            isBlock: wasBlock,
          }));
          const diesAtMs = isBlock ? nowMs + blockLifeMs(rule) : nowMs;
          const question = request(key, rule, { nowMs, ended, needed, wanted: needed + more, sharers, diesAtMs });
          const answer = await exchange(stores[index % stores.length]!, question);
          expect(answer).toEqual(await exchange(reference, question));
          if (answer.granted > 0) open.push({ ...answer, isBlock, takenMs: nowMs });
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(algorithms)('keeps the rules apart of windows that are asked for together (%s)', async (algorithm) => {
    const reference = new MemoryWindowStore();
    const kinds = [
      { limit: 3, windowMs: 1_000, burst: 3, sharers: 1 },
      { limit: 3, windowMs: 1_000, burst: 3, sharers: 2 },
      { limit: 3, windowMs: 1_000, burst: 2, sharers: 2 },
      { limit: 3, windowMs: 60_000, burst: 2, sharers: 2 },
      { limit: 40, windowMs: 60_000, burst: 2, sharers: 2 },
      { limit: 40, windowMs: 60_000, burst: 2, sharers: 1 },
    ];
    const windows = [...kinds, ...kinds].map((kind) => ({ key: nextKey(), ...kind }));
    // Ended units are between the numbers of one window and the next.
    const ended = [{ units: 0, diesAtMs: startMs, spent: 1, lastSpentMs: startMs, isBlock: false }];
    const granted = new Set<number>();
    for (const round of [0, 1, 2]) {
      const questions = windows.map(({ key, sharers, ...rule }, index) =>
        request(key, { algorithm, ...rule }, { wanted: 9, sharers, ended: index % 3 === round ? ended : [] }),
      );
      const answers = await Promise.all(questions.map((question) => exchange(stores[0]!, question)));
      expect(answers).toEqual(await Promise.all(questions.map((question) => exchange(reference, question))));
      for (const answer of answers) granted.add(answer.granted);
    }
    expect(granted.size).toBeGreaterThan(1);
  });

  it.each(algorithms)(
    'grants no more than the limit to many who ask at once through several clients (%s)',
    async (algorithm) => {
      const key = nextKey();
      const rule = ruleOf(algorithm);
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          exchange(
            stores[index % stores.length]!,
            request(key, rule, { nowMs: startMs + (index % 7), wanted: 1 + (index % 3) }),
          ),
        ),
      );
      expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
    },
  );

  it.each(algorithms)(
    'loses no unit when all are taken and given back at once through several clients (%s)',
    async (algorithm) => {
      const key = nextKey();
      const rule = ruleOf(algorithm, 20);
      const takeAndGiveBack = async (store: RateWindowStore): Promise<void> => {
        const { granted, diesAtMs } = await exchange(store, request(key, rule, { needed: 3, wanted: 3 }));
        expect(granted).toBeLessThanOrEqual(3);
        const ended = [{ units: granted, diesAtMs, spent: 0, lastSpentMs: diesAtMs, isBlock: false }];
        await exchange(store, request(key, rule, { ended, needed: 0, wanted: 0 }));
      };
      for (let round = 0; round < 5; round++)
        await Promise.all(Array.from({ length: 20 }, (_, index) => takeAndGiveBack(stores[index % stores.length]!)));
      const { granted } = await exchange(stores[0]!, request(key, rule, { needed: 30, wanted: 30 }));
      expect(granted).toBe(20);
    },
  );

  it('keeps windows apart, and can take the longest name of a limit', async () => {
    const rule = ruleOf('sliding_window', 1);
    const [first, second] = [`${nextKey()} ${'x'.repeat(64)}`, `${nextKey()} "é\n`];
    expect((await exchange(stores[0]!, request(first, rule))).granted).toBe(1);
    expect((await exchange(stores[1]!, request(first, rule))).granted).toBe(0);
    expect((await exchange(stores[1]!, request(second, rule))).granted).toBe(1);
  });
}

describe('windows in memory', () => {
  const store = new MemoryWindowStore();
  behavesAsWindowStore(() => store);

  it('are forgotten when they are as good as new', async () => {
    const own = new MemoryWindowStore();
    for (const algorithm of algorithms) await exchange(own, request(nextKey(), ruleOf(algorithm, 10, 1_000)));
    await own.sweep(startMs + 1_000);
    expect(own.size).toBe(3);
    await own.sweep(startMs + 1_100);
    // What died in an epoch of the generic cell rate algorithm is owed until its end.
    expect(own.size).toBe(1);
    await own.sweep(startMs + 1_200);
    expect(own.size).toBe(0);
  });
});

describe('windows in Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.dispose());

  behavesAsWindowStore(() => new PostgresWindowStore(database.unitOfWork));

  it('are deleted when they are as good as new', async () => {
    const store = new PostgresWindowStore(database.unitOfWork);
    const count = async () =>
      Number((await database.dataSource.query<{ count: string }[]>('SELECT count(*) FROM rate_window'))[0]!.count);
    const before = await count();
    // Times of requests differ a little from the first one's.
    await store.sweep(startMs - 1_000);
    expect(await count()).toBe(before);
    await store.sweep(startMs + 2_000_000_000);
    expect(await count()).toBe(0);
  });

  it('take one statement an exchange, two when another gateway was there, and never more than is there', async () => {
    const statements: string[] = [];
    const spied = (): PostgresWindowStore => {
      const dataSource = createDataSource({ url: database.appUrl, processName: 'test', poolSize: 4 });
      opened.push(dataSource);
      const query = dataSource.query.bind(dataSource);
      dataSource.query = ((...args: Parameters<typeof query>) => {
        statements.push(args[0]);
        return query(...args);
      }) as typeof dataSource.query;
      return new PostgresWindowStore(new UnitOfWork(dataSource));
    };
    const opened: ReturnType<typeof createDataSource>[] = [];
    const [one, other] = [spied(), spied()];
    await Promise.all(opened.map((dataSource) => dataSource.initialize()));
    try {
      const [key, rule] = [nextKey(), ruleOf('sliding_window', 35)];
      const take = async (store: PostgresWindowStore) => {
        statements.length = 0;
        const { granted } = await exchange(store, request(key, rule));
        return [granted, statements.length];
      };
      expect([await take(one), await take(one), await take(other), await take(other), await take(one)]).toEqual([
        [1, 1],
        [1, 1],
        [1, 2],
        [1, 1],
        [1, 2],
      ]);
      const stores = Array.from({ length: 60 }, (_, index) => (index % 2 ? one : other));
      const answers = await Promise.all(stores.map((store) => exchange(store, request(key, rule))));
      expect(answers.reduce((sum, { granted }) => sum + granted, 0)).toBe(30);
    } finally {
      await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    }
  });

  it('say so when the way to Postgres swallows everything, and go on when it is back', async () => {
    const proxy = await startTcpProxy(database.appUrl);
    const dataSource = createDataSource({ url: proxy.url, processName: 'test', poolSize: 2, queryTimeoutMs: 300 });
    await dataSource.initialize();
    const store = new PostgresWindowStore(new UnitOfWork(dataSource));
    const key = nextKey();
    const take = () => exchange(store, request(key, ruleOf('fixed_window', 10)));
    try {
      expect((await take()).remaining).toBe(9);
      proxy.freeze();
      await expect(take()).rejects.toThrow(RateStoreError);
      proxy.restore();
      const back = await eventually(
        () => take().catch(() => null),
        (answer) => answer !== null,
      );
      expect(back!.remaining).toBeLessThanOrEqual(8);
    } finally {
      await dataSource.destroy();
      await proxy.close();
    }
  });

  it('say that the store is unavailable when it is', async () => {
    const unreachable = createDataSource({ url: 'postgres://nobody@127.0.0.1:1/none', processName: 'test' });
    const store = new PostgresWindowStore(new UnitOfWork(unreachable));
    await expect(exchange(store, request(nextKey(), ruleOf('gcra')))).rejects.toThrow(RateStoreError);
  });
});

describe.skipIf(!hasRedis)(`windows in Redis (${HOW_TO_GET_REDIS})`, () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  behavesAsWindowStore(() => new RedisWindowStore(redis.url));

  it('expire by themselves', async () => {
    const store = new RedisWindowStore(redis.url);
    const client = new Redis(redis.url);
    try {
      await isReady(store);
      const key = nextKey();
      await exchange(store, request(key, ruleOf('sliding_window', 10, 1_000)));
      const ttl = await client.pttl(keptUnder(key));
      expect(ttl).toBeGreaterThan(1_000);
      expect(ttl).toBeLessThanOrEqual(2_363);
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('live longer as they are used, though not every exchange says so', async () => {
    const store = new RedisWindowStore(redis.url);
    const client = new Redis(redis.url);
    try {
      await isReady(store);
      const [key, rule] = [nextKey(), ruleOf('sliding_window', 10, 1_000)];
      const keptMs = 2_100;
      let nowMs = startMs;
      // Always as long as what was taken counts, and never more than an eighth longer.
      for (let count = 0; count < 8; count++) {
        const before = await client.pttl(keptUnder(key));
        await exchange(store, request(key, rule, { nowMs }));
        const after = await client.pttl(keptUnder(key));
        expect(after).toBeGreaterThanOrEqual(keptMs - 150);
        expect(after).toBeLessThanOrEqual(keptMs * 1.125 + 1);
        if (count === 1) expect(after).toBeLessThanOrEqual(before);
        await client.pexpire(keptUnder(key), after - 120);
        nowMs += 120;
      }
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('begin anew after FLUSHALL, scripts included, and units of before do no harm', async () => {
    const store = new RedisWindowStore(redis.url);
    const client = new Redis(redis.url);
    try {
      await isReady(store);
      for (const algorithm of algorithms) {
        const [key, rule] = [nextKey(), ruleOf(algorithm, 10)];
        const diesAtMs = startMs + 1_000;
        const block = await exchange(store, request(key, rule, { needed: 6, wanted: 6, diesAtMs }));
        await client.flushall();
        await client.script('FLUSH');
        const ended = [{ units: block.granted, diesAtMs, spent: 4, lastSpentMs: startMs, isBlock: true }];
        const { granted } = await exchange(store, request(key, rule, { ended, needed: 20, wanted: 20 }));
        expect(granted).toBeGreaterThanOrEqual(6);
        expect(granted).toBeLessThanOrEqual(10);
      }
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('take one command for all that is asked in a turn, in its order, and one that cannot be asked is no other’s failure', async () => {
    const store = new RedisWindowStore(redis.url);
    const client = new Redis(redis.url);
    const callsOf = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
    try {
      await isReady(store);
      const [full, foreign] = [nextKey(), nextKey()];
      await client.hset(keptUnder(foreign), 'no', 'window');
      const rule = ruleOf('sliding_window', 3);
      const before = await callsOf();
      const answers = await Promise.allSettled([
        ...[0, 1].map(() => exchange(store, request(full, rule))),
        exchange(store, request(foreign, rule)),
        ...[0, 1].map(() => exchange(store, request(full, rule))),
        ...Array.from({ length: 200 }, () => exchange(store, request(nextKey(), rule))),
      ]);
      expect(await callsOf()).toBe(before + 1);
      const granted = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.granted : answer.reason));
      expect(granted.slice(0, 2)).toEqual([1, 1]);
      expect(granted[2]).toBeInstanceOf(RateStoreError);
      expect(String((granted[2] as RateStoreError).cause)).toContain('WRONGTYPE');
      expect(granted.slice(3, 5)).toEqual([1, 0]);
      expect(granted.slice(5)).toEqual(Array.from({ length: 200 }, () => 1));
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('count the same as in memory over thousands of slices, and keep no more than those that count and some that are over', async () => {
    const [store, memory] = [new RedisWindowStore(redis.url), new MemoryWindowStore()];
    const client = new Redis(redis.url);
    try {
      await isReady(store);
      const [key, rule] = [nextKey(), ruleOf('sliding_window', 700, 1_000)];
      const [head, slice, mostOver] = [48, 12, 512];
      let longest = 0;
      for (let from = 0; from < 4_000; from += 250) {
        // Now and then nothing comes for a while, or something that is over by then.
        const pauseMs = from % 1_000 === 750 ? 300 : 0;
        const requests = Array.from({ length: 250 }, (_, index) => {
          const nowMs = startMs + from + index + pauseMs - (index % 97 === 96 ? 500 : 0);
          return request(key, rule, { nowMs, needed: (index % 3) + 1, wanted: 3 });
        });
        const answers = await Promise.all(requests.map((one) => exchange(store, one)));
        expect(answers).toEqual(await Promise.all(requests.map((one) => exchange(memory, one))));
        longest = Math.max(longest, await client.strlen(keptUnder(key)));
      }
      expect(longest).toBeGreaterThan(head + 300 * slice);
      expect(longest).toBeLessThanOrEqual(head + (1_001 + mostOver + 1) * slice);
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('gather what is asked while an answer is on its way, and ask it together', async () => {
    const store = new RedisWindowStore(redis.url);
    const client = new Redis(redis.url);
    const callsOf = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
    try {
      await isReady(store);
      const rule = ruleOf('sliding_window', 3);
      const before = await callsOf();
      await client.call('CLIENT', 'PAUSE', '300');
      const asked = [];
      for (let turn = 0; turn < 20; turn++) {
        asked.push(exchange(store, request(nextKey(), rule)));
        await setImmediate();
      }
      expect((await Promise.all(asked)).every(({ granted }) => granted === 1)).toBe(true);
      expect((await callsOf()) - before).toBe(2);
    } finally {
      client.disconnect();
      await store.close();
    }
  });

  it('answer more questions of a turn than go into one command, and take back any number of units at once', async () => {
    const store = new RedisWindowStore(redis.url);
    try {
      await isReady(store);
      const [key, rule] = [nextKey(), ruleOf('sliding_window', 1_000)];
      const take = (offsetMs: number) => exchange(store, request(key, rule, { nowMs: startMs + offsetMs }));
      const answers = await Promise.all(Array.from({ length: 1_200 }, (_, index) => take(index)));
      expect(answers.map(({ granted }) => granted)).toEqual(answers.map((_, index) => (index < 1_000 ? 1 : 0)));
      const ended = answers
        .slice(0, 900)
        .map(({ diesAtMs }) => ({ units: 1, diesAtMs, spent: 0, lastSpentMs: diesAtMs, isBlock: false }));
      const nowMs = startMs + 1_200;
      const answer = await exchange(store, request(key, rule, { nowMs, ended, needed: 0, wanted: 0 }));
      expect(answer).toEqual({ granted: 0, diesAtMs: nowMs, remaining: 900, nextUnitInMs: 60_000 + 900 - 1_200 });
    } finally {
      await store.close();
    }
  });

  it('fail while Redis is gone, and go on when it is back', async () => {
    const store = new RedisWindowStore(redis.url);
    await isReady(store);
    await redis.kill();
    await eventually(
      () =>
        exchange(store, request(nextKey(), ruleOf('gcra'))).then(
          () => 'answered',
          (error: Error) => error.name,
        ),
      (answer) => answer !== 'answered',
    );
    await expect(exchange(store, request(nextKey(), ruleOf('gcra')))).rejects.toThrow(RateStoreError);
    await redis.restart();
    await isReady(store);
    await store.close();
  });
});

describe.skipIf(!hasRedis)(`windows in a Redis Cluster (${HOW_TO_GET_REDIS})`, () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());

  behavesAsWindowStore(() => new RedisWindowStore(cluster.url));
});
