import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());
beforeEach(() => {
  under.upstream.answer();
  under.upstream.requests.length = 0;
});

const path = () => `${under.catalog.version.basePath}/things`;
const key = () => `x-api-key: ${under.consumer.key}`;

async function exchange(...lines: readonly string[]): Promise<string> {
  const connection = await RawConnection.open(under.origin);
  connection.send(...lines);
  return connection.untilClosed();
}

describe('a request that can be understood in two ways', () => {
  const bodies: Record<string, readonly string[]> = {
    'content-length and transfer-encoding': ['content-length: 5', 'transfer-encoding: chunked', '', '0', '', ''],
    'two lengths that differ': ['content-length: 5', 'content-length: 6', '', 'hello!'],
    'a length that is no number': ['content-length: 5x', '', 'hello'],
    'a length with a sign': ['content-length: +5', '', 'hello'],
    'a list of lengths': ['content-length: 5, 5', '', 'hello'],
    'another transfer coding': ['transfer-encoding: gzip, chunked', '', '0', '', ''],
    'chunked that is not last': ['transfer-encoding: chunked, identity', '', '0', '', ''],
    'a blank before the colon': ['content-length : 5', '', 'hello'],
    'a folded field': ['x-folded: a', ' b', '', ''],
    'two hosts': ['host: other', '', ''],
    'a bare line feed': ['x-a: b\nx-c: d', '', ''],
    'a field without name': [': b', '', ''],
    'a null byte in a field': ['x-a: \0', '', ''],
  };

  it.each(Object.keys(bodies))('is refused with 400 and its connection closed: %s', async (name) => {
    const answer = await exchange(`POST ${path()} HTTP/1.1`, 'host: test', key(), ...bodies[name]!);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toMatch(/^content-type: application\/problem\+json\r$/m);
    expect(answer).toMatch(/^tollgate-request-id: [0-9a-f-]{36}\r$/m);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain('"code":"malformed_request"');
    expect(under.upstream.requests).toEqual([]);
  });

  it('is refused without a host, and in versions that nobody speaks', async () => {
    expect(await exchange(`GET ${path()} HTTP/1.1`, key(), 'connection: close', '', '')).toMatch(/^HTTP\/1\.1 400 /);
    for (const version of ['0.9', '2.0', '1.2']) {
      expect(await exchange(`GET ${path()} HTTP/${version}`, 'host: a', key(), '', '')).toMatch(
        /^HTTP\/1\.1 (400|505) /,
      );
    }
    const chunked10 = await exchange(`POST ${path()} HTTP/1.0`, key(), 'transfer-encoding: chunked', '', '0', '', '');
    expect(chunked10).toMatch(/^HTTP\/1\.1 (400|505) /);
    expect(under.upstream.requests).toEqual([]);
  });
});

describe('a path that cannot be brought into its one form', () => {
  it.each(['/%zz', '/%00', '/%ff', '/a%0d%0ab', '/%'])('is refused with 400: %s', async (part) => {
    const answer = await call(`${under.url}${part}`, { key: under.consumer.key });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'malformed_request' });
  });

  it('ends its connection, on which nothing is run that follows', async () => {
    const connection = await RawConnection.open(under.origin);
    const { basePath } = under.catalog.version;
    connection.send(`GET ${basePath}/%zz HTTP/1.1`, 'host: a', '', `GET ${path()} HTTP/1.1`, 'host: a', key(), '', '');
    const answer = await connection.untilClosed();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expect(under.upstream.requests).toEqual([]);
  });

  it('never leads out of the version that was matched', async () => {
    const { basePath } = under.catalog.version;
    const connection = await RawConnection.open(under.origin);
    connection.send(`GET ${basePath}/things/..%2f..%2fsecret HTTP/1.1`, 'host: a', key(), '', '');
    await connection.until('"ok":true');
    connection.socket.destroy();
    expect(under.upstream.requests.map(({ url }) => url)).toEqual(['/things/..%2F..%2Fsecret']);
    expect((await call(`${under.url}/%2e%2e/%2e%2e/secret`)).status).toBe(404);
  });

  it('is taken from a target in absolute form too', async () => {
    const answer = await exchange(
      `GET http://any.test${path()}?a=b HTTP/1.1`,
      'host: other',
      key(),
      'connection: close',
      '',
      '',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(under.upstream.requests[0]!.url).toBe('/things?a=b');
  });
});

describe('a request that is too large', () => {
  it('is refused with 431 for its fields', async () => {
    const answer = await exchange(`GET ${path()} HTTP/1.1`, 'host: a', `x-large: ${'a'.repeat(40_000)}`, '', '');
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"headers_too_large"');
  });

  it('is refused with 414 for its address', async () => {
    const answer = await call(`${under.url}/things?q=${'a'.repeat(9_000)}`);
    expect(answer.status).toBe(414);
    expect(answer.json()).toMatchObject({ code: 'address_too_long' });
  });
});

describe('what follows on the same connection', () => {
  it('does not take the place of the answer that is under way when it is unreadable', async () => {
    const connection = await RawConnection.open(under.origin);
    connection.send(`GET ${path()} HTTP/1.1`, 'host: a', key(), '', 'this is no HTTP', '', '');
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('{"ok":true}');
    expect(answer).not.toContain('HTTP/1.1 400');
    expect(under.upstream.requests).toHaveLength(1);
  });

  it('is answered in order when it is a request of its own', async () => {
    const connection = await RawConnection.open(under.origin);
    const get = (target: string, ...more: string[]) => [`GET ${target} HTTP/1.1`, 'host: a', key(), ...more, '', ''];
    connection.send(...get(path()), '');
    connection.socket.write(
      [...get('/nowhere'), ...get(path(), 'connection: close\t')]
        .slice(0)
        .join('\r\n')
        .replaceAll('\r\n\r\nGET', '\r\n\r\nGET'),
      'latin1',
    );
    const answer = await connection.untilClosed();
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('does not matter after a body that is broken: the upstream’s answer is not used', async () => {
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `POST ${path()} HTTP/1.1`,
      'host: a',
      key(),
      'transfer-encoding: chunked',
      '',
      '5',
      'hello',
      'zz',
      '',
      '',
    );
    await connection.untilClosed();
    expect(connection.received).not.toContain('200 OK');
  });
});
