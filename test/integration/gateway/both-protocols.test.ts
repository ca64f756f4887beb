import fs from 'node:fs';
import http2 from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type Answer, type CallOptions, type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { END_STREAM, RawHttp2Connection, frameTypes } from '../../support/raw-http2.js';
import { callTls, connectHttp2, requestHttp2 } from '../../support/tls-client.js';

let folder: string;
let under: GatewayUnderTest;
beforeAll(async () => {
  const authority = await TestAuthority.create();
  folder = makeCertificateFolder({ a: await authority.issue({ dns: ['api.test'] }) });
  under = await startGatewayUnderTest(
    {
      meters: [
        {},
        {
          slug: 'bytes',
          bindings: [
            { selector: 'getThing', weight: '1', value: { from: 'response_bytes', maximum: '1000' } },
            { selector: '*', weight: '0' },
          ],
        },
      ],
      definition: {
        rateLimits: [],
        quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }],
      },
    },
    { tls: { port: 0, folder } },
  );
});
afterAll(async () => {
  await under.dispose();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(() => {
  under.upstream.answer();
  under.upstream.requests.length = 0;
});

const insecure = { rejectUnauthorized: false };

describe.each(['http/1.1', 'h2'] as const)('by %s', (protocol) => {
  const url = (place: string) => `https://127.0.0.1:${under.gateway.tlsPort}${under.catalog.version.basePath}${place}`;
  const call = (place: string, options: CallOptions = {}): Promise<Answer> =>
    callTls(url(place), { protocol, tls: insecure, key: under.consumer.key, ...options });
  const eventOf = (answer: Answer) => under.eventOf(answer.headers['tollgate-request-id']);

  it('a call is served, recorded, billed, and told its limits and receipt', async () => {
    under.upstream.answer(200, '{"things":[]}', { 'x-own': 'yes' });
    const answer = await call('/things?a=b', { headers: { 'x-mine': '1' } });
    expect(answer).toMatchObject({ status: 200, body: '{"things":[]}' });
    expect(answer.headers).toMatchObject({ 'x-own': 'yes', via: '1.1 tollgate' });
    expect(answer.headers['ratelimit-policy']).toContain('"monthly";q=1000');
    expect(answer.headers['usage']).toContain('billable=?1;reason="ok"');
    expect(under.upstream.requests[0]).toMatchObject({ method: 'GET', url: '/things?a=b', headers: { 'x-mine': '1' } });
    expect(under.upstream.requests[0]!.headers).not.toHaveProperty('x-api-key');
    expect(await eventOf(answer)).toMatchObject({ status: 200, outcome: 'delivered', billable: true, bytesOut: 13 });
  });

  it('a body streams to the upstream, with or without a known length', async () => {
    const body = Buffer.alloc(300_000, 'a');
    const known = await call('/things', { method: 'POST', body, headers: { 'content-length': String(body.length) } });
    const unknown = await call('/things', { method: 'POST', body });
    expect([known.status, unknown.status]).toEqual([200, 200]);
    expect(under.upstream.requests.map((request) => request.body.length)).toEqual([300_000, 300_000]);
    expect((await eventOf(unknown)).bytesIn).toBe(300_000);
  });

  it('a large answer comes whole, with and without a length', async () => {
    const large = 'b'.repeat(2_000_000);
    under.upstream.answer(200, large);
    expect((await call('/things')).body).toHaveLength(2_000_000);
    under.upstream.handle((_request, response) => {
      response.write(large);
      response.end('c');
    });
    const answer = await call('/things');
    expect(answer.body).toHaveLength(2_000_001);
    expect((await eventOf(answer)).bytesOut).toBe(2_000_001);
  });

  it('an answer without a body has none', async () => {
    under.upstream.handle((_request, response) => response.writeHead(204).end());
    expect(await call('/things')).toMatchObject({ status: 204, body: '' });
    under.upstream.answer(200, 'x'.repeat(10));
    const head = await call('/things', { method: 'HEAD' });
    expect(head).toMatchObject({ status: head.status, body: '' });
  });

  it.each<[number, string, string, CallOptions]>([
    [401, 'invalid_api_key', '/things', { headers: { 'x-api-key': 'nonsense' } }],
    [404, 'route_not_found', '/nowhere', {}],
    [405, 'method_not_allowed', '/things', { method: 'PATCH' }],
    [400, 'malformed_request', '/%zz', {}],
    [414, 'address_too_long', `/things?${'q'.repeat(9_000)}`, {}],
    [401, 'invalid_api_key', '/things', { method: 'POST', body: Buffer.alloc(500_000), headers: { 'x-api-key': 'x' } }],
  ])('a refusal has its status, code and request id: %i %s', async (status, code, place, options) => {
    const answer = await call(place, { ...options, ...(options.headers ? { key: undefined as never } : {}) });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ code, requestId: answer.headers['tollgate-request-id'] });
    expect(under.upstream.requests).toEqual([]);
  });

  it('an upstream that breaks before its head is a 502, and one that breaks after it breaks the answer', async () => {
    under.upstream.handle((request) => request.socket.destroy());
    const refused = await call('/things');
    expect(refused.status).toBe(502);
    expect(await eventOf(refused)).toMatchObject({ outcome: 'upstream_broke', billable: false });
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const before = (await under.events()).length;
    await expect(call('/things')).rejects.toThrow();
    await eventually(
      () => under.events(),
      (events) => events.length === before + 1 && events.at(-1)!.outcome === 'upstream_broke',
    );
  });
});

