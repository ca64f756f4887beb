import { UPSTREAM_SECRET_PURPOSE, sealSecret } from '#domain';
import { appendChange, insertSecret } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import {
  type LibraryChanges,
  type LibraryServer,
  Metadata,
  serveLibrary,
  startLibrary,
  status,
} from '../../support/grpc-library.js';
import { RawConnection } from '../../support/raw-http.js';
import { webSocketRequest } from '../../support/web-socket.js';

let under: GatewayUnderTest;
let library: LibraryServer;
beforeAll(async () => {
  library = await startLibrary();
  under = await startGatewayUnderTest();
});
afterAll(async () => {
  await under.dispose();
  library.close();
});

const serve = (...changes: LibraryChanges) => serveLibrary(under, library, ...changes);
const json = { 'content-type': 'application/json' };
const book = '/shelves/s1/books/7';

describe('a unary method', () => {
  beforeEach(() => serve({ metadata: { request: ['x-trace', 'x-key-bin'], response: ['x-served', 'x-cost'] } }));

  it('is called with a message, the gateway’s own fields and those that are allowed', async () => {
    let seen: Record<string, unknown> = {};
    library.handlers.GetBook = (call, answer) => {
      seen = { request: call.request, ...call.metadata.getMap(), deadline: call.getDeadline() };
      const head = new Metadata();
      head.set('x-served', 'one');
      head.set('x-secret', 'two');
      call.sendMetadata(head);
      const trailers = new Metadata();
      trailers.set('x-cost', '3');
      answer(null, { name: 'shelves/s1/books/7', isbn: '9007199254740993', genre: 'SCIENCE' }, trailers);
    };
    const headers = {
      'x-trace': 'abc',
      'x-key-bin': 'AQID',
      'x-other': 'no',
      cookie: 'a=b',
      'accept-encoding': 'gzip',
    };
    const before = Date.now();
    const answer = await under.call(book, { headers });
    expect(answer).toMatchObject({
      status: 200,
      body: '{"name":"shelves/s1/books/7","isbn":"9007199254740993","genre":"SCIENCE"}',
    });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-served': 'one', 'x-cost': '3' });
    for (const name of ['x-secret', 'grpc-status', 'grpc-message', 'trailer'])
      expect(answer.headers).not.toHaveProperty(name);
    expect(seen).toMatchObject({
      request: { name: 'shelves/s1/books/7' },
      'x-trace': 'abc',
      'x-key-bin': Buffer.from([1, 2, 3]),
      'x-consumer-id': under.consumer.application.organizationId,
      'x-tollgate-request-id': answer.headers['tollgate-request-id'],
    });
    for (const name of ['x-other', 'cookie', 'x-api-key', 'accept-encoding']) expect(seen).not.toHaveProperty(name);
    const deadlineMs = Number(seen['deadline']) - before;
    expect(Math.abs(deadlineMs - under.catalog.version.upstream!.responseTimeoutMs)).toBeLessThan(5_000);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', status: 200, billable: true, bytesIn: 0 });
    expect(event.bytesOut).toBe(answer.body.length);
  });

  it('gets a body, and is metered as the client sent it', async () => {
    library.handlers.CreateBook = (call, answer) => answer(null, call.request['book'] as object);
    const body = JSON.stringify({ title: 'é', cover: 'AQI=', publishedAt: '2026-01-02T03:04:05Z', stock: { a: 1 } });
    const answer = await under.call('/shelves/s1/books', { method: 'POST', headers: json, body });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(JSON.parse(body));
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ bytesIn: Buffer.byteLength(body), bytesOut: Buffer.byteLength(answer.body) });
  });

  it('answers HEAD with the head of GET', async () => {
    library.handlers.GetBook = (_call, answer) => answer(null, { title: 'T' });
    const answer = await under.call(book, { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': '13' } });
  });

  it('answers with the bytes of a google.api.HttpBody', async () => {
    library.handlers.GetCover = (_call, answer) =>
      answer(null, { content_type: 'image/png', data: Buffer.from([0, 255]) });
    const answer = await under.call(`${book}:cover`);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/png', 'content-length': '2' } });
  });

  it.each([
    ['/shelves/s1/books?limit=-1', {}, { in: 'query', name: 'limit' }],
    ['/shelves/s1/books?filter.genre=%ff', {}, { in: 'query' }],
    ['/shelves/s1/books', { method: 'POST', headers: json, body: '{"titel":"x"}' }, { in: 'body' }],
    ['/shelves/s1/books', { method: 'POST', headers: json, body: '{"title":' }, { in: 'body' }],
    ['/shelves/s1/books', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, { in: 'body' }],
  ])('is not called for %s with %j, which is refused before admission', async (path, options, violation) => {
    let calls = 0;
    library.handlers.CreateBook = (_call, answer) => (calls++, answer(null, {}));
    const events = (await under.events()).length;
    const answer = await under.call(path, options);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request_invalid', violations: [violation] });
    expect([calls, (await under.events()).length]).toEqual([0, events]);
  });

  it.each([
    [status.CANCELLED, 499, 'CANCELLED'],
    [status.UNKNOWN, 500, 'UNKNOWN'],
    [status.INVALID_ARGUMENT, 400, 'INVALID_ARGUMENT'],
    [status.DEADLINE_EXCEEDED, 504, 'DEADLINE_EXCEEDED'],
    [status.NOT_FOUND, 404, 'NOT_FOUND'],
    [status.ALREADY_EXISTS, 409, 'ALREADY_EXISTS'],
    [status.PERMISSION_DENIED, 403, 'PERMISSION_DENIED'],
    [status.UNAUTHENTICATED, 401, 'UNAUTHENTICATED'],
    [status.RESOURCE_EXHAUSTED, 429, 'RESOURCE_EXHAUSTED'],
    [status.FAILED_PRECONDITION, 400, 'FAILED_PRECONDITION'],
    [status.ABORTED, 409, 'ABORTED'],
    [status.OUT_OF_RANGE, 400, 'OUT_OF_RANGE'],
    [status.UNIMPLEMENTED, 501, 'UNIMPLEMENTED'],
    [status.INTERNAL, 500, 'INTERNAL'],
    [status.UNAVAILABLE, 503, 'UNAVAILABLE'],
    [status.DATA_LOSS, 500, 'DATA_LOSS'],
  ])(
    'that ends with %i is answered with %i, by whose row of the table it is judged',
    async (code, httpStatus, name) => {
      library.handlers.GetBook = (_call, answer) => answer({ code, details: `“why”\n${name}` });
      const answer = await under.call(book);
      const requestId = answer.headers['tollgate-request-id'];
      expect(answer.status).toBe(httpStatus);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({
        status: httpStatus,
        code: 'grpc_error',
        detail: `“why”\n${name}`,
        requestId,
        grpc: { code, status: name },
      });
      const reason = httpStatus < 500 ? 'upstream_4xx' : 'upstream_5xx';
      expect(await under.eventOf(requestId)).toMatchObject({ outcome: 'delivered', status: httpStatus, reason });
    },
  );

  it('takes no WebSocket', async () => {
    const client = await RawConnection.open(under.origin);
    client.send(...webSocketRequest(`${under.catalog.version.basePath}${book}`, under.consumer.key));
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('policies around a translation', () => {
  it('are retries by the client’s method, with the status that the code has', async () => {
    const retries = {
      attempts: 2,
      retryOn: ['gateway-error'],
      methods: ['GET'],
      retriableStatusCodes: [],
      perTryTimeoutMs: null,
      backOffMs: 1,
      budgetPercent: 100,
      maxReplayBytes: 65_536,
    } as const;
    await serve({}, { retries });
    let calls = 0;
    library.handlers.GetBook = (_call, answer) =>
      ++calls < 3 ? answer({ code: status.UNAVAILABLE, details: 'soon' }) : answer(null, { title: 'third' });
    expect(await under.call(book)).toMatchObject({ status: 200, body: '{"title":"third"}' });
    calls = 0;
    library.handlers.CreateBook = (_call, answer) => (calls++, answer({ code: status.UNAVAILABLE }));
    const answer = await under.call('/shelves/s1/books', { method: 'POST', headers: json, body: '{}' });
    expect([answer.status, calls]).toEqual([503, 1]);
  });

  it('are changes of the answer and of header fields', async () => {
    await serve(
      {},
      {},
      {
        transformations: [
          {
            selector: 'getBook',
            request: { headers: { set: { 'x-plan': '${plan}' } } },
            response: { body: { template: { data: '${body}' } }, headers: { set: { 'x-shelf': '${path.shelf}' } } },
          },
        ],
      },
    );
    library.handlers.GetBook = (call, answer) => answer(null, { title: String(call.metadata.get('x-plan')) });
    const answer = await under.call(book);
    expect(answer).toMatchObject({ status: 200, body: '{"data":{"title":"pro"}}', headers: { 'x-shelf': 's1' } });
  });

  it('are the cache, of which a hit needs no call', async () => {
    await serve(
      {},
      {},
      { cache: { routes: [{ selector: 'getBook', scope: 'shared', ttlSeconds: 60, maxBodyBytes: 1_024 }] } },
    );
    let calls = 0;
    library.handlers.GetBook = (_call, answer) => answer(null, { title: `call ${++calls}` });
    const first = await under.call(`${book}0`);
    const second = await under.call(`${book}0`);
    expect([first.body, second.body]).toEqual(['{"title":"call 1"}', '{"title":"call 1"}']);
  });

  it('are time-outs, of which the server is told', async () => {
    await serve({}, { responseTimeoutMs: 100 });
    library.handlers.GetBook = (call) => call.sendMetadata(new Metadata());
    const answer = await under.call(book);
    expect(answer.status).toBe(504);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ status: 504, billable: false });
  });
});

describe('who is called, and what with', () => {
  it('is the publisher’s upstream with its credential, whatever the client sends; a test key’s without', async () => {
    const testUpstream = {
      url: library.url,
      protocol: 'h2',
      connectTimeoutMs: 2_000,
      responseTimeoutMs: 5_000,
    } as const;
    await serve({ metadata: { request: ['authorization'], response: [] } }, {}, { testUpstream });
    const { database, catalog } = under;
    const id = database.context.ids.next();
    const ring = [{ id: '1', secret: Buffer.alloc(32, 9) }];
    const sealed = sealSecret('Bearer of-the-publisher', UPSTREAM_SECRET_PURPOSE, ring, database.context.fillRandom);
    await database.unitOfWork.inSystem(async (transaction) => {
      await insertSecret(transaction, { id, purpose: UPSTREAM_SECRET_PURPOSE, ...sealed }, database.clock.now());
      await transaction.query(
        `UPDATE api_version SET upstream = upstream || '{"credentialHeader": "authorization"}', upstream_secret_id = $2 WHERE id = $1`,
        [catalog.version.id, id],
      );
      await appendChange(transaction, 'catalog', 'all', database.clock.now());
    });
    await under.sync();
    const seen: Record<string, unknown>[] = [];
    library.handlers.GetBook = (call, answer) => {
      seen.push(call.metadata.getMap());
      answer(null, {});
    };
    const headers = { authorization: 'Basic forged', 'x-consumer-id': 'forged', x_consumer_id: 'forged' };
    expect((await under.call(book, { headers })).status).toBe(200);
    expect(seen[0]).toMatchObject({
      authorization: 'Bearer of-the-publisher',
      'x-consumer-id': under.consumer.application.organizationId,
    });
    expect(Object.values(seen[0]!).join()).not.toContain('forged');
    const { key } = await aCredential(database, { application: under.consumer.application, mode: 'test' });
    await under.sync();
    expect((await under.call(book, { key })).status).toBe(200);
    expect(seen[1]).toMatchObject({ 'x-tollgate-mode': 'test' });
    expect(seen[1]).not.toHaveProperty('authorization');
  });

  it('is nobody while the translation cannot be read', async () => {
    await serve({ descriptors: 'bm90aGluZw==' });
    expect((await under.call(book)).json()).toMatchObject({ status: 503, code: 'api_unavailable' });
    await serve();
    expect((await under.call(book)).json()).toMatchObject({ status: 501, detail: 'no GetBook' });
  });
});
