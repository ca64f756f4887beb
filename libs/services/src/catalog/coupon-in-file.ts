import { checkCouponTerms, isCurrency, minorOfMajor, InvalidError, type CouponTerms } from '#domain';
import { z } from 'zod';
import { instant } from './instant-in-file.js';
import { decimal } from './price-in-file.js';
import { title } from './shown-in-file.js';
import { slug } from './slug-in-file.js';

/** What a coupon takes off, in the words of people: by REST and in the catalogue file alike. */
export const couponTerms = z.strictObject({
  percentOff: decimal.nullable().default(null).describe('Of every line: "20" for 20 %. Or give amountOff.'),
  amountOff: decimal.nullable().default(null).describe('Of each month together, in major units of the currency.'),
  currency: z.string().max(3).nullable().default(null).describe('ISO 4217 code of amountOff.'),
  months: z
    .int()
    .min(1)
    .max(120)
    .nullable()
    .default(1)
    .describe('For so many months of a subscription, from the first that costs something; 1 for once, null for all.'),
  offers: z
    .array(z.string().max(130))
    .max(100)
    .default([])
    .describe('What it is for: PRODUCT or PRODUCT/PLAN; empty for all of the publisher.'),
});

/** How often a coupon may be redeemed. */
export const couponBounds = z.strictObject({
  maxRedemptions: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullable()
    .default(null)
    .describe('So many organizations may redeem it, each once; null for any number.'),
});

/** A coupon as a catalogue file has it. What it takes off is fixed once it is made; its bounds and codes can change. */
export const couponInFile = z
  .strictObject({
    slug,
    publisher: slug.describe('Whose plans it is for.'),
    title: title.describe('Printed on invoices.'),
    ...couponTerms.shape,
    ...couponBounds.shape,
    expiresAt: instant.nullable().default(null).describe('From then on it is not redeemed any more.'),
    archived: z.boolean().default(false).describe('Not redeemed any more; what has been goes on.'),
    codes: z
      .array(z.strictObject({ code: z.string().max(60), archived: z.boolean().default(false) }))
      .max(1000)
      .default([])
      .describe('What people type, in any case. Those that are not here stay.'),
  })
  .describe('A discount for whoever has one of its codes.');

export type CouponInFile = z.output<typeof couponInFile>;

/**
 * The terms as they are kept.
 * @throws InvalidError `coupon_invalid` that names the field
 */
export function toCouponTerms({ amountOff, ...said }: z.output<typeof couponTerms>): CouponTerms {
  const { percentOff, currency, months, offers } = said;
  const terms = { percentOff, currency, months, offers };
  if (amountOff !== null && (currency === null || !isCurrency(currency)))
    throw new InvalidError('coupon_invalid', 'currency: expected the ISO 4217 code of amountOff, such as EUR.');
  const minor = amountOff === null ? null : minorOfMajor(amountOff, currency!);
  if (minor !== null && minor.includes('.'))
    throw new InvalidError('coupon_invalid', `amountOff: ${currency} has no amounts as small as ${amountOff}.`);
  const kept = { ...terms, amountOffMinor: minor === null ? null : BigInt(minor) };
  checkCouponTerms(kept);
  return kept;
}
