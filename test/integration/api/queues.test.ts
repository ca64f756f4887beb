import { randomUUID } from 'node:crypto';
import { appendToOutbox } from '#persistence';
import { type JobWorker, createQueue, createWorker, migrateQueueSchema } from '#queues';
import { grantStaff } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Person, RunningApi } from './running-api.js';

interface Queue {
  readonly queue: string;
  readonly isPaused: boolean;
  readonly canPause: boolean;
  readonly jobs: { readonly waiting: number; readonly active: number; readonly retrying: number };
  readonly notHandedOver: number;
  readonly oldestAt: string | null;
}
interface Job {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly payload: Readonly<Record<string, string>>;
}

describe('the queues, for operators', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let operator: Person;
  let stranger: Person;
  const workers: JobWorker[] = [];
  const secrets = { AUTH_SECRET: 'ab'.repeat(32) };

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateQueueSchema(database.ownerUrl);
    api = await RunningApi.start(database, secrets);
    operator = await api.signUp('Olga');
    stranger = await api.signUp('Sam');
    const actor = { kind: 'cli', id: null } as const;
    await grantStaff(database.context, { email: operator.email, grant: { role: 'operator' }, actor });
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await api.stop();
    await database.dispose();
  });

  const get = <Body>(address: string) => api.call<Body>(`/api/v1/operator/queues${address}`, { as: operator });
  const post = (address: string, as = operator) =>
    api.call<{ code?: string; detail?: string }>(`/api/v1/operator/queues${address}`, { method: 'POST', as });
  const stateOf = async (name: string) =>
    (await get<{ queues: Queue[] }>('')).body.queues.find(({ queue }) => queue === name)!;
  const acts = () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ act: string; details: object }>(
        `SELECT action || ' ' || noun || ' ' || noun_id AS act, details FROM audit_log
         WHERE noun IN ('queue', 'job') ORDER BY id`,
      ),
    );

  it('say what they hold, and what the database has for them', async () => {
    const { body } = await get<{ backEnd: string; queues: Queue[] }>('');
    expect(body.backEnd).toBe('postgres');
    expect(body.queues.map(({ queue, canPause }) => [queue, canPause])).toEqual([
      ['usage-segments', false],
      ['billing', true],
      ['payments', true],
      ['webhooks', false],
      ['mail', true],
    ]);
    const invoiceId = randomUUID();
    await database.unitOfWork.inSystem((transaction) =>
      appendToOutbox(
        transaction,
        {
          id: database.context.ids.next(),
          queue: 'payments',
          jobName: 'collect-invoice',
          jobId: `collect-invoice-${invoiceId}`,
          payload: { invoiceId },
        },
        database.clock.now(),
      ),
    );
    expect(await stateOf('payments')).toMatchObject({
      notHandedOver: 1,
      oldestAt: database.clock.now().toISOString(),
      jobs: { waiting: 0, active: 0, retrying: 0 },
    });
  });

  it('can be paused and resumed, which is in the audit log, but for those that would grow without end', async () => {
    const queue = createQueue('mail', database.appUrl);
    const sent: string[] = [];
    expect((await post('/mail/pause')).status).toBe(204);
    expect(await stateOf('mail')).toMatchObject({ isPaused: true });
    workers.push(
      await createWorker(
        'mail',
        database.appUrl,
        { 'send-mail': async ({ mailId }) => void sent.push(mailId) },
        { concurrency: 1, onError: () => {} },
      ),
    );
    const mail = {
      mailId: randomUUID(),
      to: 'ada@example.com',
      subject: 'Your link',
      text: 'https://secret',
      html: '',
    };
    await queue.add('send-mail', mail);
    const waiting = await get<{ jobs: Job[] }>('/mail/jobs?state=waiting');
    expect(waiting.body.jobs).toMatchObject([
      { id: `send-mail-${mail.mailId}`, payload: { mailId: mail.mailId, to: mail.to }, error: null },
    ]);
    expect(waiting.text).not.toMatch(/secret|Your link/);
    expect(sent).toEqual([]);
    expect((await post('/mail/resume')).status).toBe(204);
    await eventually(
      () => sent,
      (ids) => ids.includes(mail.mailId),
    );
    for (const name of ['usage-segments', 'webhooks']) {
      expect(await post(`/${name}/pause`)).toMatchObject({ status: 409, body: { code: 'queue_not_pausable' } });
      expect(await stateOf(name)).toMatchObject({ isPaused: false });
    }
    expect((await acts()).map(({ act }) => act)).toEqual(['paused queue mail', 'resumed queue mail']);
    await queue.close();
  });

  it('show why a job fails, and have it tried again when an operator says so', async () => {
    const queue = createQueue('payments', database.appUrl);
    let fails = true;
    const nothing = async () => undefined;
    workers.push(
      await createWorker(
        'payments',
        database.appUrl,
        {
          'collect-invoice': async () => {
            if (fails) throw new Error('the provider is away');
          },
          'tax-invoice': nothing,
          'settle-invoice': nothing,
          'refund-payment': nothing,
          'process-webhook': nothing,
        },
        { concurrency: 1, onError: () => {} },
      ),
    );
    const invoiceId = randomUUID();
    const id = `collect-invoice-${invoiceId}`;
    await queue.add('collect-invoice', { invoiceId });
    const failed = () => get<{ jobs: Job[] }>('/payments/jobs');
    const found = await eventually(failed, ({ body }) => body.jobs.length === 1);
    expect(found.body.jobs[0]).toMatchObject({ id, error: 'the provider is away', payload: { invoiceId } });
    // Whatever the job does by itself meanwhile, it waits for its next try again after each.
    const isRetried = async () => (await post(`/payments/jobs/${id}/retry`)).status === 204;
    await eventually(isRetried, (done) => done);
    expect(await acts()).toContainEqual({ act: `retried job ${id}`, details: { queue: 'payments' } });
    fails = false;
    expect((await post('/payments/retry')).status).toBe(204);
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    const before = (await acts()).length;
    expect(await post(`/payments/jobs/${id}/retry`)).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
    expect(await acts()).toHaveLength(before);
    await queue.close();
  });

  it('are for operators alone, and none but those that there are', async () => {
    expect((await post('/mail/pause', stranger)).status).toBe(403);
    expect(await post('/nothing/pause')).toMatchObject({ status: 404, body: { code: 'queue_not_found' } });
    expect((await get('/constructor/jobs')).status).toBe(404);
    expect((await get('/mail/jobs?state=failed')).status).toBe(400);
    expect((await get('/mail/jobs?limit=51')).status).toBe(400);
  });

  it('answer 503, and say what to look at, when their server is away', async () => {
    const away = await RunningApi.start(database, { ...secrets, QUEUE_URL: 'redis://127.0.0.1:9' });
    try {
      const answer = await away.call<{ code: string }>('/api/v1/operator/queues', { as: operator });
      expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
      expect(answer.text).toContain('QUEUE_URL');
    } finally {
      await away.stop();
    }
  });
});
