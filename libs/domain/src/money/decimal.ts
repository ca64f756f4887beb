import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { InvalidError } from '../problem/tollgate-error.js';

const DECIMAL = /^(?:0|[1-9]\d{0,25})(?:\.\d{1,12})?$/;

/** True for what `parseDecimal` accepts. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * The exact value of a non-negative decimal number: at most 26 digits before the point and 12 after it, which is what
 * a Postgres NUMERIC(38,12) holds. No sign, no exponent, no leading zeros, no separators.
 * @throws InvalidError `invalid_decimal`; the message names `field`.
 */
export function parseDecimal(text: string, field = 'value'): Big {
  if (!isDecimal(text)) {
    throw new InvalidError(
      'invalid_decimal',
      `${field}: ${JSON.stringify(text)} is not a decimal. Write digits such as "12.5": not negative, no exponent, ` +
        'at most 26 digits before the point and 12 after it.',
    );
  }
  return new Big(text);
}

/** The one way to write an exact decimal: digits and at most one point, no exponent, no needless zeros. */
export function formatDecimal(value: Big): DecimalString {
  return value.toFixed();
}

/**
 * The exact sum of decimals.
 * @throws InvalidError `invalid_decimal`
 */
export function addDecimals(...terms: readonly DecimalString[]): DecimalString {
  return formatDecimal(terms.reduce((sum, term) => sum.plus(parseDecimal(term)), new Big(0)));
}

/**
 * What `left` is more than `right`; 0 when it is not.
 * @throws InvalidError `invalid_decimal`
 */
export function subtractDecimals(left: DecimalString, right: DecimalString): DecimalString {
  const difference = parseDecimal(left).minus(parseDecimal(right));
  return difference.gt(0) ? formatDecimal(difference) : '0';
}

/**
 * The exact product of two decimals: up to 24 decimal places, never rounded, and so not always an accepted input.
 * @throws InvalidError `invalid_decimal`
 */
export function multiplyDecimals(left: DecimalString, right: DecimalString): DecimalString {
  return formatDecimal(parseDecimal(left).times(parseDecimal(right)));
}

/**
 * Below zero when `left` is less than `right`, above zero when it is more, 0 when they have the same value.
 * @throws InvalidError `invalid_decimal`
 */
export function compareDecimals(left: DecimalString, right: DecimalString): number {
  return parseDecimal(left).cmp(parseDecimal(right));
}

/** How many places a decimal needs after its point: 1 for "0.50". */
export function decimalPlaces(value: Big): number {
  const [, fraction = ''] = formatDecimal(value).split('.');
  return fraction.length;
}
