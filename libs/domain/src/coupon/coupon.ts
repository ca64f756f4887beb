import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { isCurrency } from '../money/currency.js';
import { isDecimal } from '../money/decimal.js';
import { formatMoney } from '../money/minor-units.js';
import { InvalidError } from '../problem/tollgate-error.js';

/** What a coupon takes off; fixed once it is made, as invoices are computed by it. */
export interface CouponTerms {
  /** Of every line, more than 0 and at most 100; null for one over an amount. */
  readonly percentOff: DecimalString | null;
  /** Of each month of service together, in minor units; null for a percentage. */
  readonly amountOffMinor: bigint | null;
  /** ISO 4217 code of the amount; null with it. */
  readonly currency: string | null;
  /** For so many months of a subscription, from the first that costs something; null for all. */
  readonly months: number | null;
  /** "product" or "product/plan"; empty for every plan of the publisher. */
  readonly offers: readonly string[];
}

/** A discount that a publisher gives to whoever has one of its codes. */
export interface Coupon extends CouponTerms {
  readonly id: string;
  readonly publisherTeamId: string;
  readonly slug: string;
  /** Printed on invoices. */
  readonly title: string;
  /** Organizations that may redeem it; null for any number. */
  readonly maxRedemptions: number | null;
  /** Organizations that have. */
  readonly redeemed: number;
  /** From then on it is not redeemed any more; what has been goes on. */
  readonly expiresAt: Date | null;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
}

/** What people type to redeem a coupon. */
export interface CouponCode {
  readonly code: string;
  readonly archivedAt: Date | null;
}

const MAX_MONTHS = 120;
const CODE = /^[A-Z0-9][A-Z0-9_-]{2,39}$/;

/** A code as it is kept: people type it in any case, with blanks around it. Null for what can be no code. */
export function toCouponCode(text: string): string | null {
  const code = text.trim().toUpperCase();
  return CODE.test(code) ? code : null;
}

/**
 * Lets terms pass that a coupon can have.
 * @throws InvalidError `coupon_invalid` that names the field
 */
export function checkCouponTerms({ percentOff, amountOffMinor, currency, months, offers }: CouponTerms): void {
  if ((percentOff === null) === (amountOffMinor === null))
    throw invalid('percentOff', 'give either percentOff, or amountOff with its currency.');
  if (percentOff !== null && !isPercent(percentOff))
    throw invalid('percentOff', 'expected more than 0 and at most 100, with at most 4 decimal places, such as "12.5".');
  if ((amountOffMinor === null) !== (currency === null))
    throw invalid('currency', 'give it with amountOff, and only then.');
  if (currency !== null && !isCurrency(currency)) throw invalid('currency', 'expected an ISO 4217 code such as EUR.');
  if (amountOffMinor !== null && (amountOffMinor <= 0n || amountOffMinor > 10n ** 15n))
    throw invalid('amountOff', 'expected more than 0.');
  if (months !== null && !(Number.isInteger(months) && months >= 1 && months <= MAX_MONTHS))
    throw invalid('months', `expected a whole number from 1 to ${MAX_MONTHS}, or null for all.`);
  if (new Set(offers).size !== offers.length) throw invalid('offers', 'one is named twice.');
}

function isPercent(text: string): boolean {
  return isDecimal(text) && /^\d+(\.\d{1,4})?$/.test(text) && new Big(text).gt(0) && new Big(text).lte(100);
}

function invalid(field: string, message: string): InvalidError {
  return new InvalidError('coupon_invalid', `${field}: ${message}`);
}

/** "20% off", "$5.00 off a month": what a coupon takes off, for people. */
export function couponWords({ percentOff, amountOffMinor, currency, months }: Omit<CouponTerms, 'offers'>): string {
  if (amountOffMinor === null || currency === null) return `${percentOff}% off`;
  return `${formatMoney(amountOffMinor, currency)} off${months === 1 ? '' : ' a month'}`;
}
