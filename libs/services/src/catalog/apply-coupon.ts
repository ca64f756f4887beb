import { type Coupon, InvalidError, TollgateError, compareDecimals, toCouponCode } from '#domain';
import { archiveCouponCode, findPublisherTeam, listCodes, lockCouponOfTeam } from '#persistence';
import { type CouponInput, addCode, changeBounds, makeCoupon } from '../coupon/keep-coupons.js';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields } from './catalog-change.js';
import { type CouponInFile, toCouponTerms } from './coupon-in-file.js';

/**
 * Makes a coupon with its codes, or changes its bounds and codes; what it takes off is fixed. Codes that the file does not have stay.
 * @throws InvalidError that names the place in the file
 */
export async function applyCoupon(work: ApplyWork, file: CouponInFile): Promise<void> {
  const at = `coupons.${file.publisher}/${file.slug}`;
  try {
    await apply(work, file);
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    const place = error instanceof InvalidError ? `${at}.` : `${at}: `;
    throw new InvalidError(error.code, `${place}${error.message}`, { cause: error });
  }
}

async function apply(work: ApplyWork, file: CouponInFile): Promise<void> {
  const { context, transaction, changes } = work;
  const team = await findPublisherTeam(transaction, file.publisher);
  if (!team)
    throw new InvalidError(
      'publisher_unknown',
      `publisher: there is no publisher "${file.publisher}". Name it under "publishers".`,
    );
  const { slug, title, percentOff, amountOff, currency, months, offers, maxRedemptions, expiresAt, archived } = file;
  const terms = toCouponTerms({ percentOff, amountOff, currency, months, offers });
  const input = { slug, title, ...terms, maxRedemptions, expiresAt };
  const current = await lockCouponOfTeam(transaction, team.id, slug);
  if (current) requireSameTerms(current, input);
  const coupon = current ?? (await makeCoupon(context, transaction, { ...input, publisherTeamId: team.id }));
  const bounds = { maxRedemptions, expiresAt, archived };
  const fields = changedFields(
    { maxRedemptions: coupon.maxRedemptions, expiresAt: coupon.expiresAt, archived: coupon.archivedAt !== null },
    bounds,
  );
  if (fields.length > 0)
    await changeBounds(context, transaction, coupon, { maxRedemptions, expiresAt, isArchived: archived });
  const codes = await applyCodes(work, coupon, file);
  const changed = [...fields, ...(codes.length > 0 ? [{ field: 'codes', from: [], to: codes }] : [])];
  if (current && changed.length === 0) return;
  changes.push({ action: current ? 'update' : 'create', noun: 'coupon', name: slug, fields: current ? changed : [] });
}

function requireSameTerms(current: Coupon, input: CouponInput): void {
  const fixed = ({ title, percentOff, amountOffMinor, currency, months, offers }: CouponInput) => ({
    title,
    percentOff,
    amountOff: amountOffMinor?.toString() ?? null,
    currency,
    months,
    offers: offers.toSorted(),
  });
  const same = { ...fixed(input) };
  if (current.percentOff !== null && input.percentOff !== null)
    if (compareDecimals(current.percentOff, input.percentOff) === 0) same.percentOff = current.percentOff;
  const [changed] = changedFields(fixed(current), same);
  if (!changed) return;
  throw new InvalidError(
    'coupon_fixed',
    `${changed.field}: what a coupon takes off is fixed, as invoices are computed by it. Make one with another slug, and archive this one.`,
  );
}

/** The codes that were added, archived or restored. */
async function applyCodes({ context, transaction }: ApplyWork, coupon: Coupon, file: CouponInFile): Promise<string[]> {
  const known = (await listCodes(transaction, [coupon.id])).get(coupon.id) ?? [];
  const changed: string[] = [];
  for (const { code: text, archived } of file.codes) {
    const code = toCouponCode(text);
    const found = known.find((one) => one.code === code);
    if (found && (found.archivedAt !== null) === archived) continue;
    if (!found) changed.push(await addCode(context, transaction, coupon, text));
    else changed.push(found.code);
    if (found || archived) {
      const archivedAt = archived ? context.clock.now() : null;
      await archiveCouponCode(transaction, { couponId: coupon.id, code: code!, archivedAt });
    }
  }
  return changed;
}
