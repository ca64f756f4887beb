import http from 'node:http';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainHead } from './plain-head.js';

const plain = 'GET /a/b?c=d&e=%20 HTTP/1.1\r\nHost: a.test\r\nX-Api-Key: tg_live_1\r\nAccept: */*\r\nx-empty:\r\n\r\n';
const read = (text: string) => readPlainHead(Buffer.from(text, 'latin1'));

/** What Node's server makes of it; null when it refuses or waits. */
async function readByNode(text: string): Promise<{ method: string; url: string; rawHeaders: string[] } | null> {
  const server = http.createServer({ requireHostHeader: false });
  const [ours, theirs] = duplexPair();
  const got = new Promise<{ method: string; url: string; rawHeaders: string[] } | null>((resolve) => {
    server.on('request', ({ method, url, rawHeaders }) => resolve({ method: method!, url: url!, rawHeaders }));
    server.on('clientError', () => resolve(null));
    setTimeout(() => resolve(null), 20);
  });
  server.emit('connection', theirs);
  ours.on('error', () => undefined);
  ours.write(Buffer.from(text, 'latin1'));
  const answer = await got;
  ours.destroy();
  return answer;
}

describe('a plain head', () => {
  it('is read as it was sent, up to its end', () => {
    expect(read(`${plain}GET / HTTP`)).toEqual({
      method: 'GET',
      target: '/a/b?c=d&e=%20',
      rawHeaders: ['Host', 'a.test', 'X-Api-Key', 'tg_live_1', 'Accept', '*/*', 'x-empty', ''],
      length: plain.length,
    });
  });

  it('is none before its last byte', () => {
    for (let length = 0; length < plain.length; length++) expect(read(plain.slice(0, length))).toBeNull();
  });

  it.each([
    ['a method with a body', plain.replace('GET', 'POST')],
    ['a method in lower case', plain.replace('GET', 'get')],
    ['a method nobody knows', plain.replace('GET', 'GETS')],
    ['an empty line before it', `\r\n${plain}`],
    ['two blanks', plain.replace('GET ', 'GET  ')],
    ['absolute form', plain.replace('/a/b', 'http://a.test/a/b')],
    ['a fragment', plain.replace('/a/b', '/a#b')],
    ['a target beyond ASCII', plain.replace('/a/b', '/\u00e9')],
    ['a tab in the target', plain.replace('/a/b', '/a\tb')],
    ['HTTP/1.0', plain.replace('HTTP/1.1', 'HTTP/1.0')],
    ['HTTP/2.0', plain.replace('HTTP/1.1', 'HTTP/2.0')],
    ['a bare line feed', plain.replace('a.test\r\n', 'a.test\n')],
    ['a bare carriage return', plain.replace('a.test', 'a\rtest')],
    ['a null byte', plain.replace('a.test', 'a\0test')],
    ['a folded line', plain.replace('Accept: */*', 'Accept: */*\r\n b')],
    ['a blank before the colon', plain.replace('Host:', 'Host :')],
    ['a blank before the name', plain.replace('Host:', ' Host:')],
    ['a tab after the colon', plain.replace('Host: ', 'Host:\t')],
    ['a blank after the value', plain.replace('a.test', 'a.test ')],
    ['no colon', plain.replace('Accept: */*', 'Accept')],
    ['no name', plain.replace('Accept', '')],
    ['no host', plain.replace('Host', 'Hast')],
    ['two hosts', plain.replace('Accept', 'host')],
    ['an empty host', plain.replace(' a.test', '')],
    ['a length', plain.replace('Accept: */*', 'Content-Length: 0')],
    ['a coding', plain.replace('Accept: */*', 'transfer-encoding: chunked')],
    ['an expectation', plain.replace('Accept: */*', 'Expect: 100-continue')],
    ['another protocol', plain.replace('Accept: */*', 'Upgrade: h2c')],
    ['a connection that is to close', plain.replace('Accept: */*', 'Connection: close')],
    ['fields of one hop', plain.replace('Accept: */*', 'Connection: keep-alive, x-api-key')],
    ['a connection as old proxies say it', plain.replace('Accept: */*', 'Proxy-Connection: keep-alive')],
    ['more than a few kilobytes', plain.replace('*/*', 'a'.repeat(5_000))],
  ])('is none with %s', (_name, text) => {
    expect(read(text)).toBeNull();
  });

  it('is what Node’s server reads as well, whatever is changed in it', async () => {
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const part = fc.oneof(
      byte,
      fc.constantFrom('\r\n', '\n', '\r', ' ', ':', '\t', '\0', 'Host: b\r\n', '?', '#', 'x'),
    );
    const change = fc.record({ at: fc.nat(plain.length), cut: fc.nat(2), put: part });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 0, maxLength: 3 }), async (changes) => {
        let text = plain;
        for (const { at, cut, put } of changes) text = text.slice(0, at) + put + text.slice(at + cut);
        const ours = read(text);
        if (ours === null) return;
        const node = await readByNode(text);
        expect(node).toEqual({ method: ours.method, url: ours.target, rawHeaders: ours.rawHeaders });
      }),
      { numRuns: 500 },
    );
  });

  it('is never found in noise by a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readPlainHead(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});
