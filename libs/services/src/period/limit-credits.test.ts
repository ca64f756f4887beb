import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitCredits } from './limit-credits.js';

const linesOf = (...amounts: bigint[]) => amounts.map((amountMinor) => ({ description: 'line', amountMinor }));
const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
const amountsOf = (lines: readonly { amountMinor: bigint }[]) => lines.map(({ amountMinor }) => amountMinor);

describe('limitCredits', () => {
  it('leaves lines alone that sum to zero or more', () => {
    const lines = linesOf(500n, -200n, -300n);
    expect(limitCredits(lines)).toEqual({ lines, excessCreditMinor: 0n });
  });

  it('cuts the last credits to what the invoice charges, says so, and keeps the rest for the balance', () => {
    const { lines: limited, excessCreditMinor } = limitCredits(linesOf(500n, -200n, -400n, -50n));
    expect(amountsOf(limited)).toEqual([500n, -200n, -300n, 0n]);
    expect(limited.map(({ description }) => description.includes('to the balance'))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(excessCreditMinor).toBe(150n);
  });

  it('never sums to less than zero, changes no charge, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-1_000n, 1_000n)), (amounts) => {
        const { lines, excessCreditMinor } = limitCredits(linesOf(...amounts));
        const limited = amountsOf(lines);
        const sum = sumOf(limited);
        expect(sum).toBeGreaterThanOrEqual(0n);
        expect(sum - excessCreditMinor).toBe(sumOf(amounts));
        for (const [index, amount] of amounts.entries()) if (amount >= 0n) expect(limited[index]).toBe(amount);
      }),
    );
  });
});
