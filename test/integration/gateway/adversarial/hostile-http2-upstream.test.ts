import net from 'node:net';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { startRawHttp2Upstream } from '../../../support/raw-http2-upstream.js';
import { type SecureUpstream, startSecureUpstream } from '../../../support/secure-upstream.js';
import { pointUpstreamAt } from '../../../support/upstream-place.js';

let under: GatewayUnderTest;
let upstream: SecureUpstream;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  upstream = await startSecureUpstream('h2c');
  await pointUpstreamAt(under, { url: upstream.url, protocol: 'h2', idleTimeoutMs: 300 });
});
afterAll(async () => {
  await under.dispose();
  await upstream.close();
});
beforeEach(() => {
  upstream.handle((_request, response) => response.end('ok'));
});

const streamOf = (response: ServerResponse): ServerHttp2Stream => (response as unknown as Http2ServerResponse).stream;
const expectAlive = async (): Promise<void> => {
  upstream.handle((_request, response) => response.end('ok'));
  expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
};

describe('an HTTP/2 upstream that does not answer as it should', () => {
  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    [
      'sends fields without end',
      (stream) => stream.respond({ ':status': 200, ...manyFields(300) }, { endStream: true }),
    ],
    ['sends large fields', (stream) => stream.respond({ ':status': 200, 'x-a': 'a'.repeat(40_000) })],
    ['floods with 1xx', (stream) => floodWithHints(stream)],
    ['ends its connection', (stream) => stream.session!.destroy()],
    ['closes its connection in the middle of the handshake of a call', (stream) => stream.session!.socket.destroy()],
  ])('gives 502 when it %s, and the next call is served', async (_what, act) => {
    upstream.handle((_request, response) => {
      streamOf(response).on('error', () => undefined);
      act(streamOf(response));
    });
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream_broke' });
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'upstream_broke', billable: false });
    await expectAlive();
  });

  it.each<[string, readonly (readonly [string, string])[]]>([
    ['status 999', [[':status', '999']]],
    ['status 000', [[':status', '000']]],
    ['a status that is no number', [[':status', 'abc']]],
    ['no status', [['x-a', 'b']]],
    [
      'two statuses',
      [
        [':status', '200'],
        [':status', '404'],
      ],
    ],
    [
      'a field of one connection',
      [
        [':status', '200'],
        ['connection', 'close'],
      ],
    ],
    [
      'a chunked coding',
      [
        [':status', '200'],
        ['transfer-encoding', 'chunked'],
      ],
    ],
    [
      'capital letters in a name',
      [
        [':status', '200'],
        ['X-A', 'b'],
      ],
    ],
    ['a status for a change of protocols', [[':status', '101']]],
  ])('gives 502 when its head has %s', async (_what, fields) => {
    const raw = await startRawHttp2Upstream(fields);
    await pointUpstreamAt(under, { url: raw.url, protocol: 'h2', responseTimeoutMs: 1_000 });
    expect((await under.call('/things')).json()).toMatchObject({ status: 502, code: 'upstream_broke' });
    raw.close();
    await pointUpstreamAt(under, { url: upstream.url, protocol: 'h2', idleTimeoutMs: 300 });
  });

  it.each<[string, readonly [string, string]]>([
    ['letters beyond Latin-1', ['x-name', Buffer.from('\u2713').toString('latin1')]],
    ['a DEL character', ['x-name', 'a\x7fb']],
    ['a line end in a value', ['x-name', 'a\r\nx-b: c']],
    ['a second length', ['content-length', '0']],
    ['a name that is no token', ['x(a)', 'b']],
    ['settings', ['http2-settings', 'AAMAAABkAAQAoAAAAAIAAAAA']],
  ])('answers each caller, and lives, when its head has %s', async (_what, field) => {
    const raw = await startRawHttp2Upstream([[':status', '200'], ['content-length', '0'], field]);
    await pointUpstreamAt(under, { url: raw.url, protocol: 'h2', responseTimeoutMs: 1_000 });
    // By the lane, and by Node's server.
    for (const headers of [{}, { 'proxy-connection': 'close' }]) {
      const answer = await under.call('/things', { headers });
      expect([200, 502]).toContain(answer.status);
      if (answer.status === 200) expect(answer.headers).not.toHaveProperty('x-b');
    }
    raw.close();
    await pointUpstreamAt(under, { url: upstream.url, protocol: 'h2', idleTimeoutMs: 300 });
    await expectAlive();
  });

  it.each<[string, string, (stream: ServerHttp2Stream) => void]>([
    ['stops in the middle', 'upstream_timeout', () => undefined],
    ['ends its connection in the middle', 'upstream_broke', (stream) => stream.session!.destroy()],
    ['sends less than its length', 'upstream_broke', (stream) => stream.end()],
    ['sends more than its length', 'upstream_broke', (stream) => stream.end(Buffer.alloc(200))],
  ])('breaks the answer when it %s, and bills nothing', async (_what, outcome, act) => {
    const before = (await under.events()).length;
    upstream.handle((_request, response) => {
      const stream = streamOf(response);
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-length': '100' });
      stream.write('half', () => act(stream));
    });
    await expect(under.call('/things')).rejects.toThrow();
    const event = await eventually(
      async () => (await under.events())[before],
      (found) => found !== undefined,
    );
    expect(event).toMatchObject({ outcome, status: 200, billable: false });
    await expectAlive();
  });
});

