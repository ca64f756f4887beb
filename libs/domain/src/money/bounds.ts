import type { Big } from 'big.js';

/** The larger of two decimals. */
export function larger(left: Big, right: Big): Big {
  return left.gt(right) ? left : right;
}

/** The smaller of two decimals. */
export function smaller(left: Big, right: Big): Big {
  return left.lt(right) ? left : right;
}
