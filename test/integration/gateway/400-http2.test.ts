import fs from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import {
  END_HEADERS,
  END_STREAM,
  RawHttp2Connection,
  frame,
  frameTypes,
  headerBlock,
} from '../../support/raw-http2.js';
import { startRawUpstream } from '../../support/raw-upstream.js';
import { connectHttp2, requestHttp2 } from '../../support/tls-client.js';

let folder: string;
let under: GatewayUnderTest;
beforeAll(async () => {
  const authority = await TestAuthority.create();
  folder = makeCertificateFolder({ a: await authority.issue({ dns: ['api.test'] }) });
  under = await startGatewayUnderTest({}, { tls: { port: 0, folder } });
});
afterAll(async () => {
  await under.dispose();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(() => {
  under.upstream.answer();
  under.upstream.requests.length = 0;
});

const PROTOCOL_ERROR = 1;
const STATUS_400 = 0x8c;
const STATUS_200 = 0x88;

type Fields = readonly (readonly [string, string])[];
const head = (method = 'POST', authority = 'api.test'): Fields => [
  [':method', method],
  [':scheme', 'https'],
  [':authority', authority],
  [':path', `${under.catalog.version.basePath}/things`],
  ['x-api-key', under.consumer.key],
];
const open = () => RawHttp2Connection.open(under.gateway.tlsPort!);

describe('an HTTP/2 request that can be understood in two ways', () => {
  const fields: Record<string, Fields> = {
    'a Connection field': [['connection', 'keep-alive']],
    'a Transfer-Encoding field': [['transfer-encoding', 'chunked']],
    'a Keep-Alive field': [['keep-alive', 'timeout=5']],
    'a Proxy-Connection field': [['proxy-connection', 'close']],
    'an Upgrade field': [['upgrade', 'h2c']],
    'TE other than trailers': [['te', 'gzip']],
    'TE with more than trailers': [['te', 'trailers, gzip']],
    'TE that is empty': [['te', '']],
    'TE with a line end': [['te', 'trailers\n']],
    'a Connection field with a line end': [['connection', 'close\n']],
    'capital letters in a name': [['X-A', 'b']],
    'one capital letter late in a name': [['x-A', 'b']],
    'a name that is a colon': [[':', 'b']],
    'a pseudo-header field after others': [[':path', '/other']],
    'an unknown pseudo-header field': [[':other', 'x']],
    'two lengths': [
      ['content-length', '0'],
      ['content-length', '5'],
    ],
    'the same length twice': [
      ['content-length', '0'],
      ['content-length', '0'],
    ],
    'a length that is no number': [['content-length', '5x']],
    'a length with a sign': [['content-length', '+0']],
    'a length with a blank': [['content-length', '0 ']],
    'a length with a line end': [['content-length', '0\n']],
    'an empty length': [['content-length', '']],
    'a length beyond all numbers': [['content-length', '9'.repeat(20)]],
    'a length without a body': [['content-length', '5']],
  };

  it.each(Object.keys(fields))('is reset and never sent on: %s', async (name) => {
    const connection = await open();
    connection.sendHeaders(1, END_STREAM, [...head(), ...fields[name]!]);
    const reset = await connection.frameOf(frameTypes.rstStream, 1);
    expect(reset.payload.readUInt32BE(0)).toBe(PROTOCOL_ERROR);
    expect(under.upstream.requests).toEqual([]);
    // The connection is still of use for a request that is sound.
    connection.sendHeaders(3, END_STREAM, head('GET'));
    expect((await connection.frameOf(frameTypes.headers, 3)).payload[0]).toBe(STATUS_200);
    connection.socket.destroy();
  });

  const pseudo: [string, string, ...(string | null)[]][] = [
    ['two :path', ':path', '/things', '/things'],
    ['two :method', ':method', 'GET', 'POST'],
    ['two :scheme', ':scheme', 'https', 'https'],
    ['two :authority', ':authority', 'api.test', 'other.test'],
    ['no :path', ':path', null],
    ['an empty :path', ':path', ''],
    ['a :path without a slash', ':path', 'things'],
    ['a :path of another host', ':path', 'https://other.test/things'],
    ['a :path with a blank', ':path', '/things HTTP/1.1'],
    ['a :path with a null byte', ':path', '/things\0'],
    ['a :path with a tab', ':path', '/things\t'],
    ['an asterisk in a GET', ':path', '*'],
    ['no :method', ':method', null],
    ['an empty :method', ':method', ''],
    ['a :method with a blank', ':method', 'GE T'],
    ['no :scheme', ':scheme', null],
    ['an empty :authority', ':authority', ''],
    ['a user in :authority', ':authority', 'me@api.test'],
    ['a path in :authority', ':authority', 'api.test/things'],
    ['a line end in :authority', ':authority', 'api.test\n'],
    ['a blank in :authority', ':authority', ' api.test'],
    ['a :status', ':status', '200'],
    ['a :protocol that we do not offer', ':protocol', 'websocket'],
    ['CONNECT with a :path', ':method', 'CONNECT'],
  ];

  it.each(pseudo)('is reset and never sent on: %s', async (_what, name, ...values) => {
    const connection = await open();
    const fields = head('GET').filter(([one]) => one !== name);
    const given = values.filter((value) => value !== null).map((value) => [name, value] as const);
    connection.sendHeaders(1, END_STREAM, [...given, ...fields]);
    const reset = await connection.frameOf(frameTypes.rstStream, 1);
    expect(reset.payload.readUInt32BE(0)).toBe(PROTOCOL_ERROR);
    expect(under.upstream.requests).toEqual([]);
    connection.socket.destroy();
  });

  it.each<[string, string, string, string]>([
    ['a fragment in :path', ':path', '/things#a', 'malformed_request'],
    ['bytes in :path that no URI has', ':path', '/things?\xc4\x8a', 'malformed_request'],
    ['a backslash in :path', ':path', '\\things', 'malformed_request'],
    ['several hosts in :authority', ':authority', 'api.test,other.test', 'malformed_request'],
    ['an expectation that nobody knows', 'expect', 'miracles', 'expectation_failed'],
  ])('is refused as by HTTP/1.1: %s', async (_what, name, value, code) => {
    const connection = await open();
    const { basePath } = under.catalog.version;
    const given = name === ':path' ? basePath + value : value;
    const fields = head('GET').filter(([one]) => one !== name);
    connection.sendHeaders(
      1,
      END_STREAM,
      name.startsWith(':') ? [[name, given], ...fields] : [...fields, [name, given]],
    );
    const answer = await connection.frameOf(frameTypes.data, 1);
    expect(JSON.parse(String(answer.payload))).toMatchObject({
      code,
      status: code === 'malformed_request' ? 400 : 417,
    });
    expect(under.upstream.requests).toEqual([]);
    connection.socket.destroy();
  });

  it('has its bytes beyond ASCII passed on one by one: no two of them become a line end', async () => {
    const raw = await startRawUpstream();
    raw.answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    await pointUpstreamAt(under, { url: raw.url });
    const connection = await open();
    // In UTF-8 these are the characters U+010D and U+010A, which end in CR and LF when they are cut to bytes.
    connection.sendHeaders(1, END_STREAM, [...head('GET'), ['x-a', 'b\xc4\x8d\xc4\x8ax-smuggled: 1']]);
    await connection.frameOf(frameTypes.headers, 1);
    expect(raw.requests.join('')).toContain('x-a: b\xc4\x8d\xc4\x8ax-smuggled: 1\r\n');
    connection.socket.destroy();
    raw.close();
    await pointUpstreamAt(under, { url: under.upstream.url });
  });

  it.each<[string, string, string]>([
    ['a line end in a value', 'x-a', 'b\r\nx-c: d'],
    ['a carriage return in a value', 'x-a', 'b\rc'],
    ['a blank before a value', 'x-a', ' b'],
    ['a tab after a value', 'x-a', 'b\t'],
    ['a line feed in a value', 'x-a', 'b\nc'],
    ['a null byte in a value', 'x-a', 'b\0'],
    ['a line end in a name', 'x-a\r\nx-c', 'b'],
    ['a colon in a name', 'x:a', 'b'],
    ['a blank in a name', 'x a', 'b'],
  ])('is sent on without the field that has %s', async (_what, name, value) => {
    const connection = await open();
    connection.sendHeaders(1, END_STREAM, [...head('GET'), [name, value], ['x-last', 'z']]);
    expect((await connection.frameOf(frameTypes.headers, 1)).payload[0]).toBe(STATUS_200);
    const names = under.upstream.requests[0]!.rawHeaders.filter((_part, index) => index % 2 === 0);
    expect(names.filter((one) => /^x[^-]|^x-[ac]/.test(one) && !one.startsWith('x-consumer'))).toEqual([]);
    expect(names).toContain('x-last');
    connection.socket.destroy();
  });

  it.each<[string, string, string]>([
    ['a value', 'x-a', 'b\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a'],
    ['a value with bare ends', 'x-a', 'b\n\nGET /smuggled HTTP/1.1\nhost: a'],
    ['a name', 'x-a: b\r\n\r\nGET /smuggled HTTP/1.1\r\nx-b', 'c'],
    ['a length', 'content-length', '5\r\ntransfer-encoding: chunked'],
    ['a path', ':path', '/a HTTP/1.1\r\nx-smuggled: 1\r\n\r\n'],
    ['a method', ':method', 'GET / HTTP/1.1\r\nx-smuggled: 1\r\n\r\nGET'],
    ['an authority', ':authority', 'api.test\r\nx-smuggled: 1'],
  ])('gives the upstream nothing that is framed in another way: another request in %s', async (_what, name, value) => {
    const raw = await startRawUpstream();
    raw.answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    await pointUpstreamAt(under, { url: raw.url });
    const connection = await open();
    const fields = head('GET').filter(([one]) => one !== name);
    connection.sendHeaders(
      1,
      END_STREAM,
      name.startsWith(':') ? [[name, value], ...fields] : [...fields, [name, value]],
    );
    const answer = await Promise.race([
      connection.frameOf(frameTypes.headers, 1).then(({ payload }) => payload[0]),
      connection.frameOf(frameTypes.rstStream, 1).then(() => 'reset'),
    ]);
    expect([STATUS_200, STATUS_400, 'reset']).toContain(answer);
    const got = raw.requests.join('');
    expect(got.match(/HTTP\/1\.1/g)?.length ?? 0).toBe(answer === STATUS_200 ? 1 : 0);
    expect(got).not.toMatch(/smuggled|transfer-encoding|^x-a/im);
    connection.socket.destroy();
    raw.close();
    await pointUpstreamAt(under, { url: under.upstream.url });
  });

  it.each<[string, () => Fields]>([
    ['a Host that differs from :authority', () => [...head(), ['host', 'other.test']]],
    ['two hosts', () => [...head(), ['host', 'api.test'], ['host', 'api.test']]],
    ['no host at all', () => head().filter(([name]) => name !== ':authority')],
    ['another scheme', () => head().map(([name, value]) => [name, name === ':scheme' ? 'ftp' : value] as const)],
  ])('is refused: %s', async (_what, fieldsOf) => {
    const connection = await open();
    connection.sendHeaders(1, END_STREAM, fieldsOf());
    const answer = await Promise.race([
      connection.frameOf(frameTypes.headers, 1).then(({ payload }) => payload[0]),
      connection.frameOf(frameTypes.rstStream, 1).then(() => 'reset'),
    ]).catch(() => 'closed');
    expect([STATUS_400, 'reset']).toContain(answer);
    expect(under.upstream.requests).toEqual([]);
    connection.socket.destroy();
  });

  it('is served with a Host that is the same as :authority', async () => {
    const connection = await open();
    connection.sendHeaders(1, END_STREAM, [...head('GET'), ['host', 'API.test'], ['te', 'trailers']]);
    expect((await connection.frameOf(frameTypes.headers, 1)).payload[0]).toBe(STATUS_200);
    expect(under.upstream.requests[0]!.headers).toMatchObject({ 'x-forwarded-host': 'api.test', via: '2.0 tollgate' });
    expect(under.upstream.requests[0]!.headers).not.toHaveProperty('te');
    connection.socket.destroy();
  });

  it.each([
    ['shorter', 'hel'],
    ['longer', 'hello, you'],
  ])('is broken off when its body is %s than its length', async (_what, body) => {
    under.upstream.handle((request, response) => {
      request.on('error', () => undefined);
      request.resume().on('end', () => response.end('whole'));
    });
    const connection = await open();
    connection.sendHeaders(1, 0, [...head(), ['content-length', '5']]);
    connection.send(frameTypes.data, END_STREAM, 1, Buffer.from(body));
    await Promise.race([connection.frameOf(frameTypes.rstStream, 1), connection.untilClosed()]);
    expect(connection.frames.some(({ type, streamId }) => type === frameTypes.headers && streamId === 1)).toBe(false);
    connection.socket.destroy();
  });

  it.each<[string, Fields]>([
    ['POST', []],
    ['GET', []],
    ['POST', [['content-length', '0']]],
  ])('has an empty body when its %s ends with an empty frame, at once: %j', async (method, fields) => {
    const connection = await open();
    const block = headerBlock([...head(method), ...fields]);
    const end = frame(frameTypes.data, END_STREAM, 1, Buffer.alloc(0));
    connection.socket.write(Buffer.concat([frame(frameTypes.headers, END_HEADERS, 1, block), end]));
    const answer = await connection.frameOf(frameTypes.headers, 1);
    expect(answer.payload[0]).toBe(STATUS_200);
    expect(under.upstream.requests[0]).toMatchObject({ method, body: '' });
    connection.socket.destroy();
  });

  it('has its cookies joined and its :authority as the host', async () => {
    const connection = await open();
    connection.sendHeaders(1, END_STREAM, [...head('GET'), ['cookie', 'a=1'], ['cookie', 'b=2']]);
    await connection.frameOf(frameTypes.headers, 1);
    expect(under.upstream.requests[0]!.headers.cookie).toBe('a=1; b=2');
    connection.socket.destroy();
  });

  it('is refused when it asks for a tunnel', async () => {
    const connection = await open();
    connection.sendHeaders(1, 0, [
      [':method', 'CONNECT'],
      [':authority', 'api.test:443'],
    ]);
    expect((await connection.frameOf(frameTypes.headers, 1)).payload[0]).toBe(STATUS_400);
    connection.socket.destroy();
  });
});

describe('a connection that floods', () => {
  const ENHANCE_YOUR_CALM = 11;

  it('is closed when it resets more streams than it may, and the upstream is spared', async () => {
    const connection = await open();
    for (let streamId = 1; streamId < 4_000; streamId += 2) {
      connection.sendHeaders(streamId, END_STREAM, head('GET'));
      connection.send(frameTypes.rstStream, 0, streamId, Buffer.from([0, 0, 0, 8]));
    }
    await connection.untilClosed();
    const goaway = connection.frames.find(({ type }) => type === frameTypes.goaway);
    if (goaway) expect([ENHANCE_YOUR_CALM, 2]).toContain(goaway.payload.readUInt32BE(4));
    expect(under.upstream.requests.length).toBeLessThan(300);
    expect((await under.call('/things')).status).toBe(200);
  });

  it('may have 128 requests open at once; one more is refused without harm to the others', async () => {
    let reached = 0;
    under.upstream.handle(() => reached++);
    const connection = await open();
    for (let streamId = 1; streamId <= 257; streamId += 2) connection.sendHeaders(streamId, END_STREAM, head('GET'));
    const refused = await connection.frameOf(frameTypes.rstStream, 257);
    expect([7, PROTOCOL_ERROR]).toContain(refused.payload.readUInt32BE(0));
    expect(connection.isClosed).toBe(false);
    await eventually(
      () => Promise.resolve(reached),
      (count) => count === 128,
    );
    connection.socket.destroy();
  });

  it('is closed for header fields that never end', async () => {
    const connection = await open();
    connection.send(frameTypes.headers, END_STREAM, 1, headerBlock(head('GET')));
    const more = frame(frameTypes.continuation, 0, 1, headerBlock([['x-a', 'b'.repeat(1_000)]]));
    for (let count = 0; count < 200; count++) connection.socket.write(more);
    await connection.untilClosed();
    expect(under.upstream.requests).toEqual([]);
  });

  it('is refused when its fields are larger than 32 KiB', async () => {
    const connection = await open();
    const large: Fields = Array.from({ length: 5 }, (_, index) => [`x-${index}`, 'a'.repeat(8_000)] as const);
    connection.send(frameTypes.headers, END_STREAM, 1, headerBlock([...head('GET'), large[0]!]));
    for (const field of large.slice(1, -1)) connection.send(frameTypes.continuation, 0, 1, headerBlock([field]));
    connection.send(frameTypes.continuation, END_HEADERS, 1, headerBlock([large.at(-1)!]));
    const answer = await connection.frameOf(frameTypes.data, 1);
    expect(String(answer.payload)).toContain('"code":"headers_too_large"');
    expect(under.upstream.requests).toEqual([]);
    connection.socket.destroy();
  });

  it.each<[string, number, Buffer]>([
    ['SETTINGS', frameTypes.settings, Buffer.from([0, 4, 0, 1, 0, 0])],
    ['PING', frameTypes.ping, Buffer.alloc(8)],
  ])('is closed when it sends %s without reading the answers', async (_what, type, payload) => {
    const connection = await open();
    connection.socket.pause();
    const flood = Buffer.concat(Array.from({ length: 2_000 }, () => frame(type, 0, 0, payload)));
    const gone = new Promise<void>((resolve) => connection.socket.once('close', () => resolve()));
    const write = (): void => {
      while (!connection.socket.destroyed && connection.socket.write(flood));
    };
    connection.socket.on('drain', write);
    write();
    await gone;
    expect((await call(`${under.url}/things`, { key: under.consumer.key })).status).toBe(200);
  });
});

describe('a session that is kept', () => {
  it('is told when the gateway drains, and its request under way is answered', async () => {
    const own = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['api.test'] }) });
    const other = await startGatewayUnderTest({}, { tls: { port: 0, folder: own } });
    other.upstream.handle((_request, response) => setTimeout(() => response.end('late'), 300));
    const url = `https://127.0.0.1:${other.gateway.tlsPort}${other.catalog.version.basePath}/things`;
    const session = await connectHttp2(url, { rejectUnauthorized: false });
    const goaway = new Promise<void>((resolve) => session.once('goaway', () => resolve()));
    const answer = requestHttp2(session, new URL(url), { key: other.consumer.key });
    const reached = new Promise<void>((resolve) => {
      other.upstream.handle((_request, response) => {
        resolve();
        void goaway.then(() => response.end('late'));
      });
    });
    await reached;
    const stopped = other.gateway.stop();
    await goaway;
    expect(await answer).toMatchObject({ status: 200, body: 'late' });
    await stopped;
    await other.dispose();
    fs.rmSync(own, { recursive: true });
  });
});
