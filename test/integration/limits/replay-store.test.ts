import { PostgresReplayStore, RedisReplayStore, type ReplayClaim } from '#limits';
import { randomBytes, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { anOrganization } from '../../support/factories.js';
import { HOW_TO_GET_REDIS, hasRedis, startRedis, startRedisCluster } from '../../support/redis.js';
import { describeReplayStore } from '../../support/replay-store-contract.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';

describe('answers in Postgres', () => {
  let database: TestDatabase;
  afterEach(() => database.dispose());

  describeReplayStore('Postgres', async () => {
    database = await createTestDatabase();
    const { unitOfWork, clock } = database;
    return {
      store: new PostgresReplayStore(unitOfWork, clock),
      organizationId: (await anOrganization(database)).id,
      advance: (ms) => clock.moveTo(clock.nowMs() + ms),
      count: async () => {
        const [row] = await unitOfWork.inSystem((transaction) =>
          transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM replay_record'),
        );
        return row!.count;
      },
    };
  });
});

const aClaim = (): ReplayClaim => ({
  key: randomBytes(32),
  organizationId: randomUUID(),
  claimant: randomUUID(),
  fingerprint: randomBytes(32),
});

describe.skipIf(!hasRedis)(`answers in Redis (${HOW_TO_GET_REDIS})`, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let client: Redis;
  let store: RedisReplayStore;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
    client.on('error', () => undefined);
    store = await opened(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await store.close();
    await redis.stop();
  });

  describeReplayStore('Redis', async () => {
    await client.flushall();
    return {
      store,
      organizationId: randomUUID(),
      advance: async (ms) => {
        for (const key of await client.keys('*')) await client.pexpire(key, (await client.pttl(key)) - ms);
      },
      count: () => client.dbsize(),
    };
  });

  it('say that a server which swallows everything does not answer, and come back with it', async () => {
    const proxy = await startTcpProxy(redis.url);
    const away = await opened(proxy.url);
    try {
      proxy.freeze();
      const waitedMs = async () => {
        const startedAt = performance.now();
        await expect(away.claim(aClaim(), 60_000)).rejects.toThrow();
        return performance.now() - startedAt;
      };
      // The first waits for an answer; whoever comes after it knows.
      const firstMs = await waitedMs();
      expect(await waitedMs()).toBeLessThan(firstMs / 2);
      proxy.restore();
      await answering(away);
    } finally {
      await away.close();
      await proxy.close();
    }
  });
});

describe.skipIf(!hasRedis)(`answers in a Redis Cluster (${HOW_TO_GET_REDIS})`, () => {
  it('come back byte by byte, whichever node has them', async () => {
    const cluster = await startRedisCluster();
    const store = await opened(cluster.url);
    try {
      for (let time = 0; time < 10; time++) {
        const [claim, answer] = [aClaim(), randomBytes(500)];
        expect(await store.claim(claim, 60_000)).toEqual({ state: 'claimed' });
        await store.complete(claim, answer, 60_000);
        expect(await store.claim(claim, 60_000)).toEqual({ state: 'answered', answer });
      }
    } finally {
      await store.close();
      await cluster.stop();
    }
  });
});

async function opened(url: string): Promise<RedisReplayStore> {
  const store = new RedisReplayStore(url);
  await store.firstAttempt;
  await answering(store);
  return store;
}

const answering = (store: RedisReplayStore) =>
  eventually(
    () =>
      store.claim(aClaim(), 1).then(
        () => true,
        () => false,
      ),
    Boolean,
  );
