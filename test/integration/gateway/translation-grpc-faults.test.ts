import { once } from 'node:events';
import http2, { type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { libraryPolicy, libraryRoutes } from '../../support/grpc-library.js';
import { makeVersion } from '../../support/translated-version.js';

let under: GatewayUnderTest;
let url: string;
let answer: (stream: ServerHttp2Stream) => void;
const server = http2.createServer();
server.on('stream', (stream: ServerHttp2Stream) => {
  stream.on('error', () => undefined);
  stream.resume();
  answer(stream);
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  under = await startGatewayUnderTest();
  await serve(2_000);
});
afterAll(async () => {
  await under.dispose();
  server.close();
});

const book = '/shelves/s1/books/7';
const serve = (responseTimeoutMs: number) =>
  makeVersion(under, {
    routes: libraryRoutes,
    policies: { translation: { grpc: libraryPolicy({ maxMessageBytes: 1_024 }) } },
    upstream: { url, protocol: 'h2', responseTimeoutMs },
  });

describe('a server that is no gRPC, or a bad one', () => {
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  const frame = (payload: Buffer, flag = 0) => {
    const prefix = Buffer.alloc(5);
    prefix[0] = flag;
    prefix.writeUInt32BE(payload.length, 1);
    return Buffer.concat([prefix, payload]);
  };
  const message = frame(Buffer.from([0x12, 1, 0x54]));
  const withTrailers = (
    parts: readonly Buffer[],
    trailers: Record<string, string>,
    fields: OutgoingHttpHeaders = head,
  ) => {
    return (stream: ServerHttp2Stream): void => {
      stream.respond(fields, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      for (const part of parts) stream.write(part);
      stream.end();
    };
  };
  const without = (parts: readonly Buffer[], fields: OutgoingHttpHeaders = head) => {
    return (stream: ServerHttp2Stream): void => {
      stream.respond(fields);
      for (const part of parts) stream.write(part);
      stream.end();
    };
  };
  const ok = { 'grpc-status': '0' };

  it('is answered for when it is a sound one', async () => {
    answer = withTrailers([message], ok);
    expect(await under.call(book)).toMatchObject({ status: 200, body: '{"title":"T"}' });
    answer = (stream) => stream.respond({ ...head, 'grpc-status': '5', 'grpc-message': 'a%20b' }, { endStream: true });
    expect((await under.call(book)).json()).toMatchObject({ status: 404, detail: 'a b' });
  });

  const broken = [
    ['a message that says it is compressed', withTrailers([frame(Buffer.from([1]), 1)], ok), 'upstream_broke'],
    ['an unknown flag', withTrailers([frame(Buffer.from([1]), 7)], ok), 'upstream_broke'],
    ['a message that is too large', withTrailers([frame(Buffer.alloc(1_025))], ok), 'response_too_large'],
    ['the prefix of one', withTrailers([Buffer.from([0, 255, 255, 255, 255])], ok), 'response_too_large'],
    ['a part of a message', withTrailers([message.subarray(0, 6)], ok), 'upstream_broke'],
    ['bytes that are no message', withTrailers([frame(Buffer.from([0x12, 9]))], ok), 'upstream_broke'],
    ['no trailers', without([message]), 'upstream_broke'],
    ['trailers without a status', withTrailers([message], { 'x-a': 'b' }), 'upstream_broke'],
    ['another content type', withTrailers([message], ok, { ...head, 'content-type': 'text/html' }), 'upstream_broke'],
    [
      'gRPC for the web',
      withTrailers([message], ok, { ...head, 'content-type': 'application/grpc-web' }),
      'upstream_broke',
    ],
  ] as const;

  it.each(broken)('with %s is a 502 that costs nothing', async (_name, behaviour, code) => {
    answer = behaviour;
    const refused = await under.call(book);
    expect(refused.status).toBe(502);
    expect(refused.json()).toMatchObject({ code });
    const event = await under.eventOf(refused.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'upstream_broke', billable: false });
  });

  it.each(broken.filter(([name]) => name !== 'a part of a message'))(
    'with %s in a stream is a 502',
    async (_name, behaviour, code) => {
      answer = behaviour;
      const hasMessage = _name === 'no trailers' || _name === 'trailers without a status';
      if (hasMessage) return expect(await under.call('/shelves/s/books').catch(() => 'broken')).toBe('broken');
      expect((await under.call('/shelves/s/books')).json()).toMatchObject({ status: 502, code: code });
    },
  );

  it.each([
    ['two messages', withTrailers([message, message], ok)],
    ['no message', withTrailers([], ok)],
    ['no message and no body', (stream: ServerHttp2Stream) => stream.respond({ ...head, ...ok }, { endStream: true })],
  ])('with %s in the place of one is a 502', async (_name, behaviour) => {
    answer = behaviour;
    expect((await under.call(book)).json()).toMatchObject({ status: 502, code: 'upstream_broke' });
  });

  it.each([
    [400, 500],
    [401, 401],
    [403, 403],
    [404, 501],
    [429, 503],
    [503, 503],
    [418, 500],
  ])('that answers %i by HTTP, as a proxy does, is a %i', async (sent, wanted) => {
    answer = without([Buffer.from('<html>')], { ':status': sent, 'content-type': 'text/html' });
    for (const path of [book, '/shelves/s/books']) {
      const refused = await under.call(path);
      expect(refused.status).toBe(wanted);
      expect(refused.json()).toMatchObject({ code: 'grpc_error' });
      expect(refused.body).not.toContain('html');
    }
  });

  it('has a status that is none taken for UNKNOWN, and a message that is wrongly encoded as it is', async () => {
    answer = withTrailers([], { 'grpc-status': '99', 'grpc-message': '%zz' });
    expect((await under.call(book)).json()).toMatchObject({ status: 500, detail: '%zz', grpc: { status: 'UNKNOWN' } });
  });

  it('has its stream given up when it never ends, though nothing of it is wanted', async () => {
    const closed = new Promise<number>((resolve) => {
      answer = (stream) => {
        stream.respond({ ':status': 503, 'content-type': 'text/html' });
        stream.on('close', () => resolve(stream.rstCode));
      };
    });
    expect((await under.call('/shelves/s/books')).status).toBe(503);
    expect(await closed).toBe(http2.constants.NGHTTP2_CANCEL);
  });

  it('is a 504 when its answer to a unary call never ends, whatever it was told of the time', async () => {
    await serve(100);
    let told: unknown;
    const closed = new Promise((resolve) => {
      answer = (stream) => {
        stream.respond(head);
        stream.write(message);
        stream.on('close', resolve);
      };
    });
    server.once('stream', (_stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => (told = fields['grpc-timeout']));
    const refused = await under.call(book);
    expect(refused.json()).toMatchObject({ status: 504, code: 'upstream_timeout' });
    expect(told).toBe('100m');
    await closed;
    const event = await under.eventOf(refused.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'upstream_timeout', billable: false });
  });
});
