import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../support/gateway.js';
import { attack } from './attack.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

const path = () => `${under.catalog.version.basePath}/things`;
const key = () => `x-api-key: ${under.consumer.key}`;
/** A request that must never be seen on its own. */
const smuggled = () => `GET ${path()}/smuggled HTTP/1.1\r\nhost: a\r\n${key()}\r\n\r\n`;
const post = (fields: readonly string[], rest: string) =>
  [`POST ${path()} HTTP/1.1`, 'host: a', key(), ...fields, '', rest].join('\r\n');

/** Fields and what follows them, in which two readers may see different requests. */
const ambiguous: Record<string, readonly [readonly string[], () => string]> = {
  'CL.TE': [['content-length: 6', 'transfer-encoding: chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.CL': [
    ['transfer-encoding: chunked', 'content-length: 4'],
    () => `${smuggled().length.toString(16)}\r\n${smuggled()}\r\n0\r\n\r\n`,
  ],
  'TE.TE: two fields': [['transfer-encoding: chunked', 'transfer-encoding: identity'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: the same twice': [
    ['transfer-encoding: chunked', 'transfer-encoding: chunked'],
    () => `0\r\n\r\n${smuggled()}`,
  ],
  'TE.TE: an unknown coding': [['transfer-encoding: xchunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: quoted': [['transfer-encoding: "chunked"'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: a vertical tab': [['transfer-encoding: \u000bchunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: a null byte': [['transfer-encoding: chunked\0'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: a blank before the colon': [['transfer-encoding : chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: a folded field': [['transfer-encoding:\r\n chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: behind a bare line feed': [['x-a: b\ntransfer-encoding: chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: behind a bare carriage return': [['x-a: b\rtransfer-encoding: chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: a blank at the line’s beginning': [[' transfer-encoding: chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: empty': [['transfer-encoding:', 'content-length: 0'], smuggled],
  'TE.TE: a parameter': [['transfer-encoding: chunked;q=1'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: chunked twice in a list': [['transfer-encoding: chunked, chunked'], () => `0\r\n\r\n${smuggled()}`],
  'TE.TE: an empty list element': [['transfer-encoding: ,chunked'], () => `0\r\n\r\n${smuggled()}`],
  'identity with a length': [['transfer-encoding: identity', 'content-length: 5'], () => 'hello'],
  'two lengths that differ': [['content-length: 5', 'content-length: 0'], () => `hello${smuggled()}`],
  'two lengths that agree': [['content-length: 5', 'content-length: 5'], () => 'hello'],
  'a list of lengths that agree': [['content-length: 5, 5'], () => 'hello'],
  'a signed length': [['content-length: +5'], () => 'hello'],
  'a negative length': [['content-length: -1'], smuggled],
  'a hexadecimal length': [['content-length: 0x5'], () => 'hello'],
  'an empty length': [['content-length:'], smuggled],
  'a length with a fraction': [['content-length: 5.0'], () => 'hello'],
  'a length with a blank in it': [['content-length: 5 0'], () => 'hello'],
  'a length with a vertical tab': [['content-length: 5\u000b'], () => 'hello'],
  'a length beyond 64 bits': [['content-length: 18446744073709551621'], () => 'hello'],
  'digits of another script': [['content-length: \u00b2'], () => 'hello'],
};

describe('framing that can be read in two ways', () => {
  it.each(Object.keys(ambiguous))('is refused and its connection closed, whatever follows: %s', async (name) => {
    const [fields, rest] = ambiguous[name]!;
    const { statuses, requests, received } = await attack(under, post(fields, rest()));
    expect(statuses).toEqual([400]);
    expect(received).toMatch(/^connection: close\r$/im);
    expect(requests).toEqual([]);
  });
});

describe('a coding with a tab after it', () => {
  it('ends the connection without an answer, as the parser finds it after the head', async () => {
    const { statuses, requests } = await attack(
      under,
      post(['transfer-encoding: chunked\t'], `0\r\n\r\n${smuggled()}`),
    );
    expect(statuses).toEqual([]);
    expect(requests).toEqual([]);
  });
});

describe('framing that is sound', () => {
  it('takes a body for a body, whatever it looks like (CL.0)', async () => {
    const body = smuggled();
    for (const method of ['GET', 'DELETE', 'POST']) {
      const target = method === 'POST' ? path() : `${path()}/1`;
      const head = [`${method} ${target} HTTP/1.1`, 'host: a', key(), 'connection: close'];
      const { statuses, requests } = await attack(under, [...head, `content-length: ${body.length}`, '', body]);
      expect(statuses).toEqual([200]);
      expect(requests).toMatchObject([{ method, body }]);
    }
  });

  it('writes a length in its one form', async () => {
    const { statuses, requests } = await attack(under, post(['content-length: 005', 'connection: close'], 'hello'));
    expect(statuses).toEqual([200]);
    expect(requests).toMatchObject([{ body: 'hello' }]);
    expect(requests[0]!.headers['content-length']).toBe('5');
  });

  it('gives the upstream one framing of its own', async () => {
    const { requests } = await attack(
      under,
      post(['transfer-encoding: Chunked', 'connection: close'], '5\r\nhello\r\n0\r\n\r\n'),
    );
    expect(requests).toMatchObject([{ body: 'hello' }]);
    const { 'content-length': length, 'transfer-encoding': coding } = requests[0]!.headers;
    expect([length, coding].filter((value) => value !== undefined)).toHaveLength(1);
  });

  it('never announces a body that does not come: the upstream’s request breaks off', async () => {
    const bytes = post(['content-length: 50', 'connection: close'], 'short');
    const { statuses, requests } = await attack(under, bytes, { leaves: true });
    expect(statuses).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(1);
  });
});

describe('an old version of HTTP', () => {
  it.each<[string, readonly string[], number]>([
    ['0.9 without a version', ['GET {path}', 'host: a', '', ''], 505],
    ['0.9', ['GET {path} HTTP/0.9', 'host: a', '{key}', '', ''], 505],
    ['2.0', ['GET {path} HTTP/2.0', 'host: a', '{key}', '', ''], 505],
    ['1.2', ['GET {path} HTTP/1.2', 'host: a', '{key}', '', ''], 400],
    ['1.10', ['GET {path} HTTP/1.10', 'host: a', '{key}', '', ''], 400],
    ['1', ['GET {path} HTTP/1', 'host: a', '{key}', '', ''], 400],
    ['in lower case', ['GET {path} http/1.1', 'host: a', '{key}', '', ''], 400],
    ['with a blank after it', ['GET {path} HTTP/1.1 ', 'host: a', '{key}', '', ''], 400],
    ['the preface of HTTP/2', ['PRI * HTTP/2.0', '', 'SM', '', ''], 400],
    ['1.0 with chunks', ['POST {path} HTTP/1.0', '{key}', 'transfer-encoding: chunked', '', '0', '', ''], 505],
  ])('or a new one is refused: %s', async (_name, lines, status) => {
    const { statuses, requests } = await attack(
      under,
      lines.map((line) => line.replace('{path}', path()).replace('{key}', key())),
    );
    expect(statuses).toEqual([status]);
    expect(requests).toEqual([]);
  });

  it('1.0 is served, without a host, and its connection ends', async () => {
    const { statuses, requests } = await attack(under, [`GET ${path()} HTTP/1.0`, key(), '', '']);
    expect(statuses).toEqual([200]);
    expect(requests).toHaveLength(1);
  });
});
