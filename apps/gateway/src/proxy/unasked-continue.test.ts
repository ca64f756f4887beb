import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContinueFilter } from './unasked-continue.js';

const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
const sound = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** What is left of pieces after the head of a request. */
function leftOf(pieces: readonly string[]): string {
  const filter = new ContinueFilter();
  filter.begin();
  return pieces
    .map((piece) => (filter.isOn ? filter.take(Buffer.from(piece, 'latin1')) : Buffer.from(piece, 'latin1')))
    .filter((rest) => rest !== null)
    .join('');
}

describe('what comes on a connection after a request', () => {
  it('has no 100 ahead of the answer, however it is cut', () => {
    const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), cuts, (count, at) => {
        const text = goOn.repeat(count) + sound + goOn;
        const ends = [...at.map((end) => Math.min(end, text.length)), text.length].toSorted((a, b) => a - b);
        const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)).filter((piece) => piece !== '');
        expect(leftOf(pieces)).toBe(sound + goOn);
      }),
    );
  });

  it('has a 100 with fields dropped as a whole', () => {
    expect(leftOf([`HTTP/1.1 100 Go on\r\nx-a: b\r\n\r\n${sound}`])).toBe(sound);
  });

  it.each([
    ['another interim answer', `HTTP/1.1 103 Early Hints\r\n\r\n${goOn}${sound}`],
    ['a length', `HTTP/1.1 100 Continue\r\ncontent-length: 3\r\n\r\nabc${sound}`],
    ['a field that is none', `HTTP/1.1 100 Continue\r\nx-a : b\r\n\r\n${sound}`],
    ['another version', `HTTP/1.0 100 Continue\r\n\r\n${sound}`],
    ['a fourth digit', `HTTP/1.1 1000 Continue\r\n\r\n${sound}`],
    ['no end for long', `HTTP/1.1 100 ${'x'.repeat(5_000)}`],
    ['no HTTP', 'hello'],
  ])('is left as it came where it has %s', (_what, text) => {
    expect(leftOf([text])).toBe(text);
  });

  it('has no more than sixteen dropped', () => {
    expect(leftOf([goOn.repeat(18) + sound])).toBe(goOn.repeat(2) + sound);
  });
});
