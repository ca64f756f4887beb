import { once } from 'node:events';
import fs from 'node:fs';
import http2, { type ClientHttp2Session, type Http2ServerResponse, type IncomingHttpHeaders } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendChange } from '#persistence';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { startRawUpstream } from '../../support/raw-upstream.js';
import { type SecureUpstream, startSecureUpstream } from '../../support/secure-upstream.js';
import { connectHttp2 } from '../../support/tls-client.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import { acceptWebSocket, maskedTextFrame, textFrame, webSocketRequest } from '../../support/web-socket.js';

let under: GatewayUnderTest;
let folder: string;
let authority: TestAuthority;
type Kind = 'h2' | 'h2c' | 'https' | 'h2 only' | 'h2c only' | 'h2 without';
const upstreams: Partial<Record<Kind, SecureUpstream>> = {};
const reviews = { checkpointMs: 55_000, reviewMs: 20 };
/** Counts the messages of WebSocket connections to `/things/{id}`. */
const messages = {
  slug: 'messages',
  bindings: [
    { selector: 'getThing', weight: '1', value: { from: 'messages' } },
    { selector: '*', weight: '0' },
  ],
} as const;
beforeAll(async () => {
  authority = await TestAuthority.create();
  const pair = await authority.issue({ dns: ['localhost'] });
  folder = makeCertificateFolder({ default: pair });
  upstreams.h2 = await startSecureUpstream('h2', pair);
  upstreams.h2c = await startSecureUpstream('h2c');
  upstreams.https = await startSecureUpstream('https', pair);
  const settings = { enableConnectProtocol: true };
  upstreams['h2 only'] = await startSecureUpstream('h2', { ...pair, settings, allowHTTP1: false });
  upstreams['h2c only'] = await startSecureUpstream('h2c', { settings });
  upstreams['h2 without'] = await startSecureUpstream('h2', { ...pair, allowHTTP1: false });
  under = await startGatewayUnderTest({ meters: [{}, messages] }, { tls: { port: 0, folder }, streams: reviews });
});
afterAll(async () => {
  await under.dispose();
  for (const upstream of Object.values(upstreams)) await upstream.close();
  fs.rmSync(folder, { recursive: true });
});

const tls = () => ({ verify: true, ca: authority.pem });

/** One exchange as gRPC has it: messages both ways on one stream, and what the trailers said. */
function exchange(
  session: ClientHttp2Session,
  parts: readonly string[],
): Promise<{
  readonly head: IncomingHttpHeaders;
  readonly flags: number;
  readonly body: string;
  readonly trailers: IncomingHttpHeaders | null;
}> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `${under.catalog.version.basePath}/things`,
      'content-type': 'application/grpc',
      te: 'trailers',
      'x-api-key': under.consumer.key,
    });
    let [head, flags, body]: [IncomingHttpHeaders, number, string] = [{}, 0, ''];
    let trailers: IncomingHttpHeaders | null = null;
    stream.on('response', (fields, bits) => ([head, flags] = [fields, bits]));
    stream.on('trailers', (fields) => (trailers = fields));
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    stream.on('error', reject);
    stream.on('close', () => resolve({ head, flags, body, trailers }));
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

