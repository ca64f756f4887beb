import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, createQueue, migrateQueueSchema } from '#queues';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { aRandom } from '../../support/random.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { WorkerProcess } from '../../support/worker-process.js';

const SEGMENTS = 120;
const EVENTS = 20;
const KILLS = 6;

describe('the worker process', () => {
  let database: TestDatabase;
  let worker: WorkerProcess | undefined;
  beforeEach(async () => {
    database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
    await migrateQueueSchema(database.ownerUrl);
  });
  afterEach(async () => {
    await worker?.end('SIGKILL');
    worker = undefined;
    await database.dispose();
  });

  it('loses and doubles nothing when it is killed again and again', async () => {
    const subscription = await aSubscription(database);
    const queue = createQueue(SEGMENT_QUEUE, database.appUrl);
    const random = aRandom(11);
    let queued = 0;
    const enqueue = async (count: number) => {
      for (const last = Math.min(SEGMENTS, queued + count); queued < last;) {
        const events = Array.from({ length: EVENTS }, () => aUsageEvent(subscription));
        await queue.add(SEGMENT_JOB_NAME, await aSegmentJob(events, { segment: ++queued }));
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      worker = await WorkerProcess.start(database);
      const filling = enqueue(SEGMENTS / KILLS);
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 120)));
      await worker.end('SIGKILL');
      await filling;
    }
    worker = await WorkerProcess.start(database);
    await eventually(
      () => queue.countPending(),
      (pending) => pending === 0,
      45_000,
    );
    const [totals] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT (SELECT count(*)::integer FROM usage_event) AS events,
           (SELECT sum(quantity_sum)::integer FROM usage_rollup) AS requests,
           (SELECT count(*)::integer FROM segment_manifest) AS segments`,
      ),
    );
    expect(totals).toEqual({ events: SEGMENTS * EVENTS, requests: SEGMENTS * EVENTS, segments: SEGMENTS });
    await queue.close();
  });

  it('ends by itself with code 0 when it is asked to', async () => {
    worker = await WorkerProcess.start(database);
    const started = performance.now();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('says what it lacks, without repeating secrets, and ends with code 1', async () => {
    worker = WorkerProcess.spawn({ DATABASE_URL: 'mysql://u:hidden@x/y' });
    expect(await worker.ended()).toBe(1);
    expect(worker.log).toContain('DATABASE_URL: expected a URL that begins with postgres://');
    expect(worker.log).not.toContain('hidden');
    worker = undefined;
  });

  it('ends with code 1 when the database refuses it', async () => {
    const nowhere = new URL(database.appUrl);
    nowhere.pathname = '/there-is-no-such-database';
    await expect(WorkerProcess.start(database, { DATABASE_URL: nowhere.href })).rejects.toThrow(
      /ended with 1[^]*the worker did not start/,
    );
  });
});
