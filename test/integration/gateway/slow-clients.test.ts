import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { constants } from 'node:http2';
import net from 'node:net';
import { AddressRanges } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { TestAuthority, makeCertificateFolder } from '../../support/certificates.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayOverrides, type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';
import { connectHttp2, requestHttp2 } from '../../support/tls-client.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = async (bounds: GatewayOverrides['bounds'], overrides: GatewayOverrides = {}) => {
  under = await startGatewayUnderTest({}, { bounds: bounds!, ...overrides });
};
const head = (method: string, ...fields: readonly string[]) => [
  `${method} ${under.catalog.version.basePath}/things HTTP/1.1`,
  'host: a',
  `x-api-key: ${under.consumer.key}`,
  ...fields,
  '',
  '',
];

describe('a caller that is slow', () => {
  it('with its header fields gets 408, and its connection ends', async () => {
    await start({ headersTimeoutMs: 200 });
    const connection = await RawConnection.open(under.origin);
    connection.send('GET / HTTP/1.1', 'host: a', 'x-');
    const received = await connection.untilClosed();
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toContain('"code":"request_timeout"');
  });

  it('between two requests finds its connection closed', async () => {
    await start({ idleTimeoutMs: 200 });
    const connection = await RawConnection.open(under.origin);
    connection.send(...head('GET'));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*{"ok":true}$/);
  });

  it('between two requests by HTTP/2 finds its connection closed as well', async () => {
    const folder = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['a.test'] }) });
    await start({ idleTimeoutMs: 200 }, { tls: { port: 0, folder } });
    const origin = `https://127.0.0.1:${under.gateway.tlsPort}`;
    const session = await connectHttp2(origin, { rejectUnauthorized: false });
    const closed = once(session, 'close');
    const url = new URL(`${origin}${under.catalog.version.basePath}/things`);
    expect(await requestHttp2(session, url, { key: under.consumer.key })).toMatchObject({ status: 200 });
    await closed;
    fs.rmSync(folder, { recursive: true });
  });

  it('with its body is cut off, the upstream’s request ends, and the call is not billed', async () => {
    await start({ paceWindowMs: 200, minBodyBytesPerSecond: 1_000 });
    const broken = Promise.withResolvers<void>();
    under.upstream.handle((request) => {
      request.on('error', () => broken.resolve());
      request.resume();
    });
    const connection = await RawConnection.open(under.origin);
    connection.send(...head('POST', 'content-length: 1000000'), '');
    const drip = setInterval(() => connection.socket.write('a'), 20);
    expect(await connection.untilClosed()).toBe('');
    clearInterval(drip);
    await broken.promise;
    const events = await eventually(
      () => under.events(),
      (all) => all.length === 1,
    );
    expect(events).toMatchObject([{ outcome: 'client_aborted', billable: false }]);
  });

  it('with its body on an HTTP/2 stream has that reset, not billed, while others of the connection go on', async () => {
    const folder = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['a.test'] }) });
    await start({ paceWindowMs: 200, minBodyBytesPerSecond: 1_000 }, { tls: { port: 0, folder } });
    const origin = `https://127.0.0.1:${under.gateway.tlsPort}`;
    const session = await connectHttp2(origin, { rejectUnauthorized: false });
    const path = `${under.catalog.version.basePath}/things`;
    const open = (method: string) =>
      session.request({ ':method': method, ':path': path, 'x-api-key': under.consumer.key });
    under.upstream.handle((request, response) => {
      request.on('error', () => undefined);
      if (request.headers['x-talk'] !== undefined) response.write('hello');
      request.resume().on('end', () => response.end());
    });
    const slow = open('POST');
    const reset = new Promise((resolve) => slow.on('error', () => undefined).on('close', resolve));
    const drip = setInterval(() => slow.write('a'), 20);
    const talk = session.request({ ':method': 'POST', ':path': path, 'x-api-key': under.consumer.key, 'x-talk': '1' });
    talk.write('a');
    await once(talk, 'response');
    const fast = open('POST');
    const flood = setInterval(() => fast.write(Buffer.alloc(2_000)), 20);
    await reset;
    expect(slow.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    clearInterval(drip);
    clearInterval(flood);
    for (const stream of [fast, talk]) {
      stream.resume().end();
      await once(stream, 'close');
      expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    }
    const events = await eventually(
      () => under.events(),
      (all) => all.length === 3,
    );
    const cut = events.filter(({ outcome }) => outcome === 'client_aborted');
    expect(cut).toMatchObject([{ billable: false }]);
    session.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('because the upstream does not read is not cut off', async () => {
    await start({ paceWindowMs: 50, minBodyBytesPerSecond: 1_000 });
    const size = 8 * 1024 * 1024;
    let read: () => void = () => undefined;
    const reached = Promise.withResolvers<void>();
    under.upstream.handle((request, response) => {
      request.pause();
      read = () => {
        request.resume();
        request.on('end', () => response.end('read'));
      };
      reached.resolve();
    });
    const headers = { 'x-api-key': under.consumer.key, 'content-length': size };
    const request = http.request(`${under.url}/things`, { method: 'POST', headers, agent: false });
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
    request.end(Buffer.alloc(size));
    await reached.promise;
    let windows = 0;
    await eventually(
      () => ++windows,
      (count) => count > 30,
    );
    read();
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  it('to take its answer is cut off after a while', async () => {
    await start({ paceWindowMs: 50 });
    const ended = Promise.withResolvers<void>();
    under.upstream.handle((_request, response) => {
      response.on('close', () => ended.resolve());
      response.writeHead(200, { 'content-length': 256 * 1024 * 1024 });
      const fill = (): void => {
        while (response.write(Buffer.alloc(64 * 1024)));
        response.once('drain', fill);
      };
      fill();
    });
    const { port } = new URL(under.origin);
    const socket = net.connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(head('GET').join('\r\n'));
    await ended.promise;
    socket.destroy();
    const events = await eventually(
      () => under.events(),
      (all) => all.length === 1,
    );
    expect(events[0]).toMatchObject({ outcome: 'client_aborted', status: 200 });
    expect(events[0]!.bytesOut).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a caller that does not take its answer on an HTTP/2 stream', () => {
  it('has that reset also when all of a small answer, or a refusal, waits for its window', async () => {
    const folder = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['a.test'] }) });
    await start({ paceWindowMs: 20 }, { tls: { port: 0, folder } });
    const settings = { initialWindowSize: 0 };
    const options = { rejectUnauthorized: false, settings };
    const session = await connectHttp2(`https://127.0.0.1:${under.gateway.tlsPort}`, options);
    const ask = async (key: string) => {
      const stream = session.request({ ':path': `${under.catalog.version.basePath}/things`, 'x-api-key': key });
      await new Promise((resolve) => stream.on('error', () => undefined).on('close', resolve));
      return stream.rstCode;
    };
    expect(await ask(under.consumer.key)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(await ask('none')).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // A stream that has said a little, and goes on.
    under.upstream.handle((_request, response) => void response.write('data: 1\n\n'));
    expect(await ask(under.consumer.key)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    session.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('has that reset after a while; another that waits for a quiet upstream goes on', async () => {
    const folder = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['a.test'] }) });
    await start({ paceWindowMs: 50 }, { tls: { port: 0, folder } });
    const session = await connectHttp2(`https://127.0.0.1:${under.gateway.tlsPort}`, { rejectUnauthorized: false });
    const path = `${under.catalog.version.basePath}/things`;
    const open = (field: string) => session.request({ ':path': path, 'x-api-key': under.consumer.key, [field]: '1' });
    const speak = Promise.withResolvers<void>();
    under.upstream.handle((request, response) => {
      if (request.headers['x-quiet'] !== undefined) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
        void speak.promise.then(() => response.end('data: 2\n\n'));
        return;
      }
      const fill = (): void => {
        while (response.write(Buffer.alloc(64 * 1024)));
        response.once('drain', fill);
      };
      fill();
    });
    const quiet = open('x-quiet').setEncoding('utf8');
    let heard = '';
    quiet.on('data', (text: string) => (heard += text));
    await once(quiet, 'response');
    const greedy = open('x-greedy');
    greedy.pause();
    await new Promise((resolve) => greedy.on('error', () => undefined).on('close', resolve));
    expect(greedy.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    speak.resolve();
    await once(quiet, 'end');
    expect(heard).toBe('data: 1\n\ndata: 2\n\n');
    const events = await eventually(
      () => under.events(),
      (all) => all.length === 2,
    );
    expect(events.map(({ outcome }) => outcome).toSorted()).toEqual(['client_aborted', 'delivered']);
    session.close();
    fs.rmSync(folder, { recursive: true });
  });
});

