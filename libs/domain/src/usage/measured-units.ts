import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';

/** Numbers as JSON and people write them, with an exponent that cannot blow them up. */
const NUMBER = /^(?:0|[1-9]\d{0,24})(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?$/;
const ROUND_DOWN = 0;
/** What a quantity may have: places after the point, and the first number with too many digits before it. */
const PLACES = 12;
const TOO_LARGE = new Big('1e15');

/**
 * Units of a meter out of a number that an answer has named: times the weight, and no finer than 12 places, rounded down.
 * Null for what is no number from 0 to below 10^15.
 */
export function measuredUnits(written: string, weight: DecimalString): DecimalString | null {
  if (!NUMBER.test(written)) return null;
  const units = new Big(written).times(parseDecimal(weight)).round(PLACES, ROUND_DOWN);
  return units.lt(TOO_LARGE) ? formatDecimal(units) : null;
}

/** Units of which at most `maximum` may be counted; `overrun` is what is above, null when nothing is. */
export function withinMaximum(
  units: DecimalString,
  maximum: DecimalString,
): { readonly counted: DecimalString; readonly overrun: DecimalString | null } {
  const above = parseDecimal(units).minus(parseDecimal(maximum));
  return above.gt(0) ? { counted: maximum, overrun: formatDecimal(above) } : { counted: units, overrun: null };
}

/** The most bytes whose units, each of this weight, are no more than `maximum`. The weight is not 0. */
export function bytesWithin(maximum: DecimalString, weight: DecimalString): number {
  const unit = parseDecimal(weight);
  const bytes = parseDecimal(maximum).div(unit).round(0, ROUND_DOWN);
  // The division is rounded: it may have come out one too high.
  return Number((bytes.times(unit).gt(parseDecimal(maximum)) ? bytes.minus(1) : bytes).toFixed());
}

/** A quantity times a factor from 0 to 1, no finer than 12 places, rounded down. */
export function scaledUnits(units: DecimalString, factor: DecimalString): DecimalString {
  return formatDecimal(parseDecimal(units).times(parseDecimal(factor)).round(PLACES, ROUND_DOWN));
}

/** Millionths of units as a decimal. */
export function microToDecimal(micro: bigint): DecimalString {
  return formatDecimal(new Big(micro.toString()).div(1_000_000));
}
