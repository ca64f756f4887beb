import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type BodyStream, RequestBody } from './request-body.js';

/** A body and what its streams have given. */
function aBody({ maxBytes = 100, maxKeptBytes = 10 } = {}) {
  const source = new Readable({ read: () => undefined, autoDestroy: false });
  let tooLarge = 0;
  const body = new RequestBody(source as unknown as IncomingMessage, maxBytes, maxKeptBytes, {
    onBodyTooLarge: () => tooLarge++,
  });
  const begin = () => {
    const stream = body.next();
    const seen: string[] = [];
    stream.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    for (const event of ['end', 'error', 'close']) stream.on(event, () => seen.push(event));
    stream.resume();
    return { stream, seen };
  };
  return { source, body, begin, tooLarge: () => tooLarge };
}

const settled = () => new Promise(setImmediate);

describe('a request body', () => {
  it('passes as it comes, and no byte passes beyond its bound', async () => {
    const { source, body, begin, tooLarge } = aBody({ maxBytes: 8 });
    const { seen } = begin();
    source.push('hello');
    await settled();
    source.push('you');
    await settled();
    source.push('!');
    await settled();
    expect(seen).toEqual(['hello', 'you']);
    expect(tooLarge()).toBe(1);
    expect(body.bytes).toBe(8);
  });

  it('is whole in each attempt while it is short: what has come first, then the rest', async () => {
    const { source, body, begin } = aBody();
    const first = begin();
    source.push('one');
    await settled();
    const second = begin();
    await settled();
    source.push('two');
    source.push(null);
    await settled();
    const third = begin();
    await settled();
    expect(first.seen).toEqual(['one']);
    expect(second.seen).toEqual(['one', 'two', 'end']);
    expect(third.seen).toEqual(['one', 'two', 'end']);
    expect(body.bytes).toBe(6);
  });

  it('cannot be sent again when it is longer', async () => {
    const { source, body, begin } = aBody();
    begin();
    source.push('1234567890');
    await settled();
    expect(body.canBeSentAgain).toBe(true);
    source.push('1');
    await settled();
    expect(body.canBeSentAgain).toBe(false);
  });

  it('is not held up by an attempt that is over', async () => {
    const { source, begin } = aBody();
    const first = begin();
    const second = begin();
    const late: readonly ((stream: BodyStream) => void)[] = [(stream) => stream.pause(), (stream) => stream.destroy()];
    for (const act of late) act(first.stream);
    source.push('one');
    source.push(null);
    await settled();
    expect(second.seen).toEqual(['one', 'end']);
    expect(first.seen).toEqual([]);
  });

  it('waits while nobody takes it', async () => {
    const { source, begin } = aBody();
    const { stream, seen } = begin();
    stream.pause();
    source.push('one');
    await settled();
    expect(seen).toEqual([]);
    stream.resume();
    await settled();
    expect(seen).toEqual(['one']);
  });

  it('ends with the caller’s fault when the caller goes away', async () => {
    const { source, begin } = aBody();
    const { seen } = begin();
    source.destroy(new Error('gone'));
    await settled();
    expect(seen).toEqual(['error', 'close']);
  });
});