describe('hundreds of callers that do not read', () => {
  it('cost a bounded part of the memory each', async () => {
    await start({});
    const size = 16 * 1024 * 1024;
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-length': size });
      const block = Buffer.alloc(64 * 1024);
      let sent = 0;
      const fill = (): void => {
        while (sent < size) {
          sent += block.length;
          if (!response.write(block)) return void response.once('drain', fill);
        }
      };
      fill();
    });
    const { port } = new URL(under.origin);
    const before = process.memoryUsage().rss;
    const sockets = Array.from({ length: 200 }, () => {
      const socket = net.connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(head('GET').join('\r\n'));
      return socket;
    });
    let last = -1;
    await eventually(
      () => {
        const rss = process.memoryUsage().rss;
        const isStill = Math.abs(rss - last) < 1024 * 1024;
        last = rss;
        return isStill;
      },
      (isStill) => isStill,
    );
    // Without back-pressure it would be 3,200 MiB; caller, gateway and upstream are all in this process.
    expect(last - before).toBeLessThan(400 * 1024 * 1024);
    for (const socket of sockets) socket.destroy();
  });
});

describe('too many connections', () => {
  const open = async () => {
    const connection = await RawConnection.open(under.origin);
    connection.send(...head('GET'));
    return connection;
  };

  it('of all callers are closed at once; when one ends there is room again', async () => {
    await start({ maxConnections: 2 });
    const first = await open();
    const second = await open();
    await Promise.all([first.until('"ok":true'), second.until('"ok":true')]);
    expect(await (await open()).untilClosed()).toBe('');
    first.socket.destroy();
    const answer = await eventually(
      () => under.call('/things').catch(() => null),
      (got) => got !== null,
    );
    expect(answer!.status).toBe(200);
    second.socket.destroy();
  });

  it('of one address are closed at once by HTTP/2 as well, and count together with others', async () => {
    const folder = makeCertificateFolder({ a: await (await TestAuthority.create()).issue({ dns: ['a.test'] }) });
    await start({ maxConnectionsPerAddress: 1 }, { tls: { port: 0, folder } });
    const first = await open();
    await first.until('"ok":true');
    const origin = `https://127.0.0.1:${under.gateway.tlsPort}`;
    const path = `${under.catalog.version.basePath}/things`;
    const ask = async () => {
      const session = await connectHttp2(origin, { rejectUnauthorized: false });
      session.on('error', () => undefined);
      try {
        return (await requestHttp2(session, new URL(origin + path), { key: under.consumer.key })).status;
      } catch {
        return 'closed';
      } finally {
        session.destroy();
      }
    };
    expect(await ask()).toBe('closed');
    first.socket.destroy();
    expect(await eventually(ask, (got) => got === 200)).toBe(200);
    fs.rmSync(folder, { recursive: true });
  });

  it('of one address are closed at once, but not those of a load balancer of ours', async () => {
    await start({ maxConnectionsPerAddress: 1 });
    const first = await open();
    await first.until('"ok":true');
    expect(await (await open()).untilClosed()).toBe('');
    first.socket.destroy();
    await eventually(
      () => under.call('/things').catch(() => null),
      (got) => got !== null,
    );
    await under.dispose();
    const trustedForwarding = { proxies: AddressRanges.of(['127.0.0.1']), header: 'x-forwarded-for' as const };
    await start({ maxConnectionsPerAddress: 1 }, { trustedForwarding });
    const both = [await open(), await open()];
    for (const connection of both) {
      await connection.until('"ok":true');
      connection.socket.destroy();
    }
  });
});
