import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { AddressRanges } from '#domain';
import { purgeResponseCache } from '#services';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  type CallOptions,
  type GatewayUnderTest,
  call,
  gatewayOptions,
  makeJournalFolder,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { aConsumer } from '../../support/factories.js';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { eventually } from '../../support/eventually.js';
import { RawConnection } from '../../support/raw-http.js';

const route = { scope: 'consumer' as const, maxBodyBytes: 1_000 };

let under: GatewayUnderTest;
let other: Awaited<ReturnType<typeof aConsumer>>;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
    version: {
      policies: {
        cache: {
          routes: [
            { ...route, selector: 'getThing', scope: 'shared' },
            { ...route, selector: 'listThings' },
          ],
        },
        transformations: [{ selector: 'getThing', request: { headers: { set: { 'X-Tenant': '${application.id}' } } } }],
      },
    },
  });
  other = await aConsumer(under.database, under.catalog);
  await under.sync();
});
afterAll(() => under.dispose());

let place = 0;
beforeEach(() => {
  place++;
  under.upstream.requests.length = 0;
});

/** An address of its own for each test: for all consumers, or for each. */
const shared = () => `/things/${place}`;
const apart = () => `/things?page=${place}`;
const statusOf = ({ headers }: Answer) => String(headers['cache-status']);
const wait = (seconds: number) => under.database.clock.moveTo(under.database.clock.nowMs() + seconds * 1000);
/** Answers with a body that goes on until the gateway has had enough. */
function endlessly(status: number, headers: Record<string, string> = {}): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>();
  under.upstream.handle((_request, response) => {
    response.on('close', resolve).writeHead(status, headers);
    const goOn = (): boolean => !response.destroyed && response.write('x'.repeat(500), () => setImmediate(goOn));
    goOn();
  });
  return promise;
}
const date = () => under.database.clock.now().toUTCString();
const answerWith = (cacheControl: string, headers: Record<string, string> = {}, body = `body ${place}`) =>
  under.upstream.answer(200, body, { date: date(), 'cache-control': cacheControl, ...headers });
const ask = (path: string, headers: Record<string, string> = {}, options: CallOptions = {}) =>
  under.call(path, { headers, ...options });

describe('a fresh answer', () => {
  it('is given again without the upstream, as usage of its own, with its age', async () => {
    answerWith('max-age=60');
    const first = await ask(shared());
    expect(statusOf(first)).toBe('tollgate; fwd=miss; stored');
    wait(5);
    const second = await ask(shared());
    expect(second.body).toBe(first.body);
    expect(second.headers).toMatchObject({ age: '5', 'content-type': 'application/json' });
    expect(statusOf(second)).toBe('tollgate; hit; ttl=55');
    expect(under.upstream.requests.length).toBe(1);
    expect(await under.eventOf(second.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'cache_hit',
      status: 200,
      reason: 'cache_hit',
      billable: true,
      countsToQuota: true,
      quantities: { requests: '1' },
      bytesOut: first.body.length,
    });
  });

  it('counts into the quota like any other', async () => {
    answerWith('max-age=60');
    const remaining = (answer: Answer) => Number(/"monthly";r=(\d+)/.exec(String(answer.headers['ratelimit']))![1]);
    const first = remaining(await ask(shared()));
    await ask(shared());
    expect(remaining(await ask(shared()))).toBe(first - 2);
  });

  it('answers HEAD without a body', async () => {
    answerWith('max-age=60');
    await ask(shared());
    const answer = await ask(shared(), {}, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe(String(`body ${place}`.length));
    expect(under.upstream.requests.length).toBe(1);
  });

  it('is 304 for a client that has it, and is not billed', async () => {
    answerWith('max-age=60', { etag: '"v1"' });
    await ask(shared());
    const answer = await ask(shared(), { 'if-none-match': 'W/"v1"' });
    expect(answer).toMatchObject({ status: 304, body: '' });
    expect(answer.headers['etag']).toBe('"v1"');
    expect(under.upstream.requests.length).toBe(1);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'cache_hit',
      status: 304,
      billable: false,
      countsToQuota: false,
    });
  });

  it.each<[string, string | readonly string[]]>([
    ['"a,b"', 'W/"a,b"'],
    ['"v1"', ['"v0"', '"v1"']],
    ['"v1"', '*'],
    ['v1', 'v0, v1'],
  ])('with the tag %s is 304 for who has %j', async (etag, known) => {
    answerWith('max-age=60', { etag });
    await ask(shared());
    expect((await ask(shared(), {}, { headers: { 'if-none-match': known } })).status).toBe(304);
    expect((await ask(shared(), {}, { headers: { 'if-none-match': ['"a"', '"b"'] } })).status).toBe(200);
    expect(under.upstream.requests.length).toBe(1);
  });

  it('is refused to whoever has no key', async () => {
    answerWith('max-age=60');
    await ask(shared());
    expect((await ask(shared(), {}, { key: 'nonsense' })).status).toBe(401);
  });
});

