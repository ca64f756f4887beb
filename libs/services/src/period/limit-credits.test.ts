import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitCredits } from './limit-credits.js';

const linesOf = (...amounts: bigint[]) => amounts.map((amountMinor) => ({ description: 'line', amountMinor }));
const amountsOf = (lines: readonly { amountMinor: bigint }[]) => lines.map(({ amountMinor }) => amountMinor);

describe('limitCredits', () => {
  it('leaves lines alone that sum to zero or more', () => {
    const lines = linesOf(500n, -200n, -300n);
    expect(limitCredits(lines)).toEqual(lines);
  });

  it('cuts the last credits to what the invoice charges, and says so', () => {
    const limited = limitCredits(linesOf(500n, -200n, -400n, -50n));
    expect(amountsOf(limited)).toEqual([500n, -200n, -300n, 0n]);
    expect(limited.map(({ description }) => description.includes('as far as'))).toEqual([false, false, true, true]);
  });

  it('never sums to less than zero, and changes no charge', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-1_000n, 1_000n)), (amounts) => {
        const limited = amountsOf(limitCredits(linesOf(...amounts)));
        expect(limited.reduce((sum, amount) => sum + amount, 0n)).toBeGreaterThanOrEqual(0n);
        for (const [index, amount] of amounts.entries()) if (amount >= 0n) expect(limited[index]).toBe(amount);
      }),
    );
  });
});
