import zlib from 'node:zlib';
import { readJsonPointer } from '#domain';
import { describe, expect, it } from 'vitest';
import { bodyReaderFor } from './body-reader.js';

const tokens = readJsonPointer('/usage/total_tokens')!;
const ok = readJsonPointer('/ok')!;
const json = { 'content-type': 'application/json' };

function read(headers: Record<string, string>, body: string | Buffer, pointers = [tokens]) {
  const reader = bodyReaderFor(headers, pointers);
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 10_000) reader?.onData(bytes.subarray(at, at + 10_000));
  return reader && reader.end();
}

const document = '{"usage":{"total_tokens":1234},"ok":true}';

describe('a reader of bodies', () => {
  it.each([
    ['identity', Buffer.from(document)],
    ['gzip', zlib.gzipSync(document)],
    ['GZIP ', zlib.gzipSync(document)],
    ['br', zlib.brotliCompressSync(document)],
  ])('reads JSON that is coded as %s', (coding, body) => {
    expect(read({ ...json, 'content-encoding': coding }, body, [tokens, ok])).toEqual(['1234', 'true']);
  });

  it.each(['application/json; charset=utf-8', 'application/problem+json', 'Application/JSON', 'text/json'])(
    'takes %s for JSON',
    (type) => {
      expect(read({ 'content-type': type }, document)).toEqual(['1234']);
    },
  );

  it.each([
    ['text/html', 'identity'],
    ['application/json', 'zstd'],
    ['application/json', 'gzip, br'],
    ['application/json', 'constructor'],
    ['', 'identity'],
  ])('has none for %s in %s', (type, coding) => {
    expect(bodyReaderFor({ 'content-type': type, 'content-encoding': coding }, [tokens])).toBeNull();
  });

  it.each([
    ['0.1', '0.1'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['1e3', '1000'],
    ['1.5e-3', '1.5e-3'],
    ['"42"', '42'],
    ['null', 'null'],
  ])('loses no digit of %s', (written, expected) => {
    expect(read(json, `{"usage":{"total_tokens":${written}}}`)).toEqual([expected]);
  });

  it('gives up on a number with decimals in what is nested too deep to be read digit by digit', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(read(json, `{"usage":{"total_tokens":7},"deep":${deep}}`)).toEqual(['7']);
    expect(read(json, `{"usage":{"total_tokens":0.7},"deep":${deep}}`)).toBeNull();
  });

  it('finds nothing in what is no scalar or not there', () => {
    expect(read(json, '{"usage":{"total_tokens":{}}}')).toEqual([undefined]);
    expect(read(json, '[]')).toEqual([undefined]);
  });

  it('gives up on bodies that are too long, broken or bombs', () => {
    const long = JSON.stringify({ usage: { total_tokens: 1 }, text: 'x'.repeat(1024 * 1024) });
    expect(read(json, long)).toBeNull();
    expect(read({ ...json, 'content-encoding': 'gzip' }, zlib.gzipSync(long))).toBeNull();
    expect(read({ ...json, 'content-encoding': 'br' }, zlib.brotliCompressSync(long))).toBeNull();
    const bomb = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    expect(read({ ...json, 'content-encoding': 'gzip' }, bomb)).toBeNull();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(read(json, document.slice(0, -1))).toBeNull();
    expect(read({ ...json, 'content-encoding': 'gzip' }, document)).toBeNull();
    expect(read(json, '')).toBeNull();
  });

  it('reads events, also compressed ones', () => {
    const stream = `data: {"usage":{"total_tokens":8}}\n\ndata: [DONE]\n\n`;
    const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
    expect(read(headers, stream)).toEqual(['8']);
    expect(read({ ...headers, 'content-encoding': 'gzip' }, zlib.gzipSync(stream))).toEqual(['8']);
  });
});
