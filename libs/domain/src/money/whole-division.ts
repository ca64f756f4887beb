import { Big } from 'big.js';

const DOWN = 0;

/** What whole division leaves: `dividend` = `whole` × `divisor` + `remainder`, and `remainder` is less than `divisor`. */
export interface WholeDivision {
  readonly whole: Big;
  readonly remainder: Big;
}

/** Divides two decimals, the divisor above zero, without the rounding that a quotient of decimals has. */
export function divideWhole(dividend: Big, divisor: Big): WholeDivision {
  const remainder = dividend.mod(divisor);
  return { whole: dividend.minus(remainder).div(divisor).round(0, DOWN), remainder };
}