describe('a caller that says a field twice', () => {
  it.each(['user-agent', 'content-type', 'referer', 'if-none-match', 'from'])(
    'as %s, has it passed on as it is by HTTP/1.1',
    async (name) => {
      let seen: readonly string[] = [];
      upstream.handle((request, response) => {
        seen = request.rawHeaders;
        response.end('ok');
      });
      expect((await under.call('/things', { headers: { [name]: ['a', 'b'] } })).status).toBe(200);
      expect(seen.filter((_value, index) => seen[index - 1] === name)).toEqual(['a', 'b']);
    },
  );
});

describe('a caller that does not read its answer', () => {
  it('holds up no other call on the same connection, and no more than a part of the answer', async () => {
    let sent = 0;
    upstream.handle((request, response) => {
      if (request.url !== '/things/large') return void response.end('ok');
      const stream = streamOf(response);
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      const fill = (): void => {
        while (!stream.destroyed && sent < 64 * 1024 * 1024) {
          sent += 65_536;
          if (!stream.write(Buffer.alloc(65_536))) return void stream.once('drain', fill);
        }
      };
      fill();
    });
    await pointUpstreamAt(under, { url: upstream.url, protocol: 'h2', idleTimeoutMs: 60_000 });
    await under.call('/things');
    const connections = upstream.connections;
    const { basePath } = under.catalog.version;
    const sockets = Array.from({ length: 5 }, () => {
      const socket = net.connect(Number(new URL(under.origin).port), '127.0.0.1');
      socket.pause();
      socket.on('error', () => undefined);
      socket.write(`GET ${basePath}/things/large HTTP/1.1\r\nhost: a\r\nx-api-key: ${under.consumer.key}\r\n\r\n`);
      return socket;
    });
    let last = -1;
    await eventually(
      () => {
        const isStill = sent > 0 && sent === last;
        last = sent;
        return isStill;
      },
      (isStill) => isStill,
    );
    expect(sent).toBeLessThan(40 * 1024 * 1024);
    expect(await under.call('/things')).toMatchObject({ status: 200, body: 'ok' });
    expect(upstream.connections).toBe(connections);
    for (const socket of sockets) socket.destroy();
  });
});

function manyFields(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'a']));
}

function floodWithHints(stream: ServerHttp2Stream): void {
  for (let count = 0; count < 50 && !stream.destroyed; count++)
    stream.additionalHeaders({ ':status': 103, link: '</a>' });
}
