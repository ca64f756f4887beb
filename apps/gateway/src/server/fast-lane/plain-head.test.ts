import http from 'node:http';
import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainHead } from './plain-head.js';

const plain = 'GET /a/b?c=d&e=%20 HTTP/1.1\r\nHost: a.test\r\nX-Api-Key: tg_live_1\r\nAccept: */*\r\nx-empty:\r\n\r\n';
const post = 'POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nX-Api-Key: tg_live_1\r\n\r\n';
const read = (text: string) => readPlainHead(Buffer.from(text, 'latin1'));

interface ReadByNode {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly body: string;
}

/** What Node's server makes of the first request in it; null when it refuses or waits. */
async function readByNode(text: string): Promise<ReadByNode | null> {
  const server = http.createServer({ requireHostHeader: false });
  const [ours, theirs] = duplexPair();
  const got = new Promise<ReadByNode | null>((resolve) => {
    let hasBegun = false;
    server.on('request', (request) => {
      if (hasBegun) return;
      hasBegun = true;
      const { method, url, rawHeaders } = request;
      let body = '';
      request.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => resolve({ method: method!, url: url!, rawHeaders, body }));
    });
    // What follows on the first request may be anything.
    server.on('clientError', () => hasBegun || resolve(null));
    setTimeout(() => resolve(null), 20);
  });
  server.emit('connection', theirs);
  ours.on('error', () => undefined);
  ours.write(Buffer.from(text, 'latin1'));
  const answer = await got;
  ours.destroy();
  return answer;
}

/** What framing turns on. */
const pieces = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  ':',
  '\t',
  '\0',
  '?',
  '#',
  'x',
  '0',
  '1',
  'Host: b\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
];

describe('a plain head', () => {
  it('is read as it was sent, up to its end', () => {
    expect(read(`${plain}GET / HTTP`)).toEqual({
      method: 'GET',
      target: '/a/b?c=d&e=%20',
      rawHeaders: ['Host', 'a.test', 'X-Api-Key', 'tg_live_1', 'Accept', '*/*', 'x-empty', ''],
      length: plain.length,
      bodyLength: 0,
    });
  });

  it('is none before its last byte', () => {
    for (let length = 0; length < plain.length; length++) expect(read(plain.slice(0, length))).toBeNull();
  });

  it.each([
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

  it.each(['POST', 'PUT', 'PATCH'])('says how long the body of a %s is, which is all there', (method) => {
    const head = post.replace('POST', method);
    expect(read(`${head}12345GET / HTTP`)).toMatchObject({ method, length: head.length, bodyLength: 5 });
    for (let length = 0; length < head.length + 5; length++) expect(read(`${head}12345`.slice(0, length))).toBeNull();
    expect(read(head.replace(': 5', ': 0'))).toMatchObject({ bodyLength: 0 });
    expect(read(head.replace('Content-Length: 5', 'x-a: b'))).toMatchObject({ bodyLength: 0 });
    expect(read(head.replace(': 5', ': 16384') + 'x'.repeat(16_384))).toMatchObject({ bodyLength: 16_384 });
  });

  it.each([
    ['a length of another method', post.replace('POST', 'DELETE')],
    ['two lengths', post.replace('X-Api-Key: tg_live_1', 'content-length: 5')],
    ['two lengths that differ', post.replace('X-Api-Key: tg_live_1', 'content-length: 0')],
    ['a list of lengths', post.replace(': 5', ': 5, 5')],
    ['a signed length', post.replace(': 5', ': +5')],
    ['a length with zeros before it', post.replace(': 5', ': 05')],
    ['a length in hexadecimals', post.replace(': 5', ': 0x5')],
    ['a length with an exponent', post.replace(': 5', ': 5e0')],
    ['a length with a fraction', post.replace(': 5', ': 5.0')],
    ['a negative length', post.replace(': 5', ': -5')],
    ['an empty length', post.replace(': 5', ':')],
    ['a blank before the length', post.replace(': 5', ':  5')],
    ['a tab before the length', post.replace(': 5', ':\t5')],
    ['a blank after the length', post.replace(': 5', ': 5 ')],
    ['a folded length', post.replace(': 5', ':\r\n 5')],
    ['a blank before the colon', post.replace('Length:', 'Length :')],
    ['a length and a coding', post.replace('X-Api-Key: tg_live_1', 'Transfer-Encoding: chunked')],
    ['a length and an obscured coding', post.replace('X-Api-Key: tg_live_1', 'Transfer-Encoding: xchunked')],
    ['a coding without a length', post.replace('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['an expectation', post.replace('X-Api-Key: tg_live_1', 'Expect: 100-continue')],
    ['a connection that names the length', post.replace('X-Api-Key: tg_live_1', 'Connection: content-length')],
    ['a long body', `${post.replace(': 5', ': 16385')}${'x'.repeat(20_000)}`],
    ['an endless body', post.replace(': 5', ': 99999999999999999999')],
  ])('is none with %s', (_name, text) => {
    expect(read(`${text}12345`)).toBeNull();
  });

  it.each([plain, `${post}12345`])(
    'is what Node’s server reads as well, whatever is changed in it: %j',
    async (sound) => {
      const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
      const part = fc.oneof(byte, fc.constantFrom(...pieces));
      const change = fc.record({ at: fc.nat(sound.length), cut: fc.nat(2), put: part });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 0, maxLength: 3 }), async (changes) => {
          let text = sound;
          for (const { at, cut, put } of changes) text = text.slice(0, at) + put + text.slice(at + cut);
          const ours = read(text);
          if (ours === null) return;
          const node = await readByNode(text);
          const body = text.slice(ours.length, ours.length + ours.bodyLength);
          expect(node).toEqual({ method: ours.method, url: ours.target, rawHeaders: ours.rawHeaders, body });
        }),
        { numRuns: 500 },
      );
    },
  );

  it('is never found in noise by a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readPlainHead(Buffer.from(bytes))).toBeNull();
      }),
    );
  });
});
