import { randomUUID } from 'node:crypto';
import {
  type JobFailure,
  JobRefusedError,
  type JobWorker,
  QueueUnavailableError,
  createQueue,
  createQueueDesk,
  createWorker,
  migrateQueueSchema,
} from '#queues';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { HOW_TO_GET_REDIS, type TestRedis, hasRedis, startRedis } from '../../support/redis.js';

describe('the queue on Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateQueueSchema(database.ownerUrl);
  });
  afterAll(() => database.dispose());

  behavesAsQueue(() => database.appUrl);

  it('is migrated again without harm, and the application may neither own nor change its schema', async () => {
    await migrateQueueSchema(database.ownerUrl);
    const owned = await database.dataSource.query(
      `SELECT relname FROM pg_class WHERE relowner = 'tollgate_app'::regrole AND relpersistence <> 't'`,
    );
    expect(owned).toEqual([]);
    await expect(database.dataSource.query('DROP TABLE bullmq.job')).rejects.toThrow(/must be owner/);
    await expect(database.dataSource.query('UPDATE bullmq.migration SET version = 0')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('says what is wrong when its schema is missing, to workers and producers, and works once it is there', async () => {
    const bare = await createTestDatabase();
    try {
      const processors = { 'close-due-periods': async () => {} };
      const options = { concurrency: 1, onError: () => {} };
      await expect(createWorker('billing', bare.appUrl, processors, options)).rejects.toThrow(QueueUnavailableError);
      const queue = createQueue('billing', bare.appUrl);
      await expect(queue.add('close-due-periods', {})).rejects.toThrow(QueueUnavailableError);
      await migrateQueueSchema(bare.ownerUrl);
      await queue.add('close-due-periods', {});
      expect(await queue.countPending()).toBe(1);
      await queue.close();
    } finally {
      await bare.dispose();
    }
  });
});

describe.skipIf(!hasRedis)(`the queue on Redis (${HOW_TO_GET_REDIS})`, () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  behavesAsQueue(() => redis.url);

  it('refuses within seconds while Redis is gone, and goes on when it is back, jobs included', async () => {
    const done: string[] = [];
    const queue = createQueue('payments', redis.url);
    const waiting = randomUUID();
    await queue.add('collect-invoice', { invoiceId: waiting });
    await redis.kill();
    await expect(queue.add('collect-invoice', { invoiceId: randomUUID() })).rejects.toThrow(QueueUnavailableError);
    await redis.restart();
    const worker = await createWorker(
      'payments',
      redis.url,
      {
        'collect-invoice': async ({ invoiceId }) => void done.push(invoiceId),
        'tax-invoice': async () => undefined,
        'settle-invoice': async () => {},
        'refund-payment': async () => {},
        'process-webhook': async () => {},
      },
      { concurrency: 1, onError: () => {} },
    );
    await eventually(
      () => done,
      (ids) => ids.includes(waiting),
    );
    await worker.close();
    await queue.close();
  });
});

