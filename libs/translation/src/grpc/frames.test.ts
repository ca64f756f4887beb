import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, frameOf } from './frames.js';

const all = (reader: FrameReader): Buffer[] => {
  const messages: Buffer[] = [];
  for (let message = reader.next(); message !== null; message = reader.next()) messages.push(message);
  return messages;
};

describe('FrameReader', () => {
  it('takes the messages out, however the bytes are cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(frameOf));
        const reader = new FrameReader(40);
        const read: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + cuts[turn % cuts.length]!;
          reader.push(bytes.subarray(at, end));
          read.push(...all(reader));
          at = end;
        }
        expect(read.map((message) => [...message])).toEqual(sent.map((message) => [...message]));
        expect(reader.isEmpty).toBe(true);
      }),
    );
  });

  it('refuses a message by its prefix, before any of it has come', () => {
    const reader = new FrameReader(10);
    reader.push(Buffer.from([0, 0, 0, 0, 11]));
    expect(() => reader.next()).toThrow('a gRPC message has 11 bytes, 10 may be');
  });

  it.each([1, 2, 128])('refuses the flag %i', (flag) => {
    const reader = new FrameReader(10);
    reader.push(Buffer.from([flag, 0, 0, 0, 0]));
    expect(() => reader.next()).toThrow(`a gRPC message has the flag ${flag}`);
  });

  it('knows that a message is under way', () => {
    const reader = new FrameReader(10);
    reader.push(Buffer.from([0, 0, 0]));
    expect([reader.next(), reader.isEmpty]).toEqual([null, false]);
    reader.push(Buffer.from([0, 1]));
    expect([reader.next(), reader.isEmpty]).toEqual([null, false]);
    reader.push(Buffer.from([7]));
    expect([reader.next()?.length, reader.isEmpty]).toEqual([1, true]);
  });
});