describe('a client that goes away while a quota is waited for', () => {
  it('is billed for no answer from the cache', async () => {
    const small = await startGatewayUnderTest({
      definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 2, enforcement: 'hard' }] },
      version: { policies: { cache: { routes: [{ ...route, selector: 'listThings' }] } } },
    });
    try {
      small.upstream.answer(200, 'body', { 'cache-control': 'max-age=60' });
      await small.call('/things');
      const openRequests = () =>
        call(`http://127.0.0.1:${small.gateway.adminPort}/metrics`).then(
          ({ body }) => /_open_requests (\d+)/.exec(body)![1],
        );
      await small.database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query('LOCK TABLE quota_lease IN ACCESS EXCLUSIVE MODE');
        const request = http.get(`${small.url}/things`, { agent: false, headers: { 'x-api-key': small.consumer.key } });
        request.on('error', () => undefined);
        await eventually(openRequests, (open) => open === '1');
        request.destroy();
        await new Promise((resolve) => request.on('close', resolve));
      });
      const events = await eventually(
        () => small.events(),
        ({ length }) => length === 2,
      );
      expect(events[1]).toMatchObject({
        outcome: 'client_aborted',
        status: 499,
        billable: false,
        countsToQuota: false,
      });
      expect((await small.call('/things')).headers['cache-status']).toContain('hit');
      expect((await small.call('/things')).status).toBe(429);
    } finally {
      await small.dispose();
    }
  });
});

