import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { minorDigits } from './currency.js';
import { formatDecimal, parseDecimal } from './decimal.js';

const HALF_AWAY_FROM_ZERO = 1;

/**
 * Settles an exact amount in major units ("4.005" USD) to whole minor units of the currency (401n). This is the only
 * place where money is rounded: once, half away from zero, so -4.005 becomes -401n.
 * @throws InvalidError `unknown_currency`
 */
export function toMinorUnits(amountMajor: Big, currency: string): bigint {
  const minor = amountMajor.times(`1e${minorDigits(currency)}`);
  return BigInt(minor.round(0, HALF_AWAY_FROM_ZERO).toFixed());
}

/**
 * An exact amount in minor units, which may have a fraction, in major ones: "0.25" cents are "0.0025" USD.
 * @throws InvalidError `invalid_decimal`, `unknown_currency`
 */
export function majorOfMinor(amountMinor: DecimalString, currency: string): DecimalString {
  return formatDecimal(parseDecimal(amountMinor, 'amount').times(`1e-${minorDigits(currency)}`));
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
