import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OpenRequest, Watermark } from './watermark.js';

const at = (admittedMs: number): OpenRequest => ({ admittedMs, previous: null, next: null });

describe('the watermark', () => {
  it('is now while nothing is open', () => {
    expect(new Watermark().report(500)).toEqual({ admittedThroughMs: 500, sealedSegment: 0 });
  });

  it('does not pass an open request, nor one whose segment is not sealed', () => {
    const watermark = new Watermark();
    const [first, second] = [at(100), at(200)];
    watermark.enter(first);
    watermark.enter(second);
    watermark.journalled(second, 1);
    expect(watermark.report(500).admittedThroughMs).toBe(100);
    watermark.journalled(first, 2);
    watermark.sealed(1);
    expect(watermark.report(500)).toEqual({ admittedThroughMs: 100, sealedSegment: 1 });
    watermark.sealed(2);
    expect(watermark.report(500)).toEqual({ admittedThroughMs: 500, sealedSegment: 2 });
  });

  it('is right after any sequence of ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(20)), { maxLength: 100 }), (steps) => {
        const watermark = new Watermark();
        const open: OpenRequest[] = [];
        const unsealed: number[] = [];
        let segment = 1;
        for (const [index, [action, choice]] of steps.entries()) {
          const request = open[choice % Math.max(open.length, 1)];
          if (action === 0) {
            const next = at(index);
            watermark.enter(next);
            open.push(next);
          } else if (action === 3) {
            watermark.sealed(segment++);
            unsealed.length = 0;
          } else if (request) {
            open.splice(open.indexOf(request), 1);
            if (action === 1) watermark.leave(request);
            else {
              watermark.journalled(request, segment);
              unsealed.push(request.admittedMs);
            }
          }
          const expected = Math.min(index, ...open.map(({ admittedMs }) => admittedMs), ...unsealed);
          expect(watermark.report(index).admittedThroughMs).toBe(expected);
          expect(watermark.openRequests).toBe(open.length);
        }
      }),
    );
  });
});
