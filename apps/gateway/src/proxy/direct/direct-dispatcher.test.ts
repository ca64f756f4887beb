import net, { type AddressInfo, type Socket } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, buildConnector } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectDispatcher } from './direct-dispatcher.js';
import type { ReadingOptions } from '../../read-in-place.js';

const connector = (options: ReadingOptions) =>
  buildConnector({ ...options, timeout: 1_000 } as buildConnector.BuildOptions);

let server: net.Server;
let dispatcher: DirectDispatcher;
let sockets: Socket[];
let received: string[];
let answer: (socket: Socket, request: string) => void;

beforeEach(async () => {
  sockets = [];
  received = [];
  server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received.push(chunk.toString('latin1'));
      answer(socket, chunk.toString('latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  dispatcher = new DirectDispatcher(`http://127.0.0.1:${port}`, connector, 4_000);
});
afterEach(async () => {
  await dispatcher.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
});

interface Told {
  starts: number;
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  trailers: IncomingHttpHeaders | null;
  error: (Error & { code?: string }) | null;
  bodySent: number;
}

function ask(
  options: { headersTimeout?: number; bodyTimeout?: number; method?: string; headers?: string[]; body?: Buffer } = {},
  onController?: (controller: Dispatcher.DispatchController) => void,
  onStatus?: (status: number) => void,
): Promise<Told> {
  const told: Told = { starts: 0, status: 0, headers: {}, body: '', trailers: null, error: null, bodySent: 0 };
  return new Promise((resolve) => {
    dispatcher.dispatch(
      { path: '/a', method: 'GET', headers: ['x-a', 'b'], headersTimeout: 5_000, bodyTimeout: 5_000, ...options },
      {
        onRequestStart(controller) {
          told.starts++;
          onController?.(controller);
        },
        onBodySent(chunk) {
          told.bodySent += chunk.length;
        },
        onResponseStart(_controller, status, headers) {
          told.status = status;
          onStatus?.(status);
          told.headers = headers;
        },
        onResponseData(_controller, chunk) {
          told.body += chunk.toString();
        },
        onResponseEnd(_controller, trailers) {
          told.trailers = trailers;
          resolve(told);
        },
        onResponseError(_controller, error) {
          told.error = error;
          resolve(told);
        },
      },
    );
  });
}
const sound = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('requests that go out directly', () => {
  it('share a kept connection, one after the other', async () => {
    answer = (socket) => socket.write(sound);
    for (let round = 0; round < 3; round++)
      expect(await ask()).toMatchObject({ status: 200, body: 'ok', starts: 1, error: null });
    expect(sockets).toHaveLength(1);
    expect(received[0]).toMatch(
      /^GET \/a HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nconnection: keep-alive\r\nx-a: b\r\n\r\n$/,
    );
  });

  it.each(['POST', 'PUT', 'PATCH'])(
    'have their short body with them, to the byte, said once how long it is (%s)',
    async (method) => {
      answer = (socket) => socket.write(sound);
      const body = Buffer.from(Array.from({ length: 256 }, (_, code) => code));
      const told = [];
      for (const sent of [body, Buffer.from('x')])
        told.push(await ask({ method, body: sent, headers: ['x-a', 'b', 'content-length', String(sent.length)] }));
      expect(told.map(({ status, bodySent }) => [status, bodySent])).toEqual([
        [200, 256],
        [200, 1],
      ]);
      expect(sockets).toHaveLength(1);
      const [first, second] = received;
      expect(first).toMatch(
        /^[A-Z]+ \/a HTTP\/1\.1\r\nhost: [\d.:]+\r\nconnection: keep-alive\r\ncontent-length: 256\r\nx-a: b\r\n\r\n/,
      );
      expect(first!.slice(first!.indexOf('\r\n\r\n') + 4)).toBe(body.toString('latin1'));
      expect(second).toMatch(/content-length: 1\r\nx-a: b\r\n\r\nx$/);
    },
  );

  it('are undici’s when the body is long, and arrive all the same; an unusual answer to a body is read too', async () => {
    answer = (socket, request) => void (request.endsWith('y') && socket.write(sound));
    const long = Buffer.from(`${'x'.repeat(16_384)}y`);
    expect(await ask({ method: 'POST', body: long, headers: ['content-length', String(long.length)] })).toMatchObject({
      status: 200,
      body: 'ok',
    });
    received = [];
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n');
    const told = await ask({ method: 'POST', body: Buffer.from('abc'), headers: ['content-length', '3'] });
    expect(told).toMatchObject({ status: 200, body: 'ok', error: null });
    expect(received).toHaveLength(1);
  });

  it('have a connection each when they are under way together', async () => {
    answer = (socket) => socket.write(sound);
    const all = await Promise.all([ask(), ask(), ask()]);
    expect(all.map(({ body }) => body)).toEqual(['ok', 'ok', 'ok']);
    expect(sockets).toHaveLength(3);
  });

  it('get bodies however they are parted', async () => {
    const body = 'x'.repeat(300_000);
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n');
      setTimeout(() => socket.write(body), 5);
    };
    expect((await ask()).body).toBe(body);
  });

  it('get bytes that stay what they are while other answers are read', async () => {
    answer = (socket, request) => socket.write(sound.replace('ok', request.includes('/b ') ? 'bb' : 'aa'));
    const kept: Buffer[] = [];
    for (const path of ['/a', '/b', '/a', '/b']) {
      await new Promise<void>((resolve, reject) => {
        dispatcher.dispatch(
          { path, method: 'GET', headers: [], headersTimeout: 5_000, bodyTimeout: 5_000 },
          {
            onResponseData: (_controller, chunk) => void kept.push(chunk),
            onResponseEnd: () => resolve(),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      });
    }
    expect(kept.map(String)).toEqual(['aa', 'bb', 'aa', 'bb']);
  });

  it.each([
    [
      'chunks with trailers',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-t: a\r\n\r\n',
      false,
    ],
    ['an answer that ends with its connection', 'HTTP/1.1 200 OK\r\n\r\nok', true],
    [
      'chunks after a hint',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      false,
    ],
    ['a connection that closes', sound.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), true],
    ['a head in two parts', sound, false],
  ])('leave what is unusual to undici: %s', async (name, text, ends) => {
    answer = (socket) => {
      if (!name.includes('two parts')) return void (ends ? socket.end(text) : socket.write(text));
      socket.write(text.slice(0, 10));
      setTimeout(() => socket.write(text.slice(10)), 10);
    };
    const told = await ask();
    expect(told).toMatchObject({ status: 200, body: 'ok', error: null });
    if (name.includes('trailers')) expect(told.trailers).toEqual({ 'x-t': 'a' });
    expect(received).toHaveLength(1);
  });

  it('are told what the upstream says before its answer, on a connection that is kept', async () => {
    const statuses: number[] = [];
    for (const hints of [
      ['HTTP/1.1 100 Continue\r\n\r\n'],
      ['HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n', 'HTTP/1.1 102 \r\n\r\n'],
    ])
      for (const isApart of [false, true]) {
        answer = (socket) => {
          if (!isApart) return void socket.write(hints.join('') + sound);
          socket.write(hints.join(''));
          setTimeout(() => socket.write(sound), 10);
        };
        expect(await ask({}, undefined, (status) => statuses.push(status))).toMatchObject({ body: 'ok', error: null });
      }
    expect(statuses).toEqual([100, 200, 100, 200, 103, 102, 200, 103, 102, 200]);
    answer = (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${sound}`);
    expect(await ask({ method: 'POST', body: Buffer.from('a') })).toMatchObject({
      status: 200,
      body: 'ok',
      error: null,
    });
    expect(sockets).toHaveLength(1);
  });

  it('leave what is said before the answer to undici when it is much', async () => {
    const hints = (count: number) => 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(count);
    answer = (socket) => socket.write(hints(32) + sound);
    expect(await ask()).toMatchObject({ status: 200, body: 'ok' });
    answer = (socket) => socket.write(hints(33) + sound);
    expect((await ask()).error).toMatchObject({ code: 'UND_ERR_SOCKET' });
  });

  it('end when nothing but hints comes in time', async () => {
    let timer: NodeJS.Timeout | undefined;
    answer = (socket) => (timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 50));
    expect((await ask({ headersTimeout: 300 })).error).toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
    clearInterval(timer);
  });

  it('fail when the connection ends, and are never sent twice', async () => {
    answer = (socket) => socket.write(sound);
    await ask();
    answer = (socket) => socket.destroy();
    expect((await ask()).error).not.toBeNull();
    expect(received).toHaveLength(2);
    answer = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab');
    expect(await ask()).toMatchObject({ status: 200, body: 'ab', trailers: null });
    expect(received).toHaveLength(3);
  });

  it('do not use a connection that has ended, or has said something unasked', async () => {
    answer = (socket) => socket.write(sound);
    await ask();
    sockets[0]!.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged');
    // A turn of the event loop in which something else has come, as the caller's request does.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask()).body).toBe('ok');
    sockets.at(-1)!.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask()).body).toBe('ok');
    answer = (socket) => socket.write(`${sound}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`);
    expect((await ask()).body).toBe('ok');
    answer = (socket) => socket.write(sound);
    expect((await ask()).body).toBe('ok');
  });

  it('wait for at least the whole time, whenever it begins', async () => {
    answer = () => undefined;
    const waits = Array.from({ length: 8 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 35));
      const startedAt = performance.now();
      await ask({ headersTimeout: 300 });
      return performance.now() - startedAt;
    });
    expect(Math.min(...(await Promise.all(waits)))).toBeGreaterThanOrEqual(300);
  });

  it('end when nothing comes in time', async () => {
    answer = () => undefined;
    expect((await ask({ headersTimeout: 100 })).error).toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
    answer = (socket) => socket.write(sound.slice(0, -1));
    expect((await ask({ bodyTimeout: 100 })).error).toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
  });

  it('can be given up at any time; later that does nothing to the next on the connection', async () => {
    const reason = new Error('given up');
    answer = (socket) => socket.write(sound);
    expect((await ask({}, (controller) => controller.abort(reason))).error).toBe(reason);
    let first: Dispatcher.DispatchController | undefined;
    await ask({}, (controller) => (first = controller));
    answer = (socket) => {
      first!.abort(reason);
      socket.write(sound);
    };
    expect((await ask()).body).toBe('ok');
  });

  it('end where nobody goes any more, and idle connections at once', async () => {
    answer = (socket) => socket.write(sound);
    await ask();
    const held = Promise.withResolvers<Socket>();
    answer = (socket) => held.resolve(socket);
    const [late, never] = [ask(), ask({ headersTimeout: 300 })];
    const socket = await held.promise;
    let isClosed = false;
    const closed = dispatcher.close().then(() => (isClosed = true));
    expect(await never).toMatchObject({ status: 0, error: { code: 'UND_ERR_HEADERS_TIMEOUT' } });
    expect(isClosed).toBe(false);
    socket.write(sound);
    expect(await late).toMatchObject({ status: 200, error: null });
    await closed;
    expect(sockets.every(({ destroyed, readableEnded }) => destroyed || readableEnded)).toBe(true);
  });

  it('fail at once after the end, and where nobody listens', async () => {
    server.close();
    expect((await ask()).error).toMatchObject({ code: 'ECONNREFUSED' });
    await dispatcher.destroy();
    expect((await ask()).error).not.toBeNull();
  });
});
