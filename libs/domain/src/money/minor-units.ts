import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { minorDigits } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';
import { divideWhole } from './whole-division.js';

const HALF_AWAY_FROM_ZERO = 1;

/**
 * Settles an exact amount in major units ("4.005" USD) to whole minor units of the currency (401n), or to a multiple of
 * `stepMinor` of them. This is the only place where money is rounded: once, half away from zero, so -4.005 becomes -401n.
 * @throws InvalidError `unknown_currency`
 */
export function toMinorUnits(amountMajor: Big, currency: string, stepMinor = 1): bigint {
  const minor = amountMajor.times(`1e${minorDigits(currency)}`);
  if (stepMinor === 1) return BigInt(minor.round(0, HALF_AWAY_FROM_ZERO).toFixed());
  const { whole, remainder } = divideWhole(minor.abs(), new Big(stepMinor));
  const steps = BigInt(whole.toFixed()) + (remainder.times(2).gte(stepMinor) ? 1n : 0n);
  return (minor.lt(0) ? -steps : steps) * BigInt(stepMinor);
}

/** What lines of a plan are settled to. */
export interface Settling {
  readonly currency: string;
  /** Absent: 1. */
  readonly roundingStepMinor?: number | undefined;
}

/** An exact amount in major units as a line of a plan has it: rounded once, to the plan's step. */
export function settle(amountMajor: Big, { currency, roundingStepMinor }: Settling): bigint {
  return toMinorUnits(amountMajor, currency, roundingStepMinor);
}

/**
 * An exact amount in minor units, which may have a fraction, in major ones: "0.25" cents are "0.0025" USD.
 * @throws InvalidError `invalid_decimal`, `unknown_currency`
 */
export function majorOfMinor(amountMinor: DecimalString, currency: string): DecimalString {
  return formatDecimal(parseDecimal(amountMinor, 'amount').times(`1e-${minorDigits(currency)}`));
}

/**
 * An exact amount in major units in minor ones, which may have a fraction: "0.0025" USD are "0.25" cents.
 * @throws InvalidError `invalid_decimal`, `unknown_currency`
 */
export function minorOfMajor(amountMajor: DecimalString, currency: string): DecimalString {
  return formatDecimal(parseDecimal(amountMajor, 'amount').times(`1e${minorDigits(currency)}`));
}

/**
 * The amount in major units with all places of the currency, for machines: 1234n → "12.34" USD, "1234" JPY, "1.234" KWD.
 * @throws InvalidError `unknown_currency`
 */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const digits = minorDigits(currency);
  const magnitude = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  const point = magnitude.length - digits;
  const sign = amountMinor < 0n ? '-' : '';
  return sign + magnitude.slice(0, point) + (digits === 0 ? '' : `.${magnitude.slice(point)}`);
}

/**
 * The amount for people, with its currency and grouped thousands: "$1,234.50", "-$0.05", "EUR 1,234.50". Only US
 * dollars get a sign: every other one is shared by several currencies or unfamiliar.
 * @throws InvalidError `unknown_currency`
 */
export function formatMoney(amountMinor: bigint, currency: string): string {
  const magnitude = groupThousands(formatMinor(amountMinor < 0n ? -amountMinor : amountMinor, currency));
  const sign = amountMinor < 0n ? '-' : '';
  return sign + (currency === 'USD' ? `$${magnitude}` : `${currency} ${magnitude}`);
}

/** Puts a comma between each three digits before the point: "1234567.0001" → "1,234,567.0001". */
export function groupThousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