describe('whose answer it is', () => {
  it('is everybody’s on a shared route', async () => {
    answerWith('max-age=60');
    await ask(shared());
    expect(statusOf(await ask(shared(), {}, { key: other.key }))).toContain('hit');
  });

  it('is the consumer’s own on any other, and where the upstream says private', async () => {
    for (const [path, cacheControl] of [
      [apart(), 'max-age=60'],
      [shared(), 'private, max-age=60'],
    ] as const) {
      answerWith(cacheControl);
      await ask(path);
      expect(statusOf(await ask(path))).toContain('hit');
      expect(statusOf(await ask(path, {}, { key: other.key }))).toContain('fwd=miss');
    }
  });

  it('is the consumer’s own when it answers credentials of the upstream, unless it says public', async () => {
    const authorization = { authorization: 'Basic YTpi' };
    answerWith('max-age=60');
    await ask(shared(), authorization);
    expect(statusOf(await ask(shared(), authorization, { key: other.key }))).toContain('fwd=miss');
    answerWith('public, max-age=60');
    const path = `${shared()}-public`;
    await ask(path, authorization);
    expect(statusOf(await ask(path, authorization, { key: other.key }))).toContain('hit');
  });

  it('is that of one user of the upstream only, where an application calls for several', async () => {
    const as = (user: string) => ({ authorization: `Bearer ${user}` });
    for (const [path, cacheControl] of [
      [apart(), 'max-age=60'],
      [shared(), 'private, max-age=60'],
    ] as const) {
      answerWith(cacheControl, {}, 'of ada');
      await ask(path, as('ada'));
      answerWith(cacheControl, {}, 'of grace');
      expect((await ask(path, as('grace'))).body).toBe('of grace');
      expect(statusOf(await ask(path))).toContain('fwd=miss');
      expect((await ask(path, as('ada'))).body).toBe('of ada');
    }
  });

  it('depends on the fields that Vary names', async () => {
    answerWith('max-age=60', { vary: 'Accept-Language' }, 'hallo');
    await ask(shared(), { 'accept-language': 'de' });
    answerWith('max-age=60', { vary: 'Accept-Language' }, 'hello');
    expect((await ask(shared(), { 'accept-language': 'en' })).body).toBe('hello');
    expect((await ask(shared(), { 'accept-language': 'de' })).body).toBe('hallo');
    expect(under.upstream.requests.length).toBe(2);
  });

  it('depends on all lines of a field, and on the fields besides those of the consumer', async () => {
    const languages = (...values: string[]) => ({ headers: { 'accept-language': values } });
    for (const vary of ['Accept-Language', 'X-Consumer-Id, Accept-Language']) {
      const path = `${shared()}-${vary.length}`;
      answerWith('max-age=60', { vary }, 'of both');
      await ask(path, {}, languages('de', 'fr'));
      answerWith('max-age=60', { vary }, 'of one');
      expect((await ask(path, {}, languages('de'))).body).toBe('of one');
      expect((await ask(path, {}, languages('de', 'fr'))).body).toBe('of both');
    }
  });

  it('depends on the field as the upstream got it: as the publisher sets it, and not as the client nominates it away', async () => {
    answerWith('max-age=60', { vary: 'X-Tenant' });
    await ask(shared());
    expect(statusOf(await ask(shared(), {}, { key: other.key }))).toContain('fwd=miss');
    expect(statusOf(await ask(shared(), { 'x-tenant': 'any' }))).toContain('hit');
    const path = `${shared()}-nominated`;
    answerWith('max-age=60', { vary: 'X-User' }, 'of nobody');
    await ask(path, { 'x-user': 'ada', connection: 'x-user' });
    answerWith('max-age=60', { vary: 'X-User' }, 'of ada');
    expect((await ask(path, { 'x-user': 'ada' })).body).toBe('of ada');
  });

  it('is not that of another host, which the upstream may have written into it', async () => {
    answerWith('max-age=60');
    await ask(shared(), { host: 'evil.test' });
    expect(statusOf(await ask(shared()))).toContain('fwd=miss');
    expect(statusOf(await ask(shared(), { host: 'Evil.test' }))).toContain('hit');
  });

  it('is not that of a host in the target of the request, which stands for the field', async () => {
    answerWith('max-age=60');
    const { host } = new URL(under.origin);
    const connection = await RawConnection.open(under.origin);
    const target = `http://evil.test${under.catalog.version.basePath}${shared()}`;
    connection.send(`GET ${target} HTTP/1.1`, `host: ${host}`, `x-api-key: ${under.consumer.key}`, '', '');
    await connection.until(`body ${place}`);
    connection.socket.destroy();
    expect(under.upstream.requests[0]!.headers['x-forwarded-host']).toBe('evil.test');
    expect(statusOf(await ask(shared()))).toContain('fwd=miss');
  });

  it('is that of the host and the scheme that a load balancer tells of', async () => {
    const folder = makeJournalFolder();
    const trustedForwarding = { proxies: AddressRanges.of(['127.0.0.1']), header: 'x-forwarded-for' as const };
    const behind = await startGateway(
      gatewayOptions(under.database, { gatewayId: 'gateway-3', journalFolder: folder, trustedForwarding }),
    );
    const askBehind = async (headers: Record<string, string>) => {
      const url = `http://127.0.0.1:${behind.port}${under.catalog.version.basePath}${shared()}`;
      return statusOf(
        await call(url, { key: under.consumer.key, headers: { 'x-forwarded-for': '10.1.1.1', ...headers } }),
      );
    };
    try {
      answerWith('max-age=60');
      const plain = { 'x-forwarded-host': 'a.test', 'x-forwarded-proto': 'http' };
      expect(await askBehind(plain)).toContain('fwd=miss');
      expect(await askBehind({ ...plain, 'x-forwarded-host': 'b.test' })).toContain('fwd=miss');
      expect(await askBehind({ ...plain, 'x-forwarded-proto': 'https' })).toContain('fwd=miss');
      expect(await askBehind(plain)).toContain('hit');
    } finally {
      await behind.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('does not depend on the key, which is not kept', async () => {
    answerWith('max-age=60', { vary: 'X-API-Key, Authorization' });
    await ask(shared());
    const bearer = { headers: { authorization: `Bearer ${other.key}` } };
    expect(statusOf(await call(under.url + shared(), bearer))).toContain('hit');
  });
});

describe('what is not kept', () => {
  it.each<[string, Record<string, string>, NonNullable<CallOptions['headers']>]>([
    ['what the upstream says', { 'cache-control': 'No-Store, max-age=60' }, {}],
    ['what the client says', { 'cache-control': 'max-age=60' }, { 'cache-control': 'no-store' }],
    [
      'what it says in a line of its own',
      { 'cache-control': 'max-age=60' },
      { 'cache-control': ['max-age=9', 'no-store'] },
    ],
    ['an answer without a lifetime', { etag: '"a"' }, {}],
    ['a cookie', { 'cache-control': 'max-age=60', 'set-cookie': 'a=b' }, {}],
    ['what varies by everything', { 'cache-control': 'max-age=60', vary: '*' }, {}],
    ['a part', { 'cache-control': 'max-age=60' }, { range: 'bytes=0-1' }],
  ])('is %s', async (_, headers, request) => {
    under.upstream.answer(200, 'body', headers);
    await ask(shared(), {}, { headers: request });
    await ask(shared());
    expect(under.upstream.requests.length).toBe(2);
  });

  it('is the answer to a GET with a body, and no kept one is given to it', async () => {
    answerWith('max-age=60', {}, 'one');
    expect(statusOf(await ask(shared(), {}, { body: 'query', headers: { 'content-length': '5' } }))).toBe(
      'tollgate; fwd=bypass',
    );
    expect(statusOf(await ask(shared()))).toContain('fwd=miss; stored');
    expect(statusOf(await ask(shared(), {}, { body: 'query', headers: { 'content-length': '5' } }))).toContain(
      'bypass',
    );
    expect(under.upstream.requests.map(({ body }) => body)).toEqual(['query', '', 'query']);
  });

  it('is a body that is too long, or that broke off', async () => {
    answerWith('max-age=60', {}, 'x'.repeat(1_001));
    await ask(shared());
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=60' });
      response.write('half', () => response.destroy());
    });
    await expect(ask(shared())).rejects.toThrow();
    answerWith('max-age=60');
    expect(statusOf(await ask(shared()))).toContain('fwd=miss');
  });
});

describe('a stale answer', () => {
  it('is validated with the upstream, and fresh again when it still holds', async () => {
    answerWith('max-age=10', { etag: '"v1"', 'last-modified': date() });
    await ask(shared());
    wait(11);
    under.upstream.answer(304, '', { date: date(), etag: '"v1"', 'cache-control': 'max-age=20' });
    const validated = await ask(shared());
    expect(validated).toMatchObject({ status: 200, body: `body ${place}` });
    expect(statusOf(validated)).toBe('tollgate; fwd=stale; fwd-status=304');
    expect(under.upstream.requests.at(-1)!.headers).toMatchObject({ 'if-none-match': '"v1"' });
    expect(await under.eventOf(validated.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'delivered',
      status: 200,
      billable: true,
    });
    wait(15);
    expect(statusOf(await ask(shared()))).toBe('tollgate; hit; ttl=5');
    expect(under.upstream.requests.length).toBe(2);
  });

  it('is replaced by a new one', async () => {
    answerWith('max-age=10', { etag: '"v1"' });
    await ask(shared());
    wait(11);
    answerWith('max-age=10', { etag: '"v2"' }, 'new');
    expect((await ask(shared())).body).toBe('new');
    expect((await ask(shared())).body).toBe('new');
    expect(under.upstream.requests.length).toBe(2);
  });

  it('is given while it is fetched anew, which is nobody’s usage', async () => {
    answerWith('max-age=10, stale-while-revalidate=30');
    await ask(shared());
    const events = (await under.events()).length;
    wait(11);
    answerWith('max-age=10, stale-while-revalidate=30', {}, 'new');
    expect((await ask(shared())).body).toBe(`body ${place}`);
    await eventually(
      () => ask(shared()),
      ({ body }) => body === 'new',
    );
    const later = (await under.events()).slice(events);
    expect(new Set(later.map(({ outcome }) => outcome))).toEqual(new Set(['cache_hit']));
    expect(under.upstream.requests.length).toBe(2);
  });

  it('stands in for an upstream that fails or cannot be reached, as long as it may', async () => {
    answerWith('max-age=10, stale-if-error=30');
    await ask(shared());
    wait(11);
    under.upstream.answer(503, 'down');
    const answer = await ask(shared());
    expect(answer).toMatchObject({ status: 200, body: `body ${place}` });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ outcome: 'cache_hit' });
    under.upstream.handle((request) => request.socket.destroy());
    expect((await ask(shared())).status).toBe(200);
    wait(60);
    expect((await ask(shared())).status).toBe(502);
  });

  it('is fetched anew for a HEAD as well', async () => {
    answerWith('max-age=10, stale-while-revalidate=30', {}, 'old');
    await ask(shared());
    wait(11);
    answerWith('max-age=10', {}, 'new');
    expect(statusOf(await ask(shared(), {}, { method: 'HEAD' }))).toContain('hit');
    const fetched = await eventually(
      () => ask(shared(), { 'cache-control': 'only-if-cached' }),
      ({ body }) => body === 'new',
    );
    expect(statusOf(fetched)).toContain('hit');
    expect(under.upstream.requests.length).toBe(2);
  });

  it('leaves unread what it stands in for, which may never end', async () => {
    answerWith('max-age=10, stale-if-error=30');
    await ask(shared());
    wait(11);
    const closed = endlessly(503);
    expect((await ask(shared())).status).toBe(200);
    await closed;
  });

  it('is not fetched anew from what is not kept, which may never end', async () => {
    answerWith('max-age=10, stale-while-revalidate=30');
    await ask(shared());
    wait(11);
    for (const headers of [{ 'cache-control': 'no-store' }, { 'cache-control': 'max-age=10' }]) {
      const closed = endlessly(200, headers);
      expect((await ask(shared())).body).toBe(`body ${place}`);
      await closed;
    }
  });

  it('does not stand in where it must be revalidated', async () => {
    answerWith('max-age=10, stale-if-error=30, must-revalidate');
    await ask(shared());
    expect(statusOf(await ask(shared()))).toContain('hit');
    wait(11);
    under.upstream.answer(503, 'down');
    expect((await ask(shared())).status).toBe(503);
  });
});

