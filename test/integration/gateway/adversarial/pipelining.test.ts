import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { RawConnection } from '../../../support/raw-http.js';
import { attack, statusesOf } from './attack.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());
beforeEach(() => under.upstream.answer());

const get = (suffix: string, ...fields: readonly string[]) =>
  [
    `GET ${under.catalog.version.basePath}${suffix} HTTP/1.1`,
    'host: a',
    `x-api-key: ${under.consumer.key}`,
    ...fields,
    '',
    '',
  ].join('\r\n');
const urls = (requests: readonly { readonly url: string }[]) => requests.map(({ url }) => url);

describe('requests in a row on one connection', () => {
  it('go to the upstream one after the other, as the first may change what the second finds', async () => {
    let open = 0;
    let most = 0;
    const seen: string[] = [];
    under.upstream.handle((request, response) => {
      most = Math.max(most, ++open);
      seen.push(request.url!);
      setImmediate(() => {
        open--;
        response.end(request.url);
      });
    });
    const connection = await RawConnection.open(under.origin);
    const wanted = Array.from({ length: 50 }, (_, index) => `/things/${index}`);
    connection.send(
      ...wanted
        .map((url) => get(url))
        .join('')
        .split('\r\n'),
    );
    await connection.until('/things/49');
    connection.socket.destroy();
    expect(most).toBe(1);
    expect(seen).toEqual(wanted);
    expect(connection.received.match(/\/things\/\d+/g)).toEqual(wanted);
  });
});

describe('what follows the last request of a connection', () => {
  it.each<[string, () => string, number]>([
    ['that asked to close', () => get('/things', 'connection: close'), 200],
    ['that asked to close, with a tab', () => get('/things', 'connection: close\t'), 200],
    ['that was refused for its framing', () => get('/things', 'host: b'), 400],
    ['that was refused for its coding', () => get('/things', 'transfer-encoding: ,chunked') + '0\r\n\r\n', 400],
    ['in an old version', () => get('/things').replace('HTTP/1.1', 'HTTP/1.0'), 200],
  ])('%s is never run', async (_name, first, status) => {
    const { statuses, requests } = await attack(under, first() + get('/things/second') + get('/things/third'));
    expect(statuses).toEqual([status]);
    expect(urls(requests)).not.toContain('/things/second');
    expect(urls(requests)).not.toContain('/things/third');
  });
});

describe('what follows a request that is refused before its body has come', () => {
  it('is never run, while it is read to let the answer arrive', async () => {
    under.upstream.requests.length = 0;
    const connection = await RawConnection.open(under.origin);
    const post = get('/nowhere', 'transfer-encoding: chunked').replace('GET', 'POST');
    connection.send(post);
    await connection.until('route_not_found');
    connection.send(`5\r\nhello\r\n0\r\n\r\n${get('/things/second')}`);
    expect(statusesOf(await connection.untilClosed())).toEqual([404]);
    await under.call('/things/after');
    expect(urls(under.upstream.requests)).toEqual(['/things/after']);
  });
});

describe('something unreadable after sound requests', () => {
  it.each<[string, string]>([
    ['no HTTP at all', 'this is no HTTP\r\n\r\n'],
    ['a bad version', 'GET / HTTP/9.9\r\n\r\n'],
    ['a bad field', 'GET / HTTP/1.1\r\nhost : a\r\n\r\n'],
    ['fields that are too large', `GET / HTTP/1.1\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['contradicting lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ])('takes the place of no answer: %s', async (_name, garbage) => {
    const { statuses, requests } = await attack(under, get('/things/1') + get('/things/2') + garbage);
    expect(statuses).toEqual([200, 200]);
    expect(urls(requests)).toEqual(['/things/1', '/things/2']);
  });

  it('is not taken for a request when its body is broken', async () => {
    const broken = `${get('/things', 'transfer-encoding: chunked').replace('GET', 'POST').slice(0, -2)}\r\nzz\r\n`;
    const { statuses, requests } = await attack(under, get('/things/1') + broken);
    expect(statuses).toEqual([200]);
    expect(urls(requests)).toEqual(['/things/1']);
  });

  it('is answered itself when nothing is under way', async () => {
    const connection = await RawConnection.open(under.origin);
    connection.send(get('/things/1'));
    await connection.until('"ok":true');
    connection.send('nonsense', '', '');
    expect(statusesOf(await connection.untilClosed())).toEqual([200, 400]);
  });
});

describe('hundreds of thousands of requests in a row', () => {
  it('do not fill the memory: reading stops while many wait', async () => {
    let release: () => void = () => undefined;
    under.upstream.handle((_request, response) => {
      release = () => response.end();
    });
    const connection = await RawConnection.open(under.origin);
    connection.socket.write(get('/things').repeat(200_000));
    let last = -1;
    let still = 0;
    await eventually(
      () => {
        still = last === connection.socket.writableLength ? still + 1 : 0;
        last = connection.socket.writableLength;
        return still;
      },
      (count) => count > 20,
    );
    expect(connection.socket.writableLength).toBeGreaterThan(1_000_000);
    connection.socket.resetAndDestroy();
    release();
  });
});