function behavesAsQueue(url: () => string): void {
  const workers: JobWorker[] = [];
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
  });

  async function work(
    collect: (invoiceId: string, attempt: number) => Promise<void>,
    onError: (error: Error, failure?: JobFailure) => void = () => {},
  ): Promise<void> {
    workers.push(
      await createWorker(
        'payments',
        url(),
        {
          'collect-invoice': ({ invoiceId }, { attempt }) => collect(invoiceId, attempt),
          'tax-invoice': async () => undefined,
          'settle-invoice': async () => {},
          'refund-payment': async () => {},
          'process-webhook': async () => {},
        },
        { concurrency: 2, onError },
      ),
    );
  }

  it('hands each job to one worker once, and keeps nothing of it', async () => {
    const queue = createQueue('payments', url());
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all([...ids, ...ids].map((invoiceId) => queue.add('collect-invoice', { invoiceId })));
    expect(await queue.countPending()).toBe(20);
    const done: string[] = [];
    await work(async (id) => void done.push(id));
    await work(async (id) => void done.push(id));
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    expect(done.toSorted()).toEqual(ids.toSorted());
    await queue.add('collect-invoice', { invoiceId: ids[0]! });
    await eventually(
      () => done.length,
      (count) => count === 21,
    );
    await queue.close();
  });

  it('tries a failed job again, and tells of the failure', async () => {
    const queue = createQueue('payments', url());
    const invoiceId = randomUUID();
    const attempts: number[] = [];
    const failures: unknown[] = [];
    await work(
      async (_, attempt) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error('the provider is away');
      },
      (error, failure) => failures.push({ message: error.message, ...failure }),
    );
    await queue.add('collect-invoice', { invoiceId });
    await eventually(
      () => attempts,
      (tries) => tries.length === 2,
    );
    expect(attempts).toEqual([1, 2]);
    expect(failures).toEqual([
      {
        message: 'the provider is away',
        queue: 'payments',
        jobName: 'collect-invoice',
        jobId: `collect-invoice-${invoiceId}`,
        attempt: 1,
        willRetry: true,
      },
    ]);
    await queue.close();
  });

  it('gives up a job that its processor refuses', async () => {
    const queue = createQueue('payments', url());
    const failures: { error: Error; willRetry: boolean | undefined }[] = [];
    await work(
      () => Promise.reject(new JobRefusedError('there is no such invoice')),
      (error, failure) => failures.push({ error, willRetry: failure?.willRetry }),
    );
    await queue.add('collect-invoice', { invoiceId: randomUUID() });
    const [failure] = await eventually(
      () => failures,
      (seen) => seen.length > 0,
    );
    expect(failure?.error).toBeInstanceOf(JobRefusedError);
    expect(failure?.willRetry).toBe(false);
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    await queue.close();
  });

  it('refuses a payload that is not what the job’s schema says', async () => {
    const queue = createQueue('payments', url());
    await expect(queue.add('collect-invoice', { invoiceId: 'INV-1' })).rejects.toThrow(/invoiceId/);
    await queue.close();
  });

  it('shows jobs that failed, has them tried again at once, and rests while it is paused', async () => {
    const queue = createQueue('payments', url());
    const desk = createQueueDesk(url());
    const stateOf = async () => (await desk.read()).find((state) => state.queue === 'payments')!;
    const ids = Array.from({ length: 2 }, () => randomUUID());
    const attempts: string[] = [];
    let fails = true;
    await work(async (id) => {
      attempts.push(id);
      if (fails) throw new Error(`the provider is away: ${'x'.repeat(5_000)}`);
    });
    await Promise.all(ids.map((invoiceId) => queue.add('collect-invoice', { invoiceId })));
    await eventually(stateOf, ({ jobs }) => jobs.retrying === 2);
    const [job] = await desk.list('payments', 'retrying', 1);
    expect(job).toMatchObject({ name: 'collect-invoice', maxAttempts: null });
    expect(job!.attempts).toBeGreaterThan(0);
    expect(job!.error).toMatch(/^the provider is away/);
    expect(job!.error).toHaveLength(2_000);
    expect(ids).toContain(job!.payload['invoiceId']);
    expect(await desk.list('payments', 'waiting', 10)).toEqual([]);
    expect(await desk.retry('payments', 'nobody')).toBe(false);

    await desk.pause('payments');
    const other = randomUUID();
    await queue.add('collect-invoice', { invoiceId: other });
    await eventually(
      async () => {
        await desk.retryAll('payments');
        return stateOf();
      },
      ({ isPaused, jobs }) => isPaused && jobs.waiting === 3 && jobs.retrying === 0,
    );
    expect(await desk.list('payments', 'waiting', 10)).toHaveLength(3);
    expect(attempts).not.toContain(other);
    fails = false;
    const before = attempts.length;
    await desk.resume('payments');
    await eventually(stateOf, ({ isPaused, jobs: { waiting, active, retrying } }) => {
      return !isPaused && waiting + active + retrying === 0;
    });
    expect(attempts.length).toBe(before + 3);

    fails = true;
    const id = `collect-invoice-${other}`;
    await queue.add('collect-invoice', { invoiceId: other });
    const isBack = ({ jobs }: { readonly jobs: { readonly retrying: number } }) => jobs.retrying === 1;
    await eventually(stateOf, isBack);
    await desk.retry('payments', id);
    await eventually(stateOf, isBack);
    await desk.retry('payments', id);
    await eventually(stateOf, isBack);
    fails = false;
    // By itself it would be tried two seconds after the third try.
    expect(await desk.retry('payments', id)).toBe(true);
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    await desk.close();
    await queue.close();
  });

  it('lets a running job end before the worker closes', async () => {
    const queue = createQueue('payments', url());
    let release = () => {};
    const started = new Promise<void>((resolve) => {
      void work(async () => {
        resolve();
        await new Promise<void>((go) => (release = go));
        ended = true;
      });
    });
    let ended = false;
    await queue.add('collect-invoice', { invoiceId: randomUUID() });
    await started;
    const closing = workers.pop()!.close();
    release();
    await closing;
    expect(ended).toBe(true);
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    await queue.close();
  });
}