describe.each(['h2', 'h2c'] as const)('an upstream by %s', (kind) => {
  const upstream = () => upstreams[kind]!;
  beforeEach(() =>
    pointUpstreamAt(under, { url: upstream().url, protocol: 'h2', ...(kind === 'h2' && { tls: tls() }) }),
  );

  it('gets calls with the fields of any, on one connection', async () => {
    upstream().handle((request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ ...request.headers, method: request.method, url: request.url }));
    });
    const before = upstream().connections;
    const answer = await under.call('/things/7?x=1');
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.json()).toMatchObject({
      method: 'GET',
      url: '/things/7?x=1',
      ':authority': new URL(upstream().url).host,
      ':scheme': kind === 'h2' ? 'https' : 'http',
      'x-consumer-application': under.consumer.application.id,
      te: 'trailers',
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => under.call('/things')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(upstream().connections - before).toBeLessThanOrEqual(1);
  });

  it('streams bodies of any length both ways, and has one usage event', async () => {
    upstream().handle((request, response) => request.pipe(response));
    const body = Buffer.alloc(1_500_000, 'a');
    const answer = await under.call('/things', { method: 'POST', body });
    expect(answer.body).toHaveLength(1_500_000);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', billable: true, bytesIn: 1_500_000, bytesOut: 1_500_000 });
    upstream().handle((_request, response) => response.writeHead(204).end());
    expect(await under.call('/things')).toMatchObject({ status: 204, body: '' });
  });

  it('has its trailers passed on: gRPC works from end to end, in turns and whole', async () => {
    const session = await connectHttp2(`https://localhost:${under.gateway.tlsPort}`, { rejectUnauthorized: false });
    upstream().handle((request, response) => {
      const grpc = response as unknown as Http2ServerResponse;
      grpc.writeHead(200, { 'content-type': 'application/grpc' });
      request.on('data', (chunk: Buffer) => grpc.write(`echo ${chunk.toString()};`));
      request.on('end', () => {
        grpc.addTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' });
        grpc.end();
      });
    });
    const { head, body, trailers } = await exchange(session, ['one']);
    expect(head).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
    expect(body).toBe('echo one;');
    expect(trailers).toMatchObject({ 'grpc-status': '0', 'grpc-message': 'fine' });

    upstream().handle((request, response) => {
      request.resume();
      const { stream } = response as unknown as Http2ServerResponse;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true });
    });
    const bare = await exchange(session, []);
    expect(bare.head).toMatchObject({ 'grpc-status': '5' });
    expect(bare.flags & http2.constants.NGHTTP2_FLAG_END_STREAM).not.toBe(0);
    expect(bare.body).toBe('');
    session.close();
  });

  it('that resets a stream is a 502, in the middle of an answer a broken one; other calls go on', async () => {
    upstream().handle((_request, response) => (response as unknown as Http2ServerResponse).stream.close(2));
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream_broke' });
    upstream().handle((_request, response) => {
      response.write('half');
      setImmediate(() => (response as unknown as Http2ServerResponse).stream.close(2));
    });
    await expect(under.call('/things')).rejects.toThrow();
    upstream().handle((_request, response) => response.end('ok'));
    expect((await under.call('/things')).body).toBe('ok');
  });

  it('that is silent is a 504 after its time-out', async () => {
    await pointUpstreamAt(under, {
      url: upstream().url,
      protocol: 'h2',
      responseTimeoutMs: 200,
      ...(kind === 'h2' && { tls: tls() }),
    });
    upstream().handle(() => undefined);
    expect((await under.call('/things')).json()).toMatchObject({ status: 504, code: 'upstream_timeout' });
  });

  it('is told when a caller goes away', async () => {
    const gone = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    upstream().handle((request) => {
      (request as unknown as { stream: http2.ServerHttp2Stream }).stream.on('close', () => gone.resolve());
      reached.resolve();
    });
    const session = await connectHttp2(`https://localhost:${under.gateway.tlsPort}`, { rejectUnauthorized: false });
    const stream = session.request({
      ':path': `${under.catalog.version.basePath}/things`,
      'x-api-key': under.consumer.key,
    });
    stream.on('error', () => undefined);
    await reached.promise;
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await gone.promise;
    session.close();
  });

  it('that closes its connection gets the next call on another', async () => {
    upstream().handle((_request, response) => {
      (response as unknown as Http2ServerResponse).stream.session!.close();
      response.end('last');
    });
    expect((await under.call('/things')).body).toBe('last');
    upstream().handle((_request, response) => response.end('next'));
    expect((await under.call('/things')).body).toBe('next');
  });
});

describe('an upstream that is said to speak HTTP/2', () => {
  it('is not called in a private network, unless the operator allows it', async () => {
    const careful = await startGatewayUnderTest({}, { allowsPrivateUpstreams: false });
    const before = upstreams.h2c!.connections;
    for (const url of [upstreams.h2c!.url, upstreams.h2c!.url.replace('localhost', '127.0.0.1')]) {
      await pointUpstreamAt(careful, { url, protocol: 'h2' });
      expect((await careful.call('/things')).json()).toMatchObject({ status: 502, code: 'upstream_refused' });
    }
    expect(upstreams.h2c!.connections).toBe(before);
    await careful.dispose();
  });

  it('and does not is a 502', async () => {
    await pointUpstreamAt(under, { url: upstreams.https!.url, protocol: 'h2', tls: tls() });
    expect((await under.call('/things')).json()).toMatchObject({ status: 502, code: 'upstream_refused' });
    await pointUpstreamAt(under, { url: under.upstream.url, protocol: 'h2' });
    expect((await under.call('/things')).status).toBe(502);
    await pointUpstreamAt(under, { url: 'http://127.0.0.1:1', protocol: 'h2' });
    expect((await under.call('/things')).json()).toMatchObject({ status: 502, code: 'upstream_refused' });
  });

  it('gets WebSocket by HTTP/1.1 where it speaks both, metered as any, and other calls by HTTP/2 as before', async () => {
    await pointUpstreamAt(under, { url: upstreams.h2!.url, protocol: 'h2', tls: tls() });
    upstreams.h2!.upgrade((request, socket) => {
      acceptWebSocket(request, socket);
      socket.on('data', () => socket.end(textFrame('hello')));
    });
    const connection = await RawConnection.open(under.origin);
    connection.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, under.consumer.key));
    const requestId = /tollgate-request-id: (\S+)/.exec(await connection.until('\r\n\r\n'))![1]!;
    connection.socket.write(maskedTextFrame('hi'));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 101 [^]*hello$/);
    expect(await under.eventOf(requestId)).toMatchObject({ status: 101, billable: true });
    upstreams.h2!.handle((request, response) => response.end(request.httpVersion));
    expect(await under.call('/things')).toMatchObject({ status: 200, body: '2.0' });
  });

  it('is retried as any other', async () => {
    const retries = {
      attempts: 2,
      retryOn: ['reset'],
      retriableStatusCodes: [],
      methods: ['GET', 'POST'],
      perTryTimeoutMs: null,
      backOffMs: 1,
      maxReplayBytes: 1_000,
      budgetPercent: 100,
    } as const;
    await pointUpstreamAt(under, { url: upstreams.h2c!.url, protocol: 'h2', retries });
    let count = 0;
    upstreams.h2c!.handle((request, response) => {
      if (++count < 3) return (response as unknown as Http2ServerResponse).stream.close(2);
      request.pipe(response);
    });
    const headers = { 'x-api-key': under.consumer.key };
    const answer = await call(`${under.url}/things`, { method: 'POST', headers, body: 'again' });
    expect(answer).toMatchObject({ status: 200, body: 'again' });
    expect((await under.eventOf(answer.headers['tollgate-request-id'])).attempts).toBe(3);
  });
});

