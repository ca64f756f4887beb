import { describe, expect, it } from 'vitest';
import { RequestHead } from './request-head.js';

const key = 'tg_live_AbCdEf123456_0123456789abcdefghijklmnopqrstuv_000000';
const head = (...fields: readonly string[]) => new RequestHead(fields);

describe('a request’s head', () => {
  it('has the key and every authorization, whatever the case of their names', () => {
    expect(head('X-API-Key', key).apiKey).toBe(key);
    expect(head('AUTHORIZATION', 'Basic abc', 'authorization', 'Bearer x').authorizations).toEqual([
      'Basic abc',
      'Bearer x',
    ]);
    expect(head('host', 'a')).toMatchObject({ apiKey: null, authorizations: [] });
  });

  it('knows that keys conflict only when they differ', () => {
    expect(head('x-api-key', key, 'X-Api-Key', key).hasConflictingKeys).toBe(false);
    expect(head('x-api-key', key, 'x-api-key', 'other').hasConflictingKeys).toBe(true);
  });

  it('has a body when it says so', () => {
    expect(head('content-length', '0').hasBody).toBe(false);
    expect(head('Content-Length', '12')).toMatchObject({ hasBody: true, contentLength: 12 });
    expect(head('Transfer-Encoding', 'Chunked ')).toMatchObject({ hasBody: true, isChunked: true });
  });

  it('names what is for this connection only, over all its fields and blanks', () => {
    const several = head('connection', 'keep-alive, X-One', 'Connection', '\tclose\t,x-two');
    for (const name of ['x-one', 'x-two', 'close']) expect(several.isNominated(name)).toBe(true);
    expect(several.isNominated('x-three')).toBe(false);
    expect(head('connection', 'keep-alive').isNominated('keep-alive')).toBe(false);
  });

  it('is sound in HTTP/1.0 and 1.1 only, with one host and no transfer coding but chunked', () => {
    expect(head('host', 'a').checkFraming(1, 1)).toBe('sound');
    expect(head().checkFraming(1, 0)).toBe('sound');
    expect(head().checkFraming(1, 1)).toBe('host_missing');
    expect(head('host', 'a', 'Host', 'a').checkFraming(1, 1)).toBe('host_repeated');
    expect(head('host', 'a', 'transfer-encoding', 'gzip, chunked').checkFraming(1, 1)).toBe(
      'unsupported_transfer_encoding',
    );
    for (const [major, minor] of [
      [0, 9],
      [1, 2],
      [2, 0],
    ] as const) {
      expect(head('host', 'a').checkFraming(major, minor)).toBe('unsupported_version');
    }
    expect(head('host', 'a', 'transfer-encoding', 'chunked').checkFraming(1, 0)).toBe('unsupported_version');
  });
});
