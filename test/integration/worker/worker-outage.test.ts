import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource, runMigrations } from '#persistence';
import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, createQueue, migrateQueueSchema } from '#queues';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDatabase } from '../../../scripts/launcher/database.mjs';
import { startPostgres } from '../../../scripts/launcher/postgres.mjs';
import { aSubscription } from '../../support/billing-rows.js';
import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { HOW_TO_GET_REDIS, hasRedis, startRedis } from '../../support/redis.js';
import { startWorker } from '../../support/running-worker.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

describe('the worker outlives what it depends on', () => {
  let folder: string;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let database: TestDatabase;

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-outage-'));
    fs.chmodSync(folder, 0o755);
    postgres = await startPostgres({ dataFolder: path.join(folder, 'data') });
    database = await openDatabase();
  });
  afterEach(async () => {
    await database.dispose();
    postgres.stop('immediate');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('goes on by itself after Postgres was killed, with the queue on it', async () => {
    const subscription = await aSubscription(database);
    const queue = createQueue(SEGMENT_QUEUE, database.appUrl);
    const ship = async (segment: number) =>
      queue.add(SEGMENT_JOB_NAME, await aSegmentJob([aUsageEvent(subscription)], { segment }));
    const worker = await startWorker(database);
    await ship(1);
    await eventually(countEvents, (count) => count === 1);

    postgres.stop('immediate');
    await expect(ship(2)).rejects.toThrow(/queue/);
    expect((await fetch(`${worker.adminUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${worker.adminUrl}/readyz`)).status).toBe(503);
    postgres = await startPostgres({ dataFolder: path.join(folder, 'data'), port: postgres.port });

    await eventually(
      () =>
        ship(2).then(
          () => true,
          () => false,
        ),
      (isShipped) => isShipped,
    );
    await eventually(countEvents, (count) => count === 2);
    expect((await fetch(`${worker.adminUrl}/readyz`)).status).toBe(200);
    expect(worker.log.length).toBeLessThan(200);
    await worker.stop();
    await queue.close();
  });

  it.skipIf(!hasRedis)(`goes on by itself after Redis was killed (${HOW_TO_GET_REDIS})`, async () => {
    const redis = await startRedis();
    const subscription = await aSubscription(database);
    const queue = createQueue(SEGMENT_QUEUE, redis.url);
    const worker = await startWorker(database, { QUEUE_URL: redis.url });
    await redis.kill();
    await redis.restart();
    const job = await aSegmentJob([aUsageEvent(subscription)]);
    await eventually(
      () =>
        queue.add(SEGMENT_JOB_NAME, job).then(
          () => true,
          () => false,
        ),
      (isShipped) => isShipped,
    );
    await eventually(countEvents, (count) => count === 1);
    await worker.stop();
    await queue.close();
    await redis.stop();
  });

  async function countEvents(): Promise<number> {
    try {
      const [row] = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ count: number }>(`SELECT count(*)::integer AS count FROM usage_event`),
      );
      return row!.count;
    } catch {
      return -1;
    }
  }

  async function openDatabase(): Promise<TestDatabase> {
    const superuserUrl = postgres.url();
    const { appUrl, ownerUrl } = await prepareDatabase({ superuserUrl, database: 'outage', password: 'outage' });
    await runMigrations(ownerUrl);
    await migrateQueueSchema(ownerUrl);
    const dataSource = await createDataSource({ url: appUrl, processName: 'test' }).initialize();
    const unitOfWork = new UnitOfWork(dataSource);
    const clock = new FixedClock(Date.now() - 3_600_000);
    const ids = new UuidV7Generator(clock, randomFillSync);
    const context = { unitOfWork, clock, ids, fillRandom: randomFillSync };
    return {
      appUrl,
      ownerUrl,
      superuserUrl,
      dataSource,
      unitOfWork,
      clock,
      context,
      dispose: () => dataSource.destroy(),
    };
  }
});
