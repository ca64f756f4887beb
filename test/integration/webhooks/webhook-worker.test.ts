import { writeClockOffset } from '#persistence';
import { migrateQueueSchema } from '#queues';
import { createWebhookEndpoint, listWebhookDeliveries, sendTestWebhook } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { anOrganization } from '../../support/factories.js';
import { type RunningWorker, startWorker, workerEnvironment } from '../../support/running-worker.js';
import { WebhookReceiver, verifies } from '../../support/webhook-receiver.js';
import { WorkerProcess } from '../../support/worker-process.js';

const actor = { kind: 'user', id: 'ada' } as const;
const ALLOWED = { WEBHOOK_ALLOW_PRIVATE: 'true' };

describe('the worker that sends webhooks', () => {
  let database: TestDatabase;
  let receiver: WebhookReceiver;
  let slow: WebhookReceiver;
  let organizationId: string;
  let worker: RunningWorker | undefined;
  let process: WorkerProcess | undefined;
  beforeEach(async () => {
    // The worker goes by the machine's clock, so the test's world begins an hour ago.
    database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
    await migrateQueueSchema(database.ownerUrl);
    [receiver, slow] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
    organizationId = (await anOrganization(database)).id;
  });
  afterEach(async () => {
    await Promise.all([receiver.stop(), slow.stop()]);
    await Promise.all([worker?.stop(), process?.end('SIGKILL')]);
    [worker, process] = [undefined, undefined];
    await database.dispose();
  });

  const create = async (url: string) => {
    const [id = '', base64 = ''] = workerEnvironment(database)['ENCRYPTION_KEYS']!.split(':');
    const { endpoint, secret } = await createWebhookEndpoint(database.context, {
      organizationId,
      url,
      description: '',
      eventTypes: ['invoice.paid'],
      allowsPrivate: true,
      encryptionKeys: [{ id, secret: Buffer.from(base64, 'base64') }],
      actor,
    });
    return { endpointId: endpoint.id, secret };
  };
  const test = (endpointId: string) => sendTestWebhook(database.context, { organizationId, endpointId, actor });
  const statesOf = async (endpointId: string) =>
    (await listWebhookDeliveries(database.context, { organizationId, endpointId, limit: 50 })).deliveries.map(
      ({ state }) => state,
    );

  it('delivers what waits at once, whatever an endpoint does that never answers', async () => {
    const [stuck, quick] = [await create(slow.url), await create(receiver.url)];
    for (let n = 0; n < 5; n++) {
      slow.answers.push(null);
      await test(stuck.endpointId);
    }
    for (let n = 0; n < 5; n++) await test(quick.endpointId);
    worker = await startWorker(database, ALLOWED);
    await eventually(
      () => statesOf(quick.endpointId),
      (states) => states.every((state) => state === 'delivered'),
      8_000,
    );
    expect(receiver.received).toHaveLength(5);
    for (const message of receiver.received) expect(verifies(message, quick.secret)).toBe(true);
    await eventually(
      () => slow.received.length,
      (count) => count === 4,
    );
    expect(await statesOf(stuck.endpointId)).toEqual(Array.from({ length: 5 }, () => 'waiting'));
    const metrics = await (await fetch(`${worker.adminUrl}/metrics`)).text();
    expect(metrics).toContain('tollgate_webhook_attempts_total{outcome="delivered"} 5');
    expect(metrics).toContain('tollgate_webhook_oldest_waiting_seconds');
  });

  it('sends nothing to this machine unless the deployment allows it', async () => {
    const { endpointId } = await create(receiver.url);
    await test(endpointId);
    worker = await startWorker(database);
    const attempted = () =>
      database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ outcome: string; excerpt: string }>('SELECT outcome, excerpt FROM webhook_attempt'),
      );
    const [attempt] = await eventually(attempted, (rows) => rows.length === 1);
    expect(attempt).toEqual({ outcome: 'address_refused', excerpt: '127.0.0.1 may not be connected to' });
    expect(receiver.received).toEqual([]);
  });

  it('is killed between sending and writing it down: the next one sends it again under the same id', async () => {
    const { endpointId, secret } = await create(receiver.url);
    await test(endpointId);
    process = await WorkerProcess.start(database, { ...ALLOWED, FAULT: 'webhook-send.after:kill' });
    expect(await process.ended()).toBe('SIGKILL');
    expect(receiver.received).toHaveLength(1);
    expect(await statesOf(endpointId)).toEqual(['waiting']);
    // Its turn runs out after half a minute.
    await database.unitOfWork.inSystem((transaction) => writeClockOffset(transaction, 31_000));
    process = await WorkerProcess.start(database, ALLOWED);
    await eventually(
      () => statesOf(endpointId),
      ([state]) => state === 'delivered',
    );
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.ids).size).toBe(1);
    for (const message of receiver.received) expect(verifies(message, secret)).toBe(true);
  });
});
