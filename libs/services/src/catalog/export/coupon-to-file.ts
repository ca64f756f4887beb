import { type Coupon, type CouponCode, majorOfMinor } from '#domain';
import { couponInFile } from '../coupon-in-file.js';
import type { ExportedPart, InFile } from './exported-catalog.js';
import { withoutDefaults } from './without-defaults.js';

/** So many codes of a coupon can be in a file. */
const MAX_CODES = 1000;

/** A coupon with its codes as a catalogue file has it; who has redeemed it is not in there. */
export function couponToFile(coupon: Coupon, publisher: string, codes: readonly CouponCode[]): ExportedPart {
  const { slug, title, percentOff, amountOffMinor, currency, months, offers, maxRedemptions, expiresAt } = coupon;
  const whole = {
    slug,
    publisher,
    title,
    percentOff,
    amountOff: amountOffMinor === null ? null : majorOfMinor(amountOffMinor.toString(), currency!),
    currency,
    months,
    offers,
    maxRedemptions,
    expiresAt: expiresAt?.toISOString() ?? null,
    archived: coupon.archivedAt !== null,
    codes: codes.slice(0, MAX_CODES).map(({ code, archivedAt }) => ({ code, archived: archivedAt !== null })),
  };
  const left = codes.length - MAX_CODES;
  return {
    part: withoutDefaults(couponInFile, whole) as InFile,
    remarks:
      left > 0 ? [{ path: [], text: `${left} more codes are not in this file, which has at most ${MAX_CODES}.` }] : [],
  };
}
