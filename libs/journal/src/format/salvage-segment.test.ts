import { describe, expect, it } from 'vitest';
import { parseSegment } from './parse-segment.js';
import { encodeSegment, salvageSegment } from './salvage-segment.js';

const payloads = Array.from({ length: 6 }, (_, index) =>
  Buffer.from(JSON.stringify({ id: `event-${index}`, note: 'ü'.repeat(index) })),
);
const bytes = encodeSegment({ gatewayId: 'gateway-1', epoch: 3, segment: 7 }, payloads);
const texts = (buffers: readonly Buffer[]) => buffers.map((buffer) => buffer.toString('utf8'));

describe('what is salvaged of a segment', () => {
  it('is all of one that is whole, which is as a gateway writes it', () => {
    expect(parseSegment(bytes)).toMatchObject({
      header: { gatewayId: 'gateway-1', epoch: 3, segment: 7 },
      sealed: true,
    });
    const salvaged = salvageSegment(bytes);
    expect(texts(salvaged.payloads)).toEqual(texts(payloads));
    expect(salvaged).toMatchObject({ unreadableBytes: 0, sealedCount: payloads.length });
  });

  it('is all but one record, whichever bit is flipped, and nothing that was not written', () => {
    const written = new Set(texts(payloads));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const { payloads: found, unreadableBytes } = salvageSegment(flipped);
      expect(found.length).toBeGreaterThanOrEqual(payloads.length - 1);
      expect(texts(found).filter((text) => !written.has(text))).toEqual([]);
      expect(texts(found)).toEqual(texts(payloads).filter((text) => texts(found).includes(text)));
      expect(unreadableBytes).toBeGreaterThan(0);
    }
  });

  it('is what is around a hole, wherever it lies', () => {
    for (let from = 0; from < bytes.length; from += 7) {
      const damaged = Buffer.from(bytes);
      damaged.fill(0xa5, from, Math.min(from + 40, bytes.length));
      const found = texts(salvageSegment(damaged).payloads);
      expect(found.length).toBeGreaterThanOrEqual(payloads.length - 3);
      expect(texts(payloads)).toEqual(expect.arrayContaining(found));
    }
  });

  it('is no record of space that was taken in advance', () => {
    const open = Buffer.concat([bytes.subarray(0, -16), Buffer.alloc(4_096)]);
    expect(salvageSegment(open)).toMatchObject({ unreadableBytes: 0, sealedCount: null });
    expect(salvageSegment(open).payloads).toHaveLength(payloads.length);
  });
});
