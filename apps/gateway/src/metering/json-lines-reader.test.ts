import { readJsonPointer } from '#domain';
import { describe, expect, it } from 'vitest';
import { bodyReaderFor } from './body-reader.js';

const pointer = readJsonPointer('/usage/total_tokens')!;

function read(...chunks: readonly (string | Buffer)[]) {
  const reader = bodyReaderFor({ 'content-type': 'application/x-ndjson' }, [pointer])!;
  for (const chunk of chunks) reader.onData(Buffer.from(chunk));
  return reader.end()?.[0];
}

const withTokens = (tokens: number) => `{"usage":{"total_tokens":${tokens}}}\n`;

describe('a reader of lines of JSON', () => {
  it('keeps what the last line says that has the pointer', () => {
    expect(read(withTokens(1), '{"usage":null}\r\n', withTokens(25), '\n', 'total_tokens\n')).toBe('25');
  });

  it('does not care where the chunks are cut, and counts a last line without its end', () => {
    const whole = Buffer.from(`${withTokens(3)}{"text":"größer","usage":{"total_tokens":9}}`);
    expect(read(...Array.from(whole, (byte) => Buffer.from([byte])))).toBe('9');
    expect(read(withTokens(2), '{"usage":{"total_tok')).toBe('2');
  });

  it('passes over a line that is too long, and reads the next one', () => {
    const long = `{"usage":{"total_tokens":1},"text":"${'x'.repeat(300_000)}"}`;
    expect(read(...long.match(/.{1,1000}/g)!, '\n', withTokens(4))).toBe('4');
    expect(read(...long.match(/.{1,1000}/g)!)).toBeUndefined();
  });
});
