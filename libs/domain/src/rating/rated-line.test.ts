import { describe, expect, it } from 'vitest';
import { type RatedLine, subtotalOf } from './rated-line.js';

const lineOf = (amountMinor: bigint): RatedLine => ({
  position: 1,
  kind: 'usage',
  meter: 'requests',
  description: '',
  quantity: '0',
  included: '0',
  billableQuantity: '0',
  pricedQuantity: '0',
  unroundedAmount: '0',
  amountMinor,
  breakdown: [],
});

describe('subtotalOf', () => {
  it('is zero for an invoice without lines', () => {
    expect(subtotalOf([])).toBe(0n);
  });

  it('sums settled amounts, past what a JavaScript number holds', () => {
    expect(subtotalOf([lineOf(9_007_199_254_740_993n), lineOf(2n)])).toBe(9_007_199_254_740_995n);
  });
});