describe('by h2', () => {
  const url = () => new URL(`https://127.0.0.1:${under.gateway.tlsPort}${under.catalog.version.basePath}/things`);

  it('a client that resets its stream aborts its own call only, and is recorded as gone', async () => {
    const session = await connectHttp2(url().href, insecure);
    const reached = new Promise<void>((resolve) => under.upstream.handle(() => resolve()));
    const before = (await under.events()).length;
    const stream = session.request({ ':path': url().pathname, 'x-api-key': under.consumer.key });
    stream.on('error', () => undefined);
    await reached;
    stream.close(8);
    await eventually(
      () => under.events(),
      (events) => events.length === before + 1 && events.at(-1)!.outcome === 'client_aborted',
    );
    under.upstream.answer();
    expect((await requestHttp2(session, url(), { key: under.consumer.key })).status).toBe(200);
    session.close();
  });

  it.each([{}, { 'content-length': '5000' }])(
    'an answer that is cut at what is reserved has no end in its frames, and ends its own stream only: %o',
    async (fields) => {
      const connection = await RawHttp2Connection.open(under.gateway.tlsPort!);
      const get = (streamId: number, place: string) =>
        connection.sendHeaders(streamId, END_STREAM, [
          [':method', 'GET'],
          [':scheme', 'https'],
          [':authority', 'api.test'],
          [':path', url().pathname + place],
          ['x-api-key', under.consumer.key],
        ]);
      const reached = Promise.withResolvers<() => void>();
      under.upstream.handle((request, response) => {
        if (request.url === '/things') return reached.resolve(() => response.end('late'));
        response.writeHead(200, fields).end('x'.repeat(5_000));
      });
      get(1, '');
      const finish = await reached.promise;
      get(3, '/1');
      const reset = await connection.frameOf(frameTypes.rstStream, 3);
      expect(reset.payload.readUInt32BE(0)).toBe(http2.constants.NGHTTP2_INTERNAL_ERROR);
      const frames = connection.frames.filter(({ type, streamId }) => streamId === 3 && type === frameTypes.data);
      expect(Buffer.concat(frames.map(({ payload }) => payload)).length).toBe(1_000);
      expect(frames.some(({ flags }) => (flags & END_STREAM) !== 0)).toBe(false);
      finish();
      expect(String((await connection.frameOf(frameTypes.data, 1)).payload)).toBe('late');
      connection.socket.destroy();
    },
  );

  it('trailers of the upstream are passed on', async () => {
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { trailer: 'grpc-status' });
      response.write('message');
      response.addTrailers({ 'grpc-status': '0' });
      response.end();
    });
    const session = await connectHttp2(url().href, insecure);
    const stream = session.request({ ':path': url().pathname, 'x-api-key': under.consumer.key });
    const trailers = await new Promise((resolve, reject) => {
      stream.on('trailers', resolve);
      stream.on('error', reject);
      stream.resume();
    });
    expect(trailers).toMatchObject({ 'grpc-status': '0' });
    session.close();
  });

  it('the end of an answer waits for its usage event', async () => {
    const session = await connectHttp2(url().href, insecure);
    for (const length of [undefined, '5']) {
      under.upstream.handle((_request, response) => {
        response.writeHead(200, length === undefined ? {} : { 'content-length': length });
        response.end('hello');
      });
      const answer = await requestHttp2(session, url(), { key: under.consumer.key });
      const id = answer.headers['tollgate-request-id'];
      expect((await under.events()).some((event) => event.id === id)).toBe(true);
    }
    session.close();
  });

  it('a slow reader of a long answer holds the upstream up instead of growing memory', async () => {
    let isHeldUp = false;
    let written = 0;
    under.upstream.handle((_request, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const write = (): void => {
        while (written < 200_000_000) {
          written += chunk.length;
          if (response.write(chunk)) continue;
          isHeldUp = true;
          response.once('drain', write);
          return;
        }
        response.end();
      };
      write();
    });
    const session = await connectHttp2(url().href, insecure);
    const stream = session.request({ ':path': url().pathname, 'x-api-key': under.consumer.key });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('response', resolve));
    stream.pause();
    let last = -1;
    await eventually(
      () => {
        const isStill = written === last;
        last = written;
        return new Promise<boolean>((resolve) => setTimeout(() => resolve(isStill), 200));
      },
      (isStill) => isStill && isHeldUp,
    );
    expect(written).toBeLessThan(30_000_000);
    session.destroy();
  });
});
