import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { attack } from './attack.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const path = () => `${under.catalog.version.basePath}/things`;
const fields = () => ['host: a', `x-api-key: ${under.consumer.key}`, 'connection: close', '', ''];
const send = (line: string) => attack(under, [line.replaceAll('{path}', path()), ...fields()]);

describe('a request line that is refused', () => {
  it.each<[string, string, number]>([
    ['a method in lower case', 'get {path} HTTP/1.1', 400],
    ['a method in mixed case', 'Get {path} HTTP/1.1', 400],
    ['a method that nobody knows', 'SMUGGLE {path} HTTP/1.1', 400],
    ['a method with a control character', 'G\u0001T {path} HTTP/1.1', 400],
    ['tabs for blanks', 'GET\t{path}\tHTTP/1.1', 400],
    ['a blank before the method', ' GET {path} HTTP/1.1', 400],
    ['a blank in the target', 'GET {path} x HTTP/1.1', 400],
    ['a null byte in the target', 'GET {path}\0 HTTP/1.1', 400],
    ['a bare carriage return in the target', 'GET {path}\rx HTTP/1.1', 400],
    ['raw bytes above ASCII', 'GET {path}/\u00fc HTTP/1.1', 400],
    ['a fragment', 'GET {path}#x HTTP/1.1', 400],
    ['no target', 'GET  HTTP/1.1', 400],
    ['a target without a slash', 'GET things HTTP/1.1', 400],
    ['an asterisk for a method that has none', 'GET * HTTP/1.1', 400],
    ['an authority for a method that has none', 'GET a.test:80 HTTP/1.1', 400],
    ['another scheme', 'GET ftp://a.test{path} HTTP/1.1', 400],
    ['a user in the authority', 'GET http://user@a.test{path} HTTP/1.1', 400],
    ['a user and password in the authority', 'GET http://user:word@a.test{path} HTTP/1.1', 400],
    ['an authority that is encoded', 'GET http://a%2ftest{path} HTTP/1.1', 400],
    ['an authority that is empty', 'GET http://{path} HTTP/1.1', 400],
    ['a backslash in the authority', 'GET http://a.test\\@b.test{path} HTTP/1.1', 400],
    ['a tunnel', 'CONNECT a.test:443 HTTP/1.1', 405],
    ['a trace', 'TRACE {path} HTTP/1.1', 405],
    ['two versions', 'GET {path} HTTP/1.1 HTTP/1.1', 400],
  ])('%s', async (_name, line, status) => {
    const { statuses, requests } = await send(line);
    expect(statuses).toEqual([status]);
    expect(requests).toEqual([]);
  });
});

describe('a request line that is taken', () => {
  it.each<[string, string, string]>([
    ['with blanks before the target', 'GET  {path} HTTP/1.1', '/things'],
    ['with the host in the target', 'GET http://a.test:8080{path}?b=c HTTP/1.1', '/things?b=c'],
    ['with a query that looks like a request', 'GET {path}?x=%0d%0aGET%20/ HTTP/1.1', '/things?x=%0d%0aGET%20/'],
    ['with a second question mark', 'GET {path}?a?b HTTP/1.1', '/things?a?b'],
  ])('%s', async (_name, line, url) => {
    const { statuses, requests } = await send(line);
    expect(statuses).toEqual([200]);
    expect(requests).toMatchObject([{ method: 'GET', url }]);
  });

  it('after empty lines', async () => {
    const { statuses, requests } = await attack(under, ['', '', `GET ${path()} HTTP/1.1`, ...fields()]);
    expect(statuses).toEqual([200]);
    expect(requests).toHaveLength(1);
  });

  it('in absolute form, whose host is the one that counts', async () => {
    const { requests } = await send('GET http://a.test:8080{path} HTTP/1.1');
    expect(requests[0]!.headers).toMatchObject({
      'x-forwarded-host': 'a.test:8080',
      forwarded: 'for=127.0.0.1;proto=http;host="a.test:8080"',
      host: new URL(under.upstream.url).host,
    });
  });
});
