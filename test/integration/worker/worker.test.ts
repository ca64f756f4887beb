import { softwareVersion } from '#config';
import { randomFillSync } from 'node:crypto';
import { monthlyPeriodAt, uuidV7At } from '#domain';
import { appendToOutbox, writeClockOffset } from '#persistence';
import { reportUsage, setMoneyCap } from '#services';
import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, createQueue, migrateQueueSchema } from '#queues';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MailInbox, startMailInbox } from '../../../apps/mail-inbox/src/server.js';
import { freePort } from '../../../scripts/launcher/ports.mjs';
import { aSubscription, aPlanDefinition } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { HOW_TO_GET_REDIS, type TestRedis, hasRedis, startRedis } from '../../support/redis.js';
import { type RunningWorker, startWorker } from '../../support/running-worker.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const HOUR_MS = 3_600_000;

describe('the worker', () => {
  let database: TestDatabase;
  let worker: RunningWorker | undefined;
  beforeEach(async () => {
    // The worker goes by the machine's clock, so the test's world begins an hour ago.
    database = await createTestDatabase(new Date(Date.now() - HOUR_MS).toISOString());
    await migrateQueueSchema(database.ownerUrl);
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const countEvents = async () =>
    (await rows<{ count: number }>(`SELECT count(*)::integer AS count FROM usage_event`))[0]!.count;

  async function bringsSegmentsIntoTheLedger(queueUrl: string): Promise<void> {
    const subscription = await aSubscription(database);
    const queue = createQueue(SEGMENT_QUEUE, queueUrl);
    for (let segment = 1; segment <= 20; segment++) {
      const events = Array.from({ length: 10 }, () => aUsageEvent(subscription));
      const job = await aSegmentJob(events, { segment });
      await queue.add(SEGMENT_JOB_NAME, job);
      await queue.add(SEGMENT_JOB_NAME, { ...job, attempt: 2 });
    }
    worker = await startWorker(database, { QUEUE_URL: queueUrl });
    await eventually(countEvents, (count) => count === 200);
    await eventually(
      () => queue.countPending(),
      (count) => count === 0,
    );
    expect(await rows(`SELECT sum(quantity_sum)::integer AS requests FROM usage_rollup`)).toEqual([{ requests: 200 }]);
    const metrics = await (await fetch(`${worker.adminUrl}/metrics`)).text();
    expect(metrics).toContain('tollgate_usage_events_total{result="inserted"} 200');
    await queue.close();
  }

  it('says that it runs, and that it has stopped', async () => {
    worker = await startWorker(database);
    const workers = () => rows<{ id: string; version: string }>('SELECT id, software_version AS version FROM worker');
    const [own] = await eventually(workers, ({ length }) => length === 1);
    expect(own).toEqual({ id: expect.stringContaining(String(process.pid)) as string, version: softwareVersion() });
    await worker.stop();
    worker = undefined;
    expect(await workers()).toEqual([]);
  });

  it('brings segments from the queue into the ledger, on Postgres', () => bringsSegmentsIntoTheLedger(database.appUrl));

  describe.skipIf(!hasRedis)(`with Redis (${HOW_TO_GET_REDIS})`, () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    it('brings segments from the queue into the ledger', () => bringsSegmentsIntoTheLedger(redis.url));
  });

  it('raises an alarm for what it must keep aside, and drops a damaged segment', async () => {
    const subscription = await aSubscription(database);
    const queue = createQueue(SEGMENT_QUEUE, database.appUrl);
    worker = await startWorker(database);
    const [first, second] = [await aSegmentJob(['malformed']), await aSegmentJob([aUsageEvent(subscription)])];
    await queue.add(SEGMENT_JOB_NAME, first);
    await eventually(
      () => worker!.log,
      (log) => log.some(({ level, quarantined }) => level === 'error' && quarantined === 1),
    );
    await queue.add(SEGMENT_JOB_NAME, { ...second, segment: 2, contentHash: first.contentHash });
    await eventually(
      () => worker!.log,
      (log) => log.some(({ msg, jobId }) => msg === 'job given up' && jobId === 'gateway-1-1-2-1'),
    );
    await queue.close();
  });

  it('closes a period when the clock passes its end, and collects what it costs', async () => {
    await using collection = await Collection.start(database);
    const subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
    await collection.saveCard(subscription.organizationId, cards.good);
    worker = await startWorker(database, { STRIPE_API_BASE: collection.client.url, ARRIVAL_GRACE_MS: '1000' });
    const { endMs } = monthlyPeriodAt(subscription.anchorAt.getTime(), Date.now());
    await database.unitOfWork.inSystem((transaction) => writeClockOffset(transaction, endMs + 2_000 - Date.now()));
    await eventually(
      () => rows<{ state: string }>(`SELECT state FROM invoice`),
      ([invoice]) => invoice?.state === 'paid',
    );
    await eventually(
      () => rows(`SELECT FROM outbox`),
      (left) => left.length === 0,
    );
  });

  it('tells of usage that was reported to the api while it runs', async () => {
    const prices = [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '1' } }] as const;
    const capped = async (organizationName: string) => {
      const { id, organizationId } = await aSubscription(database, {
        organizationName,
        definition: aPlanDefinition({ prices }),
      });
      const actor = { kind: 'cli', id: null } as const;
      await setMoneyCap(database.context, { organizationId, subscriptionId: id, amount: '10', actor });
      const [publisher] = await rows<{ id: string }>(
        `SELECT publisher_team_id AS id FROM api_product JOIN subscription ON api_product_id = api_product.id
         WHERE subscription.id = $1`,
        [id],
      );
      return { id, publisherTeamId: publisher!.id };
    };
    const report = ({ id, publisherTeamId }: { readonly id: string; readonly publisherTeamId: string }) =>
      reportUsage(database.context, {
        publisherTeamId,
        ingestTokenId: database.context.ids.next(),
        events: [
          {
            specversion: '1.0',
            type: 'tollgate.usage',
            source: 'batch',
            id: '1',
            subject: id,
            data: { quantities: { requests: '5' } },
          },
        ],
      });
    const alerts = () => rows<{ id: string }>(`SELECT subscription_id AS id FROM usage_alert ORDER BY created_at`);
    const [before, during] = [await capped('Ada Ltd'), await capped('Grace Ltd')];
    await report(before);
    worker = await startWorker(database);
    await eventually(alerts, (told) => told.length === 1);
    await report(during);
    expect(await eventually(alerts, (told) => told.length === 2)).toContainEqual({ id: during.id });
  });

  describe('and the outbox', () => {
    let inbox: MailInbox;
    beforeEach(async () => {
      inbox = await startMailInbox({ smtpPort: 0, httpPort: 0 }, () => Date.now());
    });
    afterEach(() => inbox.stop());

    const mailTo = (to: string) => ({
      mailId: database.context.ids.next(),
      to,
      subject: 'Hello',
      text: 'Hi',
      html: '<p>Hi</p>',
    });
    const write = (queue: string, jobName: string, jobId: string, payload: Readonly<Record<string, unknown>>) =>
      database.unitOfWork.inSystem((transaction) =>
        appendToOutbox(
          transaction,
          { id: database.context.ids.next(), queue, jobName, jobId, payload },
          database.clock.now(),
        ),
      );
    const received = async () => {
      const answer = (await (await fetch(`${inbox.httpUrl}/messages`)).json()) as { messages: { to: string[] }[] };
      return answer.messages.flatMap(({ to }) => to).toSorted();
    };
    const isEmpty = (left: unknown[]) => left.length === 0;

    it('does what was committed, and forgets it when it is done', async () => {
      worker = await startWorker(database, { SMTP_URL: inbox.smtpUrl });
      await write('mail', 'send-mail', 'mail-1', mailTo('ada@example.com'));
      await eventually(() => rows(`SELECT FROM outbox`), isEmpty);
      expect(await received()).toEqual(['ada@example.com']);
    });

    it('does again what the queue has lost', async () => {
      await write('mail', 'send-mail', 'mail-2', mailTo('lost@example.com'));
      await rows(`UPDATE outbox SET dispatched_at = $1`, [new Date(Date.now() - 120_000)]);
      worker = await startWorker(database, { SMTP_URL: inbox.smtpUrl });
      await eventually(() => rows(`SELECT FROM outbox`), isEmpty);
      expect(await received()).toEqual(['lost@example.com']);
    });

    it('gives up what can never be done, and is not held up by a message that is none', async () => {
      await write('mail', 'no-such-job', 'odd', {});
      await write('payments', 'collect-invoice', 'gone', { invoiceId: database.context.ids.next() });
      await write('mail', 'send-mail', 'mail-3', mailTo('not an address'));
      await write('mail', 'send-mail', 'mail-4', mailTo('ada@example.com'));
      worker = await startWorker(database, { SMTP_URL: inbox.smtpUrl });
      const left = await eventually(
        () => rows<{ job_id: string }>(`SELECT job_id FROM outbox`),
        (messages) => messages.length === 1,
      );
      expect(left).toEqual([{ job_id: 'odd' }]);
      expect(await received()).toEqual(['ada@example.com']);
      const kept = await rows(`SELECT recipient, reason FROM undelivered_mail`);
      expect(kept).toEqual([
        { recipient: 'not an address', reason: expect.stringContaining('refused the mail: 501 ') },
      ]);
      // Written an hour ago: an alert says that it is never done.
      await eventually(
        async () => (await fetch(`${worker!.adminUrl}/metrics`)).text(),
        (metrics) => /tollgate_outbox_oldest_seconds\{queue="mail"\} 36\d\d\./.test(metrics),
      );
    });
  });

  it('tries a mail for four days while its server is away, and keeps it when they are over', async () => {
    const port = await freePort();
    const fresh = uuidV7At(Date.now() - 3.9 * 24 * HOUR_MS, randomFillSync);
    const old = uuidV7At(Date.now() - 4.1 * 24 * HOUR_MS, randomFillSync);
    for (const mailId of [fresh, old]) {
      const payload = { mailId, to: 'ada@example.com', subject: 'Hello', text: 'Hi', html: '<p>Hi</p>' };
      const message = { id: mailId, queue: 'mail', jobName: 'send-mail', jobId: `send-mail-${mailId}`, payload };
      await database.unitOfWork.inSystem((transaction) => appendToOutbox(transaction, message, database.clock.now()));
    }
    worker = await startWorker(database, { SMTP_URL: `smtp://127.0.0.1:${port}` });
    await eventually(
      () => rows<{ id: string }>(`SELECT id FROM undelivered_mail`),
      (kept) => kept.length > 0,
    );
    const left = await eventually(
      () => rows<{ id: string }>(`SELECT id FROM outbox`),
      (messages) => messages.length === 1,
    );
    expect(left).toEqual([{ id: fresh }]);
    expect(await rows(`SELECT id, subject FROM undelivered_mail`)).toEqual([{ id: old, subject: 'Hello' }]);
    const inbox = await startMailInbox({ smtpPort: port, httpPort: 0 }, () => Date.now());
    try {
      await eventually(
        () => rows(`SELECT FROM outbox`),
        (messages) => messages.length === 0,
      );
    } finally {
      inbox.stop();
    }
    expect(await rows(`SELECT id FROM undelivered_mail`)).toEqual([{ id: old }]);
  });

  it('says how it is, and makes partitions a week ahead', async () => {
    worker = await startWorker(database);
    const status = async (path: string) => (await fetch(`${worker!.adminUrl}${path}`)).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status('/else')).toBe(404);
    const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    await eventually(
      () => rows<{ made: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS made`, [`usage_event_${day}`]),
      ([partition]) => partition!.made,
    );
  });
});
