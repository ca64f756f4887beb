import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const counted = async (name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).text();
  return Number(new RegExp(`^tollgate_gateway_lane_${name}_total (\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
};
const request = (method: string, ...fields: readonly string[]): string =>
  [
    `${method} ${under.catalog.version.basePath}/things HTTP/1.1`,
    'host: a',
    `x-api-key: ${under.consumer.key}`,
    ...fields,
    '',
    '',
  ].join('\r\n');

/** What comes back for `bytes`, without what differs from answer to answer. */
const answerTo = async (bytes: string, until = '{"ok":true}'): Promise<string> => {
  const connection = await RawConnection.open(under.origin);
  connection.send(bytes);
  const received = await connection.until(until);
  connection.socket.destroy();
  return received
    .replace(/^(tollgate-request-id|date|ratelimit): .*$/gim, '$1: …')
    .replaceAll(/\bx-trace: .*\b/g, 'x-trace: …');
};

describe('a plain request', () => {
  it('is read by the lane, and so are those that follow on its connection', async () => {
    const [requests, handovers] = [await counted('requests'), await counted('handovers')];
    const connection = await RawConnection.open(under.origin);
    for (let round = 0; round < 3; round++) {
      connection.send(request('GET'));
      await connection.until('{"ok":true}');
      connection.received = '';
    }
    connection.send(request('GET') + request('GET'));
    await connection.until('{"ok":true}HTTP/1.1 200');
    connection.socket.destroy();
    expect(await counted('requests')).toBe(requests + 5);
    expect(await counted('handovers')).toBe(handovers);
  });

  it('has the answer that Node’s server gives, to the byte', async () => {
    const handovers = await counted('handovers');
    expect(await answerTo(request('GET'))).toBe(await answerTo(request('GET', 'content-length: 0')));
    expect(await counted('handovers')).toBe(handovers + 1);
  });

  it.each<[string, (path: string) => string, string]>([
    ['that is refused', () => 'GET /nowhere HTTP/1.1\r\nhost: a\r\n', 'route_not_found'],
    ['with HEAD', (path) => `HEAD ${path} HTTP/1.1\r\nhost: a\r\nx-api-key: KEY\r\n`, '\r\n\r\n'],
    ['without a key', (path) => `GET ${path} HTTP/1.1\r\nhost: a\r\n`, '"}'],
  ])('%s has the same answer as well', async (_name, make, until) => {
    const head = make(`${under.catalog.version.basePath}/things`).replace('KEY', under.consumer.key);
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/g;
    const plain = await answerTo(`${head}\r\n`, until);
    const other = await answerTo(`${head}content-length: 0\r\n\r\n`, until);
    expect(plain.replaceAll(id, '…')).toBe(other.replaceAll(id, '…'));
  });
});

describe('a request with a short body', () => {
  it('is read by the lane, with those behind it, and its body arrives as it was sent', async () => {
    const [requests, handovers] = [await counted('requests'), await counted('handovers')];
    const seen = under.upstream.requests.length;
    const every = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
    const bodies = ['{}', every, `${request('GET')}`, 'x'.repeat(16_384)];
    const connection = await RawConnection.open(under.origin);
    for (const body of bodies) {
      connection.received = '';
      connection.socket.write(request('POST', `content-length: ${body.length}`) + body, 'latin1');
      await connection.until('{"ok":true}');
    }
    connection.received = '';
    const [first, second] = ['a', 'bc'].map((body) => request('POST', `content-length: ${body.length}`) + body);
    connection.send(`${first}${second}${request('POST')}`);
    await expect.poll(() => connection.received.match(/\{"ok":true\}/g)?.length).toBe(3);
    connection.socket.destroy();
    const got = under.upstream.requests.slice(seen);
    expect(got.map(({ body }) => body)).toEqual([...bodies, 'a', 'bc', '']);
    expect(await counted('requests')).toBe(requests + 7);
    expect(await counted('handovers')).toBe(handovers);
  });

  it('has the answer that Node’s server gives, to the byte', async () => {
    const plain = await answerTo(`${request('POST', 'content-length: 2')}{}`);
    expect(plain).toBe(await answerTo(`${request('POST', 'content-length: 2', 'x-a: b ')}{}`));
  });

  it('keeps its body, and what follows it, while others come on other connections', async () => {
    const held = Promise.withResolvers<void>();
    const seen = new Map<string, string[]>();
    under.upstream.handle((incoming, response) => {
      const came: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => came.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(came).toString();
        const who = body.slice(0, 2);
        seen.set(who, [...(seen.get(who) ?? []), body]);
        void held.promise.then(() => response.end('{"ok":true}'));
      });
    });
    const callers = ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg', 'hh'];
    const post = (body: string): string => request('POST', `content-length: ${body.length}`) + body;
    const connections = await Promise.all(callers.map(() => RawConnection.open(under.origin)));
    for (const [index, who] of callers.entries()) connections[index]!.send(post(who.repeat(2_000)) + post(who));
    await expect.poll(() => seen.size).toBe(callers.length);
    for (const [index, who] of callers.entries()) connections[index]!.send(post(who.repeat(3)));
    held.resolve();
    for (const connection of connections)
      await expect.poll(() => connection.received.match(/\{"ok":true\}/g)?.length).toBe(3);
    for (const connection of connections) connection.socket.destroy();
    under.upstream.answer();
    for (const who of callers) expect(seen.get(who)).toEqual([who.repeat(2_000), who, who.repeat(3)]);
  });

  it('whose body comes later goes to Node’s server, wherever it is parted', async () => {
    const bytes = `${request('POST', 'content-length: 20')}${'x'.repeat(20)}`;
    for (let at = bytes.length - 21; at < bytes.length; at += 4) {
      const handovers = await counted('handovers');
      const connection = await RawConnection.open(under.origin);
      connection.socket.setNoDelay(true);
      connection.send(bytes.slice(0, at));
      await expect.poll(() => counted('handovers')).toBe(handovers + 1);
      connection.send(bytes.slice(at));
      expect(await connection.until('{"ok":true}')).toMatch(/^HTTP\/1\.1 200 /);
      connection.socket.destroy();
    }
  });
});

describe('a request that is not plain', () => {
  it.each<[string, () => string]>([
    ['has a length', () => request('GET', 'content-length: 0')],
    ['wants the connection closed', () => request('GET', 'connection: close')],
    ['is HTTP/1.0', () => request('GET').replace('HTTP/1.1', 'HTTP/1.0')],
    ['has blanks after a value', () => request('GET', 'x-a: b ')],
    ['has letters beyond ASCII', () => request('GET', 'x-a: \u00e9')],
    ['is in absolute form', () => request('GET').replace('GET /', 'GET http://a/')],
    ['has a body in chunks', () => request('POST', 'transfer-encoding: chunked') + '2\r\n{}\r\n0\r\n\r\n'],
    ['has a long body', () => `${request('POST', 'content-length: 16385')}${'x'.repeat(16_385)}`],
    ['has a body of another method', () => `${request('GET', 'content-length: 2')}{}`],
  ])('goes to Node’s server, which answers it: it %s', async (_name, make) => {
    const [requests, handovers] = [await counted('requests'), await counted('handovers')];
    await answerTo(make());
    expect(await counted('handovers')).toBe(handovers + 1);
    expect(await counted('requests')).toBe(requests);
  });

  it('behind plain ones goes there when they are answered, with all that follows it', async () => {
    const [requests, handovers] = [await counted('requests'), await counted('handovers')];
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `${request('GET')}${request('POST', 'content-length: 2', 'x-a: b ')}{}${request('GET', 'connection: close')}`,
    );
    const received = await connection.untilClosed();
    expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(3);
    expect(await counted('requests')).toBe(requests + 1);
    expect(await counted('handovers')).toBe(handovers + 1);
  });

  it('because it comes in two parts, wherever it is parted, is answered', async () => {
    const bytes = request('GET');
    for (let at = 1; at < bytes.length; at += 3) {
      const connection = await RawConnection.open(under.origin);
      connection.socket.setNoDelay(true);
      connection.send(bytes.slice(0, at));
      await new Promise((resolve) => setTimeout(resolve, 2));
      connection.send(bytes.slice(at));
      expect(await connection.until('{"ok":true}')).toMatch(/^HTTP\/1\.1 200 /);
      connection.socket.destroy();
    }
  });
});