describe('a client that asks for more or less', () => {
  it('gets a validated answer with no-cache, and none but a stored one with only-if-cached', async () => {
    answerWith('max-age=60');
    const refused = await ask(shared(), { 'cache-control': 'only-if-cached' });
    expect(refused.status).toBe(504);
    expect(refused.json()).toMatchObject({ code: 'not_cached' });
    expect(under.upstream.requests).toEqual([]);
    await ask(shared());
    expect((await ask(shared(), { 'cache-control': 'only-if-cached' })).status).toBe(200);
    expect(statusOf(await ask(shared(), { 'cache-control': 'no-cache' }))).toContain('fwd=request');
    expect(statusOf(await ask(shared(), { pragma: 'no-cache' }))).toContain('fwd=request');
    expect(under.upstream.requests.length).toBe(3);
  });
});

describe('an unsafe call that does not fail', () => {
  it('lets no answer be kept that was asked for before it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    under.upstream.handle((_, response) => {
      reached.resolve();
      void promise.then(() => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('old'));
    });
    const first = ask(shared());
    await reached.promise;
    under.upstream.answer(200);
    await ask(shared(), {}, { method: 'DELETE' });
    resolve();
    expect((await first).body).toBe('old');
    answerWith('max-age=60', {}, 'new');
    expect((await ask(shared())).body).toBe('new');
    expect(statusOf(await ask(shared()))).toContain('hit');
  });

  it('makes the answers of its address be forgotten, everybody’s', async () => {
    answerWith('max-age=60');
    await ask(shared());
    under.upstream.answer(500);
    await ask(shared(), {}, { method: 'DELETE' });
    answerWith('max-age=60');
    expect(statusOf(await ask(shared()))).toContain('hit');
    under.upstream.answer(200);
    await ask(shared(), {}, { method: 'DELETE', key: other.key });
    expect(statusOf(await ask(shared()))).toContain('fwd=miss');
  });

  it('and those of the address that it has made', async () => {
    answerWith('max-age=60');
    await ask(shared());
    under.upstream.answer(201, '{}', { location: shared() });
    await ask('/things', {}, { method: 'POST' });
    expect(statusOf(await ask(shared()))).toContain('fwd=miss');
  });
});

