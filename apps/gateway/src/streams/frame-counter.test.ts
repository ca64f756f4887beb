import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeFrame, maskedCloseFrame } from './close-frame.js';
import { FrameCounter } from './frame-counter.js';

interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly isMasked: boolean;
  readonly length: number;
}

function encode({ opcode, isFinal, isMasked, length }: Frame): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : length < 65_536
        ? Buffer.from([first, mask | 126, length >> 8, length & 0xff])
        : Buffer.from([first, mask | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0, 7), Buffer.alloc(length, 0xff)]);
}

const frames = fc.array(
  fc.record({
    opcode: fc.constantFrom(0, 1, 2, 9, 10),
    isFinal: fc.boolean(),
    isMasked: fc.boolean(),
    length: fc.oneof(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536), fc.nat(300)),
  }),
  { maxLength: 12 },
);

describe('messages of a WebSocket connection', () => {
  it('are counted once, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 8 }),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent.map(encode));
          const counter = new FrameCounter();
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const end = at + cuts[turn % cuts.length]!;
            counter.count(bytes.subarray(at, end));
            at = end;
          }
          const data = sent.filter(({ opcode }) => opcode < 8);
          expect(counter.messages).toBe(data.filter(({ isFinal }) => isFinal).length);
          expect(counter.payloadBytes).toBe(data.reduce((sum, { length }) => sum + length, 0));
          expect(counter.isAtBoundary).toBe(true);
          expect(counter.hasClose).toBe(false);
        },
      ),
    );
  });

  it('are not complete before their last byte', () => {
    const bytes = encode({ opcode: 1, isFinal: true, isMasked: true, length: 5 });
    const counter = new FrameCounter();
    counter.count(bytes.subarray(0, -1));
    expect([counter.messages, counter.isAtBoundary]).toEqual([0, false]);
    expect(counter.countToBoundary(Buffer.concat([bytes.subarray(-1), bytes]))).toBe(1);
    expect([counter.messages, counter.isAtBoundary]).toEqual([1, true]);
  });

  it('end with a Close frame of either side', () => {
    for (const frame of [closeFrame(1008, 'key_revoked'), maskedCloseFrame(1001, 'gateway_stopped')]) {
      const counter = new FrameCounter();
      counter.count(frame);
      expect(counter).toMatchObject({ hasClose: true, messages: 0, payloadBytes: 0, isAtBoundary: true });
    }
  });

  it('of any bytes at all are counted without a fault', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const counter = new FrameCounter();
        let total = 0;
        for (const chunk of chunks) {
          counter.count(Buffer.from(chunk));
          total += chunk.length;
          expect(counter.payloadBytes).toBeLessThanOrEqual(total);
          expect(counter.messages).toBeLessThanOrEqual(total);
        }
      }),
    );
    const endless = new FrameCounter();
    endless.count(Buffer.from([0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    expect(endless).toMatchObject({ messages: 0, payloadBytes: 3 });
  });
});