describe.each(['h2 only', 'h2c only'] as const)(
  'WebSocket to an upstream by %s, which takes extended CONNECT',
  (kind) => {
    const upstream = () => upstreams[kind]!;
    const place = () => ({ url: upstream().url, protocol: 'h2' as const, ...(kind === 'h2 only' && { tls: tls() }) });
    beforeEach(() => pointUpstreamAt(under, place()));

    const openRaw = async (...headers: string[]) => {
      const connection = await RawConnection.open(under.origin);
      const path = `${under.catalog.version.basePath}/things/1?a=b`;
      connection.send(...webSocketRequest(path, under.consumer.key, headers));
      return connection;
    };

    /** An open connection, and the upstream's end of it. */
    async function openTunnel(...headers: string[]) {
      const reached = Promise.withResolvers<{ stream: http2.ServerHttp2Stream; headers: IncomingHttpHeaders }>();
      upstream().connect((stream, fields) => {
        stream.on('error', () => undefined);
        stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat', 'content-length': '0', 'x-own': 'yes' });
        reached.resolve({ stream, headers: fields });
      });
      const client = await openRaw(...headers);
      const head = await client.until('\r\n\r\n');
      return { client, head, requestId: /tollgate-request-id: (\S+)/.exec(head)?.[1], ...(await reached.promise) };
    }
    const rowsOf = async (requestId: unknown) => (await under.events()).filter(({ id }) => id === requestId);
    const untilRows = (requestId: unknown, count: number) =>
      eventually(
        () => rowsOf(requestId),
        (rows) => rows.length >= count,
      );

    it('is asked for without the key, which the gateway answers to, and metered at its checkpoints', async () => {
      const { client, head, requestId, stream, headers } = await openTunnel('sec-websocket-protocol: chat');
      expect(head).toMatch(/^HTTP\/1\.1 101 /);
      for (const line of ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-protocol: chat', 'x-own: yes'])
        expect(head.split('\r\n')).toContain(line);
      expect(head).toMatch(/^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m);
      expect(head).not.toContain('content-length');
      expect(headers).toMatchObject({
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': kind === 'h2 only' ? 'https' : 'http',
        ':path': '/things/1?a=b',
        'sec-websocket-version': '13',
        'sec-websocket-protocol': 'chat',
        'x-consumer-application': under.consumer.application.id,
      });
      for (const name of ['sec-websocket-key', 'x-api-key', 'upgrade', 'connection'])
        expect(headers).not.toHaveProperty(name);
      let received = '';
      stream.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
      client.socket.write(Buffer.concat([maskedTextFrame('one'), maskedTextFrame('two')]));
      await eventually(
        () => received,
        (text) => text.includes('two'),
      );
      const { clock } = under.database;
      clock.moveTo(clock.nowMs() + 56_000);
      await untilRows(requestId, 2);
      stream.write(textFrame('three'));
      await client.until('three');
      stream.end(Buffer.from([0x88, 0]));
      await client.untilClosed();
      const rows = await untilRows(requestId, 3);
      expect(
        rows.map(({ outcome, status, quantities, bytesIn, bytesOut }) => [
          outcome,
          status,
          quantities,
          bytesIn,
          bytesOut,
        ]),
      ).toEqual([
        ['checkpoint', 101, { requests: '1' }, 0, 0],
        ['checkpoint', 101, { messages: '2' }, 6, 0],
        ['delivered', 101, { messages: '1' }, 0, 5],
      ]);
    });

    it('goes on the connection of other calls, and ends alone: by the upstream', async () => {
      const { client, requestId, stream } = await openTunnel();
      const before = upstream().connections;
      upstream().handle((_request, response) => response.end('ok'));
      expect((await under.call('/things')).body).toBe('ok');
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      await client.untilClosed();
      expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ outcome: 'upstream_broke' });
      expect((await under.call('/things')).body).toBe('ok');
      expect(upstream().connections).toBe(before);
    });

    it('ends at the upstream when its client goes, and when its key is revoked', async () => {
      const first = await openTunnel();
      const closed = once(first.stream.resume(), 'close');
      first.stream.once('end', () => first.stream.end());
      first.client.socket.destroy();
      await closed;
      expect((await untilRows(first.requestId, 2)).at(-1)).toMatchObject({ outcome: 'client_aborted' });
      const second = await openTunnel();
      let received = '';
      second.stream.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
      const ended = once(second.stream, 'close');
      const { database, consumer } = under;
      const setRevoked = (at: Date | null) =>
        database.unitOfWork.inSystem(async (transaction) => {
          await transaction.query('UPDATE credential SET revoked_at = $2 WHERE id = $1', [consumer.credential.id, at]);
          await appendChange(transaction, 'credential', consumer.credential.id, database.clock.now());
        });
      await setRevoked(database.clock.now());
      expect(await second.client.untilClosed()).toContain('\x88\x0d\x03\xf0key_revoked');
      await ended;
      expect(Buffer.from(received, 'latin1').subarray(0, 2)).toEqual(Buffer.from([0x88, 0x80 | 13]));
      await setRevoked(null);
      await under.sync();
    });

    it('is slowed down by a client that does not read', async () => {
      const { client, stream } = await openTunnel();
      client.socket.pause();
      const block = Buffer.concat([Buffer.from([0x82, 126, 0xff, 0xff]), Buffer.alloc(65_535)]);
      let sent = 0;
      const fill = (): void => {
        while (sent < 2_000 && stream.write(block)) sent++;
        if (sent < 2_000) stream.once('drain', fill);
      };
      fill();
      let last = -1;
      await eventually(
        () => {
          const isStill = sent === last;
          last = sent;
          return isStill;
        },
        (isStill) => isStill,
      );
      expect(sent).toBeLessThan(500);
      client.socket.destroy();
    });

    it('that the upstream refuses is an answer like any', async () => {
      upstream().connect((stream) => {
        stream.respond({ ':status': 403, 'content-type': 'text/plain' });
        stream.end('not you');
      });
      const answer = await (await openRaw()).untilClosed();
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toContain('not you');
    });

    it('without a key that is one is refused before it counts', async () => {
      const connection = await RawConnection.open(under.origin);
      const lines = webSocketRequest(`${under.catalog.version.basePath}/things/1`, under.consumer.key);
      connection.send(
        ...lines.map((line) => (line.startsWith('sec-websocket-key') ? 'sec-websocket-key: short' : line)),
      );
      expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 [^]*"code":"malformed_request"/);
    });
  },
);