/** Waits until the gateway has so many requests under way. */
async function untilOpen(count: number): Promise<void> {
  const metrics = () => fetch(`http://127.0.0.1:${under.gateway.adminPort}/metrics`).then((answer) => answer.text());
  await eventually(metrics, (text) => text.includes(`\ntollgate_gateway_open_requests ${count}\n`));
}

describe('a stored answer', () => {
  it('is not sent to a client that is gone, and leaves nothing open', async () => {
    answerWith('max-age=60');
    await ask(shared());
    const request = http.request(under.url + shared(), { headers: { 'x-api-key': under.consumer.key }, agent: false });
    request.on('error', () => undefined);
    request.end();
    await once(request, 'socket');
    request.destroy();
    await untilOpen(0);
  });
});

describe('requests for the same answer at once', () => {
  const many = (path: string, options: CallOptions = {}) =>
    Promise.all(Array.from({ length: 20 }, () => ask(path, {}, options)));
  /** Holds the upstream's answers until `release` is called. */
  function holdUpstream(cacheControl: string, status = 200) {
    const reached: http.IncomingMessage[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    under.upstream.handle((request, response) => {
      reached.push(request);
      const answer = `${reached.length}`;
      void promise.then(() => response.writeHead(status, { 'cache-control': cacheControl }).end(answer));
    });
    return { reached, release: resolve };
  }
  const waitUntil = (isSo: () => boolean) => eventually(async () => isSo(), Boolean);

  it('become one call of the upstream, each with usage of its own', async () => {
    const { reached, release } = holdUpstream('max-age=60');
    const answers = many(shared());
    const others = many(shared(), { key: other.key });
    await waitUntil(() => reached.length > 0);
    await untilOpen(40);
    release();
    const all = [...(await answers), ...(await others)];
    expect(reached.length).toBe(1);
    expect(new Set(all.map(({ body }) => body))).toEqual(new Set(['1']));
    const collapsed = all.filter((answer) => statusOf(answer) === 'tollgate; fwd=miss; collapsed');
    expect(collapsed.length).toBe(39);
    const event = await under.eventOf(collapsed[0]!.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'cache_hit', countsToQuota: true });
  });

  it('wait only for the same application where answers are for one', async () => {
    const { reached, release } = holdUpstream('max-age=60');
    const answers = [many(apart()), many(apart(), { key: other.key })];
    await waitUntil(() => reached.length > 1);
    await untilOpen(40);
    release();
    const bodies = await Promise.all(answers.map(async (each) => new Set((await each).map(({ body }) => body)).size));
    expect([reached.length, bodies]).toEqual([2, [1, 1]]);
  });

  it('wait only for those with the same Authorization, where answers are for one application', async () => {
    const { reached, release } = holdUpstream('max-age=60');
    const as = (user: string) => many(apart(), { headers: { authorization: `Bearer ${user}` } });
    const answers = [as('ada'), as('bob')];
    await untilOpen(40);
    await waitUntil(() => reached.length > 1);
    release();
    const bodies = await Promise.all(answers.map(async (each) => new Set((await each).map(({ body }) => body)).size));
    expect([reached.length, bodies]).toEqual([2, [1, 1]]);
  });

  it('go on by themselves when the answer is for one only', async () => {
    const { reached, release } = holdUpstream('private, max-age=60');
    const answers = [ask(shared())];
    await waitUntil(() => reached.length > 0);
    for (let time = 0; time < 3; time++) answers.push(ask(shared(), {}, { key: other.key }));
    await untilOpen(4);
    expect(reached.length).toBe(1);
    release();
    await Promise.all(answers);
    expect(reached.length).toBe(4);
  });

  it('let the next one ask when the caller of the first goes away', async () => {
    const { reached, release } = holdUpstream('max-age=60');
    const gone = http.get(under.url + shared(), { headers: { 'x-api-key': under.consumer.key } });
    gone.on('error', () => undefined);
    await waitUntil(() => reached.length === 1);
    const second = ask(shared());
    await untilOpen(2);
    expect(reached.length).toBe(1);
    gone.destroy();
    await waitUntil(() => reached.length === 2);
    release();
    expect(await second).toMatchObject({ status: 200, body: '2' });
  });

  it.each(['no-cache', 'max-age=0'])('are not waited for by who takes no kept answer: %s', async (cacheControl) => {
    const { reached, release } = holdUpstream('max-age=60');
    const first = ask(shared());
    await waitUntil(() => reached.length === 1);
    const second = ask(shared(), { 'cache-control': cacheControl });
    await waitUntil(() => reached.length === 2);
    release();
    expect([(await first).body, (await second).body]).toEqual(['1', '2']);
  });

  it('all get what somebody else has fetched meanwhile, when the caller of the first goes away', async () => {
    const { reached, release } = holdUpstream('max-age=60');
    const gone = http.get(under.url + shared(), { headers: { 'x-api-key': under.consumer.key } });
    gone.on('error', () => undefined);
    await waitUntil(() => reached.length === 1);
    const waiting = [ask(shared()), ask(shared())];
    await untilOpen(3);
    under.upstream.answer(200, 'fetched', { 'cache-control': 'max-age=60' });
    await ask(shared(), { 'cache-control': 'no-cache' });
    gone.destroy();
    const collapsed = 'tollgate; fwd=miss; collapsed';
    const all = (await Promise.all(waiting)).map((answer) => [answer.body, statusOf(answer)]);
    expect(all).toEqual(Array(2).fill(['fetched', collapsed]));
    release();
  });
});

