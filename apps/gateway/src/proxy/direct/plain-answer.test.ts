import { describe, expect, it } from 'vitest';
import { readInterimAnswer, readPlainAnswer } from './plain-answer.js';

const plain =
  'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\n';
const read = (text: string) => readPlainAnswer(Buffer.from(text, 'latin1'));

describe('a plain answer', () => {
  it('is read as it was sent, up to its body', () => {
    expect(read(`${plain}ok`)).toEqual({
      status: 200,
      headers: {
        'content-type': 'a/b',
        'set-cookie': ['a=1', 'b=2'],
        'keep-alive': 'timeout=5',
        'content-length': '2',
      },
      contentLength: 2,
      keepAliveMs: 5_000,
      length: plain.length,
    });
  });

  it('is none before the last byte of its head', () => {
    for (let length = 0; length < plain.length; length++) expect(read(plain.slice(0, length))).toBeNull();
  });

  it.each([
    ['another version', plain.replace('1.1', '1.0')],
    ['a status of two digits', plain.replace('200', '20')],
    ['a status of four digits', plain.replace('200', '2000')],
    ['a hint', plain.replace('200', '103')],
    ['a status without a body', plain.replace('200', '204')],
    ['a status beyond 599', plain.replace('200', '600')],
    ['a signed status', plain.replace('200', '+20')],
    ['no length', plain.replace('Content-Length', 'x-length')],
    ['two lengths', plain.replace('Content-Type: a/b', 'content-length: 2')],
    ['a list of lengths', plain.replace(': 2\r\n', ': 2, 2\r\n')],
    ['a signed length', plain.replace(': 2\r\n', ': +2\r\n')],
    ['a length with zeros before it', plain.replace(': 2\r\n', ': 02\r\n')],
    ['a length in hexadecimals', plain.replace(': 2\r\n', ': 0x2\r\n')],
    ['an empty length', plain.replace(': 2\r\n', ':\r\n')],
    ['chunks', plain.replace('Content-Type: a/b', 'Transfer-Encoding: chunked')],
    ['a connection that ends', plain.replace('Content-Type: a/b', 'Connection: close')],
    ['fields of one hop', plain.replace('Content-Type: a/b', 'Connection: keep-alive, x-a')],
    ['a bare line feed', plain.replace('a/b\r\n', 'a/b\n')],
    ['a bare carriage return', plain.replace('a/b', 'a\rb')],
    ['a null byte', plain.replace('a/b', 'a\0b')],
    ['a control character', plain.replace('a/b', 'a\u0001b')],
    ['a folded line', plain.replace('a/b', 'a/b\r\n c')],
    ['a blank before the colon', plain.replace('Type:', 'Type :')],
    ['no name', plain.replace('Content-Type', '')],
    ['a name that objects have', plain.replace('Content-Type', '__proto__')],
    ['another such name', plain.replace('Content-Type', 'constructor')],
  ])('is none with %s', (_name, text) => {
    expect(read(text)).toBeNull();
  });
});

const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const readInterim = (text: string, from = 0) => readInterimAnswer(Buffer.from(text, 'latin1'), from);

describe('an interim answer', () => {
  it('is read up to what follows it', () => {
    expect(readInterim(`${hint}${plain}`)).toEqual({
      status: 103,
      headers: { link: '</a>' },
      length: hint.length,
    });
    expect(readInterim(`${hint}HTTP/1.1 100 \r\n\r\n`, hint.length)).toEqual({
      status: 100,
      headers: {},
      length: 17,
    });
    expect(readInterim(`${hint}${plain}`, hint.length)).toBeNull();
    expect(readInterim(hint, hint.length)).toBeNull();
  });

  it('is none before its last byte', () => {
    for (let length = 0; length < hint.length; length++) expect(readInterim(hint.slice(0, length))).toBeNull();
  });

  it.each([
    ['another protocol', hint.replace('103', '101')],
    ['a final status', hint.replace('103', '200')],
    ['a status that only counts as a number', hint.replace('103', '1e2')],
    ['a status of two digits', hint.replace('103', '10')],
    ['another version', hint.replace('1.1', '1.0')],
    ['a length', hint.replace('Link: </a>', 'Content-Length: 2')],
    ['chunks', hint.replace('Link: </a>', 'Transfer-Encoding: chunked')],
    ['a bare line feed', hint.replace('</a>\r\n', '</a>\n')],
    ['a folded line', hint.replace('</a>', '</a>\r\n b')],
    ['a null byte', hint.replace('</a>', '\0')],
  ])('is none with %s', (_name, text) => {
    expect(readInterim(text)).toBeNull();
  });
});