describe('WebSocket to an upstream that speaks HTTP/2 only and takes no extended CONNECT', () => {
  it.each(['h2 without', 'h2c'] as const)('is a 502 that says so, and opens no circuit: %s', async (kind) => {
    const circuitBreaker = { consecutiveFailures: 1, openMs: 60_000, maxConcurrent: null };
    const place = { url: upstreams[kind]!.url, protocol: 'h2' as const, circuitBreaker };
    await pointUpstreamAt(under, { ...place, ...(kind === 'h2 without' && { tls: tls() }) });
    const connection = await RawConnection.open(under.origin);
    connection.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, under.consumer.key));
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 502 [^]*"code":"websocket_unavailable"/);
    const event = await under.eventOf(/tollgate-request-id: (\S+)/.exec(answer)![1]);
    expect(event).toMatchObject({ status: 502, outcome: 'upstream_refused', billable: false });
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is a 504 where the upstream does not even send its settings', async () => {
    const silent = await startRawUpstream();
    silent.answer = () => undefined;
    await pointUpstreamAt(under, { url: silent.url, protocol: 'h2', responseTimeoutMs: 200 });
    const connection = await RawConnection.open(under.origin);
    connection.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, under.consumer.key));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 504 [^]*"code":"upstream_timeout"/);
    silent.close();
  });
});