describe('answers that are purged', () => {
  it('are forgotten by every gateway: of a path, of all that begin so, of the version', async () => {
    const folder = makeJournalFolder();
    const second = await startGateway(
      gatewayOptions(under.database, { gatewayId: 'gateway-2', journalFolder: folder }),
    );
    const origins = [under.url, `http://127.0.0.1:${second.port}${under.catalog.version.basePath}`];
    const askAt = (origin: string) =>
      call(`${origin}${shared()}?a=1`, { key: under.consumer.key }).then((answer) => statusOf(answer));
    const purge = (path: string | null) =>
      purgeResponseCache(under.database.context, {
        api: under.catalog.api.slug,
        version: null,
        path: path && under.catalog.version.basePath + path,
        publisherUserId: null,
        actor: { kind: 'cli', id: null },
      });
    const isMiss = (status: string) => status.includes('fwd=miss');
    try {
      answerWith('max-age=60');
      for (const origin of origins) await askAt(origin);
      await purge('/other');
      for (const path of [shared(), '/thin*', null]) {
        for (const origin of origins) expect(await askAt(origin)).toContain('hit');
        await purge(path);
        for (const origin of origins) await eventually(() => askAt(origin), isMiss);
      }
    } finally {
      await second.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are not kept when they were asked for before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    under.upstream.handle((_, response) => {
      reached.resolve();
      void promise.then(() => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('old'));
    });
    const first = ask(shared());
    await reached.promise;
    const target = { api: under.catalog.api.slug, version: null, path: null, publisherUserId: null };
    await purgeResponseCache(under.database.context, { ...target, actor: { kind: 'cli', id: null } });
    await under.sync();
    resolve();
    expect((await first).body).toBe('old');
    answerWith('max-age=60', {}, 'new');
    expect((await ask(shared())).body).toBe('new');
  });

  it('need an API that is there and, for a publisher, is of the own team', async () => {
    const target = {
      api: under.catalog.api.slug,
      version: null,
      path: null,
      actor: { kind: 'cli', id: null },
    } as const;
    const purge = (change: object) =>
      purgeResponseCache(under.database.context, { ...target, publisherUserId: null, ...change });
    await expect(purge({ api: 'none' })).rejects.toThrow('There is no such api.');
    await expect(purge({ path: 'no slash' })).rejects.toThrow('begins with a slash');
    await expect(purge({ publisherUserId: under.database.context.ids.next() })).rejects.toThrow(
      'There is no such api.',
    );
    expect(await purge({})).toBe(1);
  });
});
