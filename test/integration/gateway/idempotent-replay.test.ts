import fs from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayStore } from '#limits';
import {
  type CallOptions,
  type GatewayUnderTest,
  call,
  gatewayOptions,
  makeJournalFolder,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { HOW_TO_GET_REDIS, hasRedis, startRedis } from '../../support/redis.js';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { aConsumer } from '../../support/factories.js';
import { eventually } from '../../support/eventually.js';

const idempotency = { operations: ['createThing'], isRequired: false, keepSeconds: 86_400, maxBodyBytes: 1_000 };

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
    version: { policies: { idempotency } },
  });
});
afterAll(() => under.dispose());

let key = 0;
beforeEach(() => {
  key++;
  under.upstream.answer(201, '{"id":1}', { location: '/things/1' });
  under.upstream.requests.length = 0;
});

const create = (options: CallOptions = {}, idempotencyKey = `"key-${key}"`) =>
  under.call('/things', {
    method: 'POST',
    body: '{"name":"a"}',
    ...options,
    headers: { 'idempotency-key': idempotencyKey, ...options.headers },
  });

describe('a call with an Idempotency-Key', () => {
  it('is made once, and its answer given again as usage that costs nothing', async () => {
    const first = await create();
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    const replayed = await eventually(create, ({ status }) => status !== 409);
    expect(replayed).toMatchObject({ status: 201, body: '{"id":1}' });
    expect(replayed.headers).toMatchObject({ location: '/things/1', 'idempotency-replayed': 'true' });
    expect(replayed.headers['tollgate-request-id']).not.toBe(first.headers['tollgate-request-id']);
    expect(under.upstream.requests).toMatchObject([{ body: '{"name":"a"}' }]);
    expect(await under.eventOf(replayed.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'replayed',
      reason: 'replayed',
      status: 201,
      billable: false,
      countsToQuota: false,
      bytesIn: 12,
      bytesOut: 8,
    });
    const remaining = ({ headers }: typeof first) => /"monthly";r=(\d+)/.exec(String(headers['ratelimit']))![1];
    expect(remaining(replayed)).toBe(remaining(await create()));
  });

  it('is refused with 422 when it asks for something else', async () => {
    await create();
    const answer = await create({ body: '{"name":"b"}' });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'idempotency_key_reused' });
    expect(under.upstream.requests.length).toBe(1);
  });

  it('is refused with 409 while it is being made', async () => {
    const answerNow = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    under.upstream.handle((request, response) => {
      request.resume();
      reached.resolve();
      void answerNow.promise.then(() => response.writeHead(201).end('done'));
    });
    const first = create();
    await reached.promise;
    const second = await create();
    expect(second.status).toBe(409);
    expect(second.json()).toMatchObject({ code: 'idempotency_key_in_flight' });
    expect(second.headers['retry-after']).toBe('1');
    answerNow.resolve();
    expect((await first).body).toBe('done');
  });

  it('may be made again when it failed', async () => {
    under.upstream.answer(500);
    expect((await create()).status).toBe(500);
    under.upstream.answer(201, 'made');
    const answer = await eventually(create, ({ status }) => status !== 409);
    expect(answer.body).toBe('made');
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('is another call for another application, and for another key', async () => {
    const other = await aConsumer(under.database, under.catalog);
    await under.sync();
    await create();
    await create({ key: other.key });
    await create({}, `other-${key}`);
    expect(under.upstream.requests.length).toBe(3);
  });

  it('is not made again when its answer was too long to be kept', async () => {
    under.upstream.answer(200, 'x'.repeat(1_001));
    await create();
    const answer = await eventually(
      create,
      (one) => one.status !== 409 || one.json()['code'] !== 'idempotency_key_in_flight',
    );
    expect(answer.json()).toMatchObject({ status: 409, code: 'idempotent_answer_not_kept' });
    expect(under.upstream.requests.length).toBe(1);
  });

  it('is refused when its body is longer than can be compared, or the key is none', async () => {
    expect((await create({ body: 'x'.repeat(1_001) })).status).toBe(413);
    const malformed = await create({}, 'two words');
    expect(malformed.json()).toMatchObject({ status: 400, code: 'idempotency_key_malformed' });
    const repeated = await create({ headers: { 'idempotency-key': [`a-${key}`, `b-${key}`] } });
    expect(repeated.json()).toMatchObject({ status: 400, code: 'idempotency_key_malformed' });
    expect(under.upstream.requests).toEqual([]);
  });

  it('of an operation that is not named is made as often as it comes', async () => {
    for (let time = 0; time < 2; time++) {
      await under.call('/things', { headers: { 'idempotency-key': `"key-${key}"` } });
    }
    expect(under.upstream.requests.length).toBe(2);
  });
});

describe('a store of idempotency keys that is away', () => {
  it('lets calls pass', async () => {
    const away = () => Promise.reject(new Error('away'));
    const replays: ReplayStore = { claim: away, complete: away, abandon: away, sweep: away, close: async () => {} };
    const alone = await startGatewayUnderTest({ version: { policies: { idempotency } } }, { replays });
    try {
      const options = { method: 'POST', body: 'a', headers: { 'idempotency-key': 'a' } };
      for (let time = 0; time < 2; time++) expect((await alone.call('/things', options)).status).toBe(200);
      expect(alone.upstream.requests).toMatchObject([{ body: 'a' }, { body: 'a' }]);
    } finally {
      await alone.dispose();
    }
  });
});

describe.skipIf(!hasRedis)(`answers in Redis (${HOW_TO_GET_REDIS})`, () => {
  it('are given by every gateway; without Redis calls pass', async () => {
    const redis = await startRedis();
    const one = await startGatewayUnderTest({ version: { policies: { idempotency } } }, { redisUrl: redis.url });
    const folder = makeJournalFolder();
    const other = await startGateway(
      gatewayOptions(one.database, { gatewayId: 'gateway-2', redisUrl: redis.url, journalFolder: folder }),
    );
    const options = { method: 'POST', body: 'a', key: one.consumer.key, headers: { 'idempotency-key': 'a' } };
    const ask = (port: number) => call(`http://127.0.0.1:${port}${one.catalog.version.basePath}/things`, options);
    try {
      one.upstream.answer(200, 'made');
      const answers = await Promise.all(
        [one.gateway.port, other.port, one.gateway.port, other.port].map((port) => ask(port)),
      );
      expect(
        answers.filter(({ headers }) => !('idempotency-replayed' in headers) && headers['retry-after'] === undefined)
          .length,
      ).toBe(1);
      for (const port of [one.gateway.port, other.port]) {
        const replayed = await eventually(
          () => ask(port),
          ({ status }) => status !== 409,
        );
        expect(replayed).toMatchObject({ status: 200, body: 'made', headers: { 'idempotency-replayed': 'true' } });
      }
      expect(one.upstream.requests.length).toBe(1);
      await redis.kill();
      expect(await ask(other.port)).toMatchObject({ status: 200, body: 'made' });
      expect(one.upstream.requests.length).toBe(2);
    } finally {
      await other.stop();
      fs.rmSync(folder, { recursive: true, force: true });
      await one.dispose();
      await redis.stop();
    }
  });
});

describe('an operation that needs a key', () => {
  it('is refused without one', async () => {
    const required = { ...idempotency, isRequired: true };
    const alone = await startGatewayUnderTest({ version: { policies: { idempotency: required } } });
    try {
      const answer = await alone.call('/things', { method: 'POST', body: 'a' });
      expect(answer.json()).toMatchObject({ status: 400, code: 'idempotency_key_missing' });
    } finally {
      await alone.dispose();
    }
  });
});
