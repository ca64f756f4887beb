import { describe, expect, it } from 'vitest';
import { canMoveRefund, refundableMinor } from './refund.js';

describe('what can go to the card', () => {
  it('is what is credited, and at most what the card paid and was not given back', () => {
    expect(refundableMinor(300n, { paidMinor: 1000n, refundedMinor: 0n }, 1)).toBe(300n);
    expect(refundableMinor(1200n, { paidMinor: 1000n, refundedMinor: 250n }, 1)).toBe(750n);
    expect(refundableMinor(10n, { paidMinor: 1000n, refundedMinor: 1000n }, 1)).toBe(0n);
  });

  it('is in whole steps of what the provider takes', () => {
    expect(refundableMinor(1237n, { paidMinor: 5000n, refundedMinor: 0n }, 10)).toBe(1230n);
    expect(refundableMinor(7n, { paidMinor: 5000n, refundedMinor: 0n }, 10)).toBe(0n);
  });
});

it('a refund that succeeded can still be returned by the bank, and one that failed is over', () => {
  expect(canMoveRefund('pending', 'succeeded')).toBe(true);
  expect(canMoveRefund('pending', 'failed')).toBe(true);
  expect(canMoveRefund('succeeded', 'failed')).toBe(true);
  expect(canMoveRefund('failed', 'succeeded')).toBe(false);
  expect(canMoveRefund('succeeded', 'pending')).toBe(false);
});
