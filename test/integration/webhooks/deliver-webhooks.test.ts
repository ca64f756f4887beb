import { type EncryptionKey, WEBHOOK_RETRY_DELAYS_MS, type WebhookEvent, type WebhookEventType } from '#domain';
import { guardedConnector } from '#outbound';
import {
  type DeliveryPorts,
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  deliverWebhook,
  editWebhookEndpoint,
  findWebhookDelivery,
  findWebhookEndpoint,
  issueCredential,
  leaseWebhooks,
  listWebhookDeliveries,
  oldestWaitingWebhookMs,
  purgeWebhooks,
  resendWebhook,
  rotateWebhookSecret,
  sendTestWebhook,
} from '#services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WebhookSender, createWebhookSender } from '../../../apps/worker/src/webhooks/send-webhook.js';
import { emitEvents } from '../../../libs/services/src/webhook/emit-events.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { anApplication, anOrganization, testPeppers } from '../../support/factories.js';
import { WebhookReceiver, verifies } from '../../support/webhook-receiver.js';

const BOUNDS = { perEndpoint: 4, perOrganization: 12, inAll: 96 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const encryptionKeys: readonly EncryptionKey[] = [{ id: '1', secret: Buffer.alloc(32, 9) }];
const actor = { kind: 'user', id: 'ada' } as const;

describe('messages to endpoints', () => {
  let database: TestDatabase;
  let receiver: WebhookReceiver;
  let sender: WebhookSender;
  let organizationId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    sender = createWebhookSender(true, { timeoutMs: 400 });
  });
  afterAll(async () => {
    await sender.close();
    await database.dispose();
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    organizationId = (await anOrganization(database)).id;
  });
  afterEach(async () => {
    await database.unitOfWork.inSystem((transaction) => transaction.query('DELETE FROM webhook_endpoint'));
    await receiver.stop();
  });

  const advance = (byMs: number) => database.clock.moveTo(database.clock.nowMs() + byMs);
  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const create = async (
    { url = receiver.url, of = organizationId }: { url?: string; of?: string } = {},
    ...eventTypes: WebhookEventType[]
  ) => {
    const made = await createWebhookEndpoint(database.context, {
      organizationId: of,
      url,
      description: '',
      eventTypes: eventTypes.length > 0 ? eventTypes : ['key.created', 'key.revoked'],
      allowsPrivate: true,
      encryptionKeys,
      actor,
    });
    return { ...made, endpointId: made.endpoint.id };
  };
  const revoked = (of = organizationId, n = 1): WebhookEvent => ({
    organizationId: of,
    type: 'key.revoked',
    data: { credentialId: `c-${n}`, keyId: `k-${n}` },
  });
  const emit = (...events: WebhookEvent[]) =>
    database.unitOfWork.inSystem((transaction) => emitEvents(database.context, transaction, events));
  const ports = (send = sender.send): DeliveryPorts => ({
    encryptionKeys,
    send,
    writeMail: ({ origin, reason }) => ({ subject: `off ${reason}`, text: origin, html: origin }),
  });
  /** What is due is tried once, as the workers do it. */
  const round = async (send = sender.send) => {
    const leases = await leaseWebhooks(database.context, BOUNDS);
    return Promise.all(leases.map((lease) => deliverWebhook(database.context, lease, ports(send))));
  };
  const log = async (endpointId: string, of = organizationId) =>
    (await listWebhookDeliveries(database.context, { organizationId: of, endpointId, limit: 50 })).deliveries;
  const endpointOf = (endpointId: string) => findWebhookEndpoint(database.context, { organizationId, endpointId });

  it('arrive signed, with what happened and when, and nothing of what their endpoint does not listen to', async () => {
    const { endpointId, secret } = await create();
    await emit(revoked(), { organizationId, type: 'member.joined', data: { userId: 'u', role: 'owner' } });
    expect(await round()).toMatchObject([{ outcome: 'delivered', status: 204 }]);
    const [message] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(message!.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Tollgate-Webhooks/1',
      'webhook-timestamp': String(Math.floor(database.clock.nowMs() / 1_000)),
    });
    expect(verifies(message!, secret)).toBe(true);
    expect(verifies({ ...message!, body: `${message!.body} ` }, secret)).toBe(false);
    expect(JSON.parse(message!.body)).toEqual({
      type: 'key.revoked',
      version: 1,
      timestamp: database.clock.now().toISOString(),
      data: { organizationId, credentialId: 'c-1', keyId: 'k-1' },
    });
    expect(await log(endpointId)).toMatchObject([
      { state: 'delivered', attempts: 1, eventId: receiver.ids[0], lastAttempt: { outcome: 'delivered', status: 204 } },
    ]);
    expect(await round()).toEqual([]);
  });

  it('are written with the change that they tell of: a change that is rolled back sends nothing', async () => {
    const { endpointId } = await create();
    const application = await anApplication(database, { organizationId });
    const input = {
      organizationId,
      applicationId: application.id,
      name: 'mine',
      mode: 'live',
      expiresAt: null,
      peppers: testPeppers,
      actor,
    } as const;
    const failing = {
      ...database.context,
      unitOfWork: Object.assign(Object.create(database.unitOfWork) as typeof database.unitOfWork, {
        inOrganization: (of: string, work: Parameters<typeof database.unitOfWork.inOrganization>[1]) =>
          database.unitOfWork.inOrganization(of, async (transaction) => {
            await work(transaction);
            throw new Error('at the very end');
          }),
      }),
    };
    await expect(issueCredential(failing, input)).rejects.toThrow('at the very end');
    expect(await log(endpointId)).toEqual([]);
    const { credential } = await issueCredential(database.context, input);
    await round();
    expect(receiver.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { type: 'key.created', data: { organizationId, credentialId: credential.id, keyId: credential.keyId } },
    ]);
  });

  it('are tried again under the same id, with a new signature, until they arrive', async () => {
    const { endpointId, secret } = await create();
    receiver.answers.push({ status: 500, body: 'broken\u0000 <script>alert(1)</script>' }, { status: 503 });
    await emit(revoked());
    expect(await round()).toMatchObject([{ outcome: 'refused', status: 500 }]);
    expect(await round()).toEqual([]);
    advance(4_900);
    expect(await round()).toEqual([]);
    advance(700);
    expect(await round()).toMatchObject([{ status: 503 }]);
    advance(WEBHOOK_RETRY_DELAYS_MS[1]! * 1.1 + 1);
    expect(await round()).toMatchObject([{ outcome: 'delivered' }]);
    expect(new Set(receiver.ids).size).toBe(1);
    expect(receiver.received.every((message) => verifies(message, secret))).toBe(true);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    const [delivery] = await log(endpointId);
    const found = await findWebhookDelivery(database.context, { organizationId, endpointId, deliveryId: delivery!.id });
    expect(found).toMatchObject({ state: 'delivered', attempts: 3, nextAttemptAt: null });
    expect(found.tries.map(({ number, outcome, status }) => [number, outcome, status])).toEqual([
      [3, 'delivered', 204],
      [2, 'refused', 503],
      [1, 'refused', 500],
    ]);
    expect(found.tries[2]!.excerpt).toBe('broken\uFFFD <script>alert(1)</script>');
    expect((await endpointOf(endpointId)).failingSince).toBe(null);
  });

  it('are given up after ten tries, and can be sent again by hand under the same id', async () => {
    const { endpointId } = await create();
    await emit(revoked());
    const begun = database.clock.nowMs();
    for (let tries = 1; tries <= 10; tries++) {
      receiver.answers.push({ status: 500 });
      expect(await round()).toHaveLength(1);
      advance((WEBHOOK_RETRY_DELAYS_MS[tries - 1] ?? 0) * 1.1 + 1);
    }
    expect(database.clock.nowMs() - begun).toBeLessThan(4 * DAY_MS);
    const [given] = await log(endpointId);
    expect(given).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAt: null });
    advance(30 * HOUR_MS);
    expect(await round()).toEqual([]);
    await resendWebhook(database.context, { organizationId, endpointId, deliveryId: given!.id, actor });
    receiver.answers.push({ status: 500 });
    await round();
    // The schedule has begun anew.
    advance(6_000);
    await round();
    expect(await log(endpointId)).toMatchObject([{ state: 'delivered', attempts: 12 }]);
    expect(new Set(receiver.ids).size).toBe(1);
  });

  it('end with 410: the endpoint is turned off, the rest is given up, and the owners are told', async () => {
    const owned = await rows<{ id: string }>(
      `INSERT INTO auth."user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
       VALUES ($1, 'Owner', $2, true, $3, $3) RETURNING id`,
      [`owner-${organizationId}`, `${organizationId}@example.com`, database.clock.now()],
    );
    await rows(`INSERT INTO membership (organization_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)`, [
      organizationId,
      owned[0]!.id,
      database.clock.now(),
    ]);
    const { endpointId } = await create();
    receiver.answers.push({ status: 500 }, { status: 410 });
    await emit(revoked());
    await round();
    await emit(revoked(organizationId, 2));
    await round();
    const endpoint = await endpointOf(endpointId);
    expect(endpoint).toMatchObject({ disabledReason: 'gone', disabledAt: database.clock.now() });
    expect((await log(endpointId)).map(({ state }) => state)).toEqual(['failed', 'canceled']);
    await emit(revoked(organizationId, 3));
    expect(await log(endpointId)).toHaveLength(2);
    expect(await rows(`SELECT payload->>'to' AS "to", payload->>'subject' AS subject FROM outbox`)).toEqual([
      { to: `${organizationId}@example.com`, subject: 'off gone' },
    ]);
    const input = { organizationId, endpointId, actor };
    await expect(sendTestWebhook(database.context, input)).rejects.toMatchObject({ code: 'webhook_endpoint_disabled' });
    const enabled = await editWebhookEndpoint(database.context, { ...input, isEnabled: true, allowsPrivate: true });
    expect(enabled).toMatchObject({ disabledAt: null, failingSince: null });
    await sendTestWebhook(database.context, input);
    await round();
    expect(JSON.parse(receiver.received.at(-1)!.body)).toMatchObject({ type: 'webhook.test', data: { endpointId } });
  });

  it('turn an endpoint off that fails for five days, and not one that recovers', async () => {
    const { endpointId } = await create();
    const failOnce = async (n: number) => {
      receiver.answers.push({ status: 500 });
      await emit(revoked(organizationId, n));
      await round();
    };
    await failOnce(1);
    advance(4.9 * DAY_MS);
    receiver.answers.push({ status: 500 });
    await round();
    expect((await endpointOf(endpointId)).disabledAt).toBe(null);
    advance(0.2 * DAY_MS);
    await round();
    expect(await endpointOf(endpointId)).toMatchObject({ disabledAt: null, failingSince: null });
    await failOnce(2);
    advance(5 * DAY_MS);
    receiver.answers.push({ status: 500 });
    await round();
    expect(await endpointOf(endpointId)).toMatchObject({ disabledReason: 'failing' });
  });

  it('wait no longer than they may, follow no redirect, and read no more of an answer than they keep', async () => {
    const { endpointId } = await create();
    receiver.answers.push(
      null,
      { status: 307, headers: { location: '/elsewhere' } },
      { status: 200, body: Buffer.alloc(5_000_000, 'x') },
    );
    await emit(revoked());
    expect(await round()).toMatchObject([{ outcome: 'timed_out', status: null }]);
    advance(6_000);
    expect(await round()).toMatchObject([{ outcome: 'redirected', status: 307 }]);
    advance(400_000);
    const [large] = await round();
    expect(large).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(large!.excerpt).toBe('x'.repeat(1_000));
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
    expect(await log(endpointId)).toMatchObject([{ state: 'delivered', attempts: 3 }]);
  });

  it('reach no private address, by number or by name, also when a name changes after it was checked', async () => {
    await create();
    await create({ url: receiver.url.replace('127.0.0.1', 'localhost') });
    await emit(revoked());
    const careful = createWebhookSender(false);
    const answers = await round(careful.send);
    expect(answers.map((answer) => answer!.outcome)).toEqual(['address_refused', 'address_refused']);
    await careful.close();
    expect(receiver.received).toEqual([]);
    let calls = 0;
    const connect = guardedConnector({}, true, (_hostname, _options, callback) => {
      callback(null, [{ address: calls++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    });
    const rebinding = createWebhookSender(true, { connect });
    const url = receiver.url.replace('127.0.0.1', 'rebinding.example');
    const message = { url, headers: {}, body: '{}' };
    expect(await rebinding.send(message)).toMatchObject({ outcome: 'delivered' });
    expect([calls, receiver.received.length]).toEqual([1, 1]);
    expect(await rebinding.send(message)).toMatchObject({ outcome: 'address_refused' });
    expect(receiver.received).toHaveLength(1);
    await rebinding.close();
  });

  it('verify with both secrets during the overlap of a rotation, and with the new one alone after it', async () => {
    const { endpointId, secret } = await create();
    const input = { organizationId, endpointId, encryptionKeys, actor };
    const rotated = await rotateWebhookSecret(database.context, { ...input, overlapSeconds: 3_600 });
    const send = async () => {
      await emit(revoked());
      await round();
      return receiver.received.at(-1)!;
    };
    const both = await send();
    expect([verifies(both, secret), verifies(both, rotated.secret)]).toEqual([true, true]);
    advance(HOUR_MS + 1);
    const after = await send();
    expect([verifies(after, secret), verifies(after, rotated.secret)]).toEqual([false, true]);
    await purgeWebhooks(database.context);
    expect(await endpointOf(endpointId)).toMatchObject({ previousSecretEndsAt: null });
    const atOnce = await rotateWebhookSecret(database.context, { ...input, overlapSeconds: 0 });
    const last = await send();
    expect([verifies(last, rotated.secret), verifies(last, atOnce.secret)]).toEqual([false, true]);
    expect(
      await rows(`SELECT count(*)::integer AS count FROM secret WHERE purpose = 'webhook' AND id IN
      (SELECT secret_id FROM webhook_endpoint UNION SELECT previous_secret_id FROM webhook_endpoint)`),
    ).toEqual([{ count: 1 }]);
    const stored = await rows<{ ciphertext: Buffer }>(`SELECT ciphertext FROM secret`);
    for (const { ciphertext } of stored) expect(ciphertext.toString('latin1')).not.toContain('whsec_');
    await deleteWebhookEndpoint(database.context, input);
    expect(await rows(`SELECT secret_id FROM webhook_endpoint WHERE id = $1`, [endpointId])).toEqual([]);
  });

  it('are sent again under the same id when a worker dies after sending, by one who takes the turn when it runs out', async () => {
    const { endpointId } = await create();
    await emit(revoked());
    await expect(
      round(async (message) => {
        await sender.send(message);
        throw new Error('the worker dies');
      }),
    ).rejects.toThrow('the worker dies');
    expect(await log(endpointId)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    expect(await round()).toEqual([]);
    advance(30_001);
    expect(await round()).toMatchObject([{ outcome: 'delivered' }]);
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.ids).size).toBe(1);
    expect(await log(endpointId)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  it('count the try of a worker that comes back late, and stay delivered', async () => {
    const { endpointId } = await create();
    await emit(revoked());
    const [late] = await leaseWebhooks(database.context, BOUNDS);
    let goOn = () => {};
    const frozen = deliverWebhook(
      database.context,
      late!,
      ports(async () => {
        await new Promise<void>((resolve) => (goOn = resolve));
        return { outcome: 'timed_out', status: null, excerpt: '', durationMs: 35_000 };
      }),
    );
    advance(61_000);
    while ((await rows(`SELECT FROM webhook_delivery WHERE leased_until > $1`, [database.clock.now()])).length === 0)
      await new Promise(setImmediate);
    advance(31_000);
    expect(await round()).toMatchObject([{ outcome: 'delivered' }]);
    goOn();
    await frozen;
    expect(await log(endpointId)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(await deliverWebhook(database.context, late!, ports())).toBe(null);
  });

  it('of a slow endpoint keep four places at most, of an organization twelve, and leave room for others', async () => {
    const other = (await anOrganization(database)).id;
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await create({ url: `${receiver.url}/${n}` })).endpointId);
    const { endpointId: others } = await create({ of: other });
    for (let n = 0; n < 10; n++) await emit(revoked(organizationId, n));
    advance(1);
    await emit(revoked(other));
    const leases = await leaseWebhooks(database.context, BOUNDS);
    const leased = await rows<{ endpointId: string; count: number }>(
      `SELECT endpoint_id AS "endpointId", count(*)::integer AS count FROM webhook_delivery WHERE leased_until IS NOT NULL GROUP BY 1`,
    );
    const countOf = (id: string) => leased.find(({ endpointId }) => endpointId === id)?.count ?? 0;
    expect(leases).toHaveLength(13);
    expect(countOf(others)).toBe(1);
    for (const id of ids) expect([2, 3]).toContain(countOf(id));
    expect(await leaseWebhooks(database.context, BOUNDS)).toEqual([]);
    // One place gets free: of the endpoints with the fewest under way one has it.
    await deliverWebhook(database.context, leases[0]!, ports());
    expect(await leaseWebhooks(database.context, BOUNDS)).toHaveLength(1);
  });

  it('are tried by one of two workers that ask at the same time', async () => {
    await create();
    for (let n = 0; n < 4; n++) await emit(revoked(organizationId, n));
    const both = await Promise.all([leaseWebhooks(database.context, BOUNDS), leaseWebhooks(database.context, BOUNDS)]);
    const later = await leaseWebhooks(database.context, BOUNDS);
    expect(new Set([...both.flat(), ...later].map(({ deliveryId }) => deliveryId)).size).toBe(4);
    expect([...both.flat(), ...later]).toHaveLength(4);
  });

  it('reach the endpoints of their own organization only, with its data only', async () => {
    const other = (await anOrganization(database)).id;
    const mine = await create({ url: `${receiver.url}/mine` });
    const theirs = await create({ url: `${receiver.url}/theirs`, of: other });
    await emit(revoked(organizationId), revoked(other));
    await round();
    const arrived = receiver.received.map(({ path, body }) => {
      const { data } = JSON.parse(body) as { data: { organizationId: string } };
      return [path, data.organizationId] as const;
    });
    expect(Object.fromEntries(arrived)).toEqual({ '/hook/mine': organizationId, '/hook/theirs': other });
    expect(arrived).toHaveLength(2);
    const [delivery] = await log(theirs.endpointId, other);
    const foreign = { organizationId, endpointId: theirs.endpointId, deliveryId: delivery!.id };
    await expect(findWebhookDelivery(database.context, foreign)).rejects.toMatchObject({
      code: 'webhook_delivery_not_found',
    });
    await expect(
      findWebhookDelivery(database.context, { ...foreign, endpointId: mine.endpointId }),
    ).rejects.toMatchObject({ code: 'webhook_delivery_not_found' });
    await expect(resendWebhook(database.context, { ...foreign, actor })).rejects.toMatchObject({
      code: 'webhook_endpoint_not_found',
    });
    const seen = await database.unitOfWork.inOrganization(organizationId, (transaction) =>
      transaction.query<{ of: string }>(
        `SELECT organization_id AS of FROM webhook_endpoint UNION SELECT organization_id FROM webhook_delivery
         UNION SELECT organization_id FROM webhook_attempt`,
      ),
    );
    expect(seen).toEqual([{ of: organizationId }]);
  });

  it('are forgotten thirty days after they were settled, and their age is known while they wait', async () => {
    const { endpointId } = await create();
    await emit(revoked());
    advance(2_000);
    expect(await oldestWaitingWebhookMs(database.context)).toBe(2_000);
    await round();
    expect(await oldestWaitingWebhookMs(database.context)).toBe(0);
    advance(29 * DAY_MS);
    expect(await purgeWebhooks(database.context)).toBe(0);
    advance(DAY_MS);
    expect(await purgeWebhooks(database.context)).toBe(1);
    expect(await log(endpointId)).toEqual([]);
  });
});
