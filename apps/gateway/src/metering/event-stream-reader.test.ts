import { readJsonPointer } from '#domain';
import { describe, expect, it } from 'vitest';
import { EventStreamReader } from './event-stream-reader.js';

const pointer = readJsonPointer('/usage/total_tokens')!;

function read(...chunks: readonly (string | Buffer)[]) {
  const reader = new EventStreamReader([pointer]);
  for (const chunk of chunks) reader.onData(Buffer.from(chunk));
  return reader.end()[0];
}

const withTokens = (tokens: number) => `data: {"usage":{"total_tokens":${tokens}}}\n\n`;

describe('a reader of server-sent events', () => {
  it('keeps what the last data says that has the pointer', () => {
    expect(read(withTokens(1), 'data: {"usage":null}\n\n', withTokens(25), 'data: [DONE]\n\n')).toBe('25');
  });

  it('knows every line ending, data over several lines, and other fields', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const event = ['event: x', 'id: 1', ': comment', 'data: {"usage":', 'data:{"total_tokens":7}}', '', ''];
      expect(read(event.join(end))).toBe('7');
    }
  });

  it('does not care where the chunks are cut, within a character or a line ending as well', () => {
    const whole = Buffer.from('data: {"text":"größer","usage":{"total_tokens":9}}\r\n\r\ndata: {"a":1}\r\n\r\n');
    const bytes = Array.from(whole, (byte) => Buffer.from([byte]));
    expect(read(...bytes)).toBe('9');
  });

  it('counts an event that the end of the stream has cut off before its empty line', () => {
    expect(read('data: {"usage":{"total_tokens":3}}')).toBe('3');
    expect(read(withTokens(2), 'data: {"usage":{"total_tok')).toBe('2');
  });

  it('finds nothing in data that is no JSON', () => {
    expect(read('data: total_tokens 5\n\n')).toBeUndefined();
    expect(read('total_tokens: 5\n\n')).toBeUndefined();
  });

  it('passes over an event that is too long, and reads the next one', () => {
    const long = `data: {"usage":{"total_tokens":1},"text":"${'x'.repeat(300_000)}"}\n\n`;
    expect(read(long, withTokens(4))).toBe('4');
    expect(read(long)).toBeUndefined();
    expect(read(...Array.from({ length: 400 }, () => `data: ${'y'.repeat(1_000)}\n`), '\n', withTokens(5))).toBe('5');
  });
});
