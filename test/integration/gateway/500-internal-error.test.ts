import type { Clock } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { startSecureUpstream } from '../../support/secure-upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import { acceptWebSocket, webSocketRequest } from '../../support/web-socket.js';

const operation = (operationId: string) => ({
  operationId,
  requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
  responses: { 200: { description: '', content: { 'application/json': { example: {} } } } },
});
const paths = {
  '/broken': { post: operation('broken') },
  '/sound': { post: operation('sound') },
  '/unanswered': { post: operation('unanswered') },
};
const validation = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 1_000 } as const;

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    version: { ...documentedVersion({ paths }, { validation, mock: { for: 'all' } }), upstream: null },
    definition: {
      // Every call waits for the first, and some for the second.
      rateLimits: [{ name: 'burst', limit: 5, windowSeconds: 3_600, policy: 'shared' }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 5, enforcement: 'hard' }],
      concurrency: { limit: 1 },
    },
  });
  const { database, catalog } = under;
  // No way of applying a document leads to a contract that cannot be read: this stands for any fault of the gateway's own.
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(
      `UPDATE api_version SET contract =
         jsonb_set(jsonb_set(contract::jsonb, '{operations,broken}', '"{"'), '{operations,unanswered}',
           to_jsonb(((contract::jsonb #>> '{operations,unanswered}')::jsonb || '{"responses": null}')::text))::json
       WHERE id = $1`,
      [catalog.version.id],
    );
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
});
afterAll(() => under.dispose());

const json = { 'content-type': 'application/json' };
const post = (path: string, headers: Record<string, string> = json) =>
  under.call(path, { method: 'POST', headers, body: '{}' });

describe('a request that meets a fault of the gateway', () => {
  it('is answered with 500, leaves no event, and harms no other request', async () => {
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }])
      expect((await post('/broken', headers)).json()).toMatchObject({ status: 500, code: 'internal_error' });
    expect(await under.events()).toEqual([]);
    expect((await post('/sound')).status).toBe(200);
  });

  it('gives back what it has taken, also when it has waited for it', async () => {
    for (let call = 0; call < 10; call++)
      expect((await post('/unanswered')).json()).toMatchObject({ status: 500, code: 'internal_error' });
    for (let call = 0; call < 4; call++) expect((await post('/sound')).status).toBe(200);
    expect((await post('/sound')).status).toBe(429);
  });
});

describe('an admitted request that meets a fault of the gateway', () => {
  /** The step in which the clock fails: this stands for any fault of the gateway's own. */
  let faultyStep: 'Forward.writeHead' | 'Forward.record' | 'StreamMeter.writeRow' | 'at take ' | null = null;
  const clock: Clock = {
    now: () => new Date(clock.nowMs()),
    nowMs: () => {
      if (faultyStep !== null && new Error().stack!.includes(faultyStep)) throw new Error('a fault');
      return Date.now();
    },
  };
  let other: GatewayUnderTest;
  beforeAll(async () => {
    const quotas = [{ name: 'monthly', meter: 'requests', limit: 8, enforcement: 'hard' }] as const;
    const streams = { checkpointMs: 200, reviewMs: 20 };
    const idempotency = { operations: ['createThing'], isRequired: false, keepSeconds: 60, maxBodyBytes: 1_000 };
    other = await startGatewayUnderTest(
      { definition: { quotas, concurrency: { limit: 1 } }, version: { policies: { idempotency } } },
      { clock, streams },
    );
  });
  beforeEach(() => void (faultyStep = null));
  afterAll(() => other.dispose());

  it.each(['http1', 'h2'] as const)('costs nothing and harms no other, with an upstream by %s', async (protocol) => {
    const upstream = protocol === 'h2' ? await startSecureUpstream('h2c') : other.upstream;
    await pointUpstreamAt(other, { url: upstream.url, protocol });
    faultyStep = 'Forward.writeHead';
    for (let call = 0; call < 5; call++)
      expect((await other.call('/things')).json()).toMatchObject({ status: 500, code: 'internal_error' });
    // Of this one the head is written already, so that all there is to do is to break it off.
    faultyStep = 'Forward.record';
    for (let call = 0; call < 5; call++)
      await expect(other.call('/things')).rejects.toThrow(/hang up|ECONNRESET|aborted/);
    expect(await other.events()).toHaveLength(protocol === 'h2' ? 1 : 0);
    faultyStep = null;
    expect(await other.call('/things')).toMatchObject({ status: 200 });
    if (protocol === 'h2') await upstream.close();
  });

  it('frees its Idempotency-Key, with which the call can be made again', async () => {
    await pointUpstreamAt(other, { url: other.upstream.url, protocol: 'http1' });
    const create = () =>
      other.call('/things', { method: 'POST', headers: { 'idempotency-key': '"after a fault"' }, body: '{}' });
    faultyStep = 'at take ';
    expect((await create()).json()).toMatchObject({ status: 500, code: 'internal_error' });
    faultyStep = null;
    const answer = await eventually(create, ({ status }) => status !== 409);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('is over when its caller goes away, and the next is served', async () => {
    await pointUpstreamAt(other, { url: other.upstream.url, protocol: 'http1' });
    const reached = Promise.withResolvers<void>();
    other.upstream.handle((request) => void request.resume().on('end', reached.resolve));
    const raw = await RawConnection.open(other.origin);
    const path = `${other.catalog.version.basePath}/things`;
    raw.send(`GET ${path} HTTP/1.1`, 'host: api.test', `x-api-key: ${other.consumer.key}`, '', '');
    await reached.promise;
    faultyStep = 'Forward.record';
    raw.socket.destroy();
    await eventually(
      () => call(`http://127.0.0.1:${other.gateway.adminPort}/metrics`),
      ({ body }) => /_open_requests 0$/m.test(body),
    );
    faultyStep = null;
    other.upstream.answer();
    expect((await other.call('/things')).status).toBe(200);
  });

  it.each(['a long answer', 'a WebSocket connection'])(
    'is broken off when it is %s, and the next is served',
    async (kind) => {
      other.upstream.handle((_request, response) => void response.writeHead(200).write('data: 1'));
      other.upstream.upgrade((request, socket) => acceptWebSocket(request, socket));
      const connection = await RawConnection.open(other.origin);
      const path = `${other.catalog.version.basePath}/things`;
      const { key } = other.consumer;
      if (kind === 'a long answer') connection.send(`GET ${path} HTTP/1.1`, 'host: a', `x-api-key: ${key}`, '', '');
      else connection.send(...webSocketRequest(path, key));
      await connection.until(kind === 'a long answer' ? 'data: 1' : '101');
      faultyStep = 'StreamMeter.writeRow';
      await connection.untilClosed();
      faultyStep = null;
      other.upstream.answer();
      expect((await other.call('/things')).status).toBe(200);
    },
  );
});
