import {
  ConflictError,
  type Coupon,
  type CouponTerms,
  InvalidError,
  NotFoundError,
  checkCouponTerms,
  toCouponCode,
} from '#domain';
import {
  type Actor,
  type CouponBounds,
  type ListedCoupon,
  type Slice,
  type Transaction,
  appendToAuditLog,
  archiveCouponCode,
  findPublisherTeam,
  insertCoupon,
  insertCouponCode,
  isMemberOfTeam,
  listOffersOfTeam,
  listOwnCoupons,
  lockCouponOfTeam,
  lockOwnCoupon,
  updateCouponBounds,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** A coupon as somebody makes it. */
export interface CouponInput extends CouponTerms {
  readonly slug: string;
  readonly title: string;
  readonly maxRedemptions: number | null;
  readonly expiresAt: Date | null;
}

interface OwnCoupon {
  readonly couponId: string;
  readonly publisherUserId: string;
  readonly actor: Actor;
}

/** The coupons of a person's publisher teams, with their codes, the newest first, after an id. */
export function listCoupons(
  context: ServiceContext,
  publisherUserId: string,
  slice: Slice = {},
): Promise<ListedCoupon[]> {
  return context.unitOfWork.inSystem((transaction) => listOwnCoupons(transaction, { publisherUserId }, slice));
}

/**
 * Makes a coupon of a publisher team, with its first codes.
 * @throws NotFoundError `publisher_not_found`, also for a team of others; InvalidError `coupon_invalid` that names the
 *   field, `coupon_code_invalid`; ConflictError `coupon_exists`, `coupon_code_taken`
 */
export function createCoupon(
  context: ServiceContext,
  {
    publisher,
    publisherUserId,
    codes,
    actor,
    ...input
  }: CouponInput & {
    readonly publisher: string;
    readonly publisherUserId: string;
    readonly codes: readonly string[];
    readonly actor: Actor;
  },
): Promise<ListedCoupon> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const team = await findPublisherTeam(transaction, publisher);
    if (!team || !(await isMemberOfTeam(transaction, team.id, publisherUserId))) throw new NotFoundError('publisher');
    if (await lockCouponOfTeam(transaction, team.id, input.slug))
      throw new ConflictError('coupon_exists', `There is a coupon "${input.slug}" already: choose another slug.`);
    const coupon = await makeCoupon(context, transaction, { ...input, publisherTeamId: team.id });
    for (const code of codes) await addCode(context, transaction, coupon, code);
    await audit(context, transaction, { actor, action: 'created', coupon, details: { codes } });
    return findListed(transaction, coupon.id, publisherUserId);
  });
}

/** The same as a part of a larger transaction, without codes and audit entry. */
export async function makeCoupon(
  context: ServiceContext,
  transaction: Transaction,
  input: CouponInput & Pick<Coupon, 'publisherTeamId'>,
): Promise<Coupon> {
  checkCouponTerms(input);
  const known = await listOffersOfTeam(transaction, input.publisherTeamId);
  const unknown = input.offers.find((offer) => !known.includes(offer));
  if (unknown !== undefined)
    throw new InvalidError(
      'coupon_invalid',
      `offers: the publisher has no product or plan "${unknown}". Name a product, or PRODUCT/PLAN.`,
    );
  const coupon = { ...input, id: context.ids.next(), archivedAt: null, createdAt: context.clock.now() };
  await insertCoupon(transaction, coupon);
  return { ...coupon, redeemed: 0 };
}

/**
 * Changes how often and until when a coupon is redeemed, or archives it; what has redeemed it goes on.
 * @throws NotFoundError `coupon_not_found`; InvalidError `coupon_invalid` for a bound below what was redeemed; what `check` throws
 */
export function changeCoupon(
  context: ServiceContext,
  {
    couponId,
    publisherUserId,
    actor,
    maxRedemptions,
    expiresAt,
    isArchived,
    check,
  }: OwnCoupon &
    Pick<CouponBounds, 'maxRedemptions' | 'expiresAt'> & {
      readonly isArchived: boolean;
      /** Looks at what is there, locked; throws to refuse the change. */
      readonly check: (current: Coupon) => void;
    },
): Promise<ListedCoupon> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const coupon = await lockOwn(transaction, { couponId, publisherUserId });
    check(coupon);
    await changeBounds(context, transaction, coupon, { maxRedemptions, expiresAt, isArchived });
    const details = { maxRedemptions, expiresAt: expiresAt?.toISOString() ?? null, isArchived };
    await audit(context, transaction, { actor, action: 'changed', coupon, details });
    return findListed(transaction, couponId, publisherUserId);
  });
}

/** The same for a coupon that is locked, without audit entry. @throws InvalidError `coupon_invalid` */
export async function changeBounds(
  context: ServiceContext,
  transaction: Transaction,
  coupon: Coupon,
  { isArchived, ...bounds }: Pick<CouponBounds, 'maxRedemptions' | 'expiresAt'> & { readonly isArchived: boolean },
): Promise<void> {
  if (bounds.maxRedemptions !== null && bounds.maxRedemptions < coupon.redeemed)
    throw new InvalidError(
      'coupon_invalid',
      `maxRedemptions: ${coupon.redeemed} have redeemed it already: expected that at least, or archive it.`,
    );
  const archivedAt = isArchived ? (coupon.archivedAt ?? context.clock.now()) : null;
  await updateCouponBounds(transaction, coupon.id, { ...bounds, archivedAt });
}

/**
 * Adds a code of a coupon. @throws NotFoundError `coupon_not_found`; InvalidError `coupon_code_invalid`; ConflictError
 *   `coupon_code_taken`
 */
export function addCouponCode(
  context: ServiceContext,
  { couponId, publisherUserId, code, actor }: OwnCoupon & { readonly code: string },
): Promise<ListedCoupon> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const coupon = await lockOwn(transaction, { couponId, publisherUserId });
    const added = await addCode(context, transaction, coupon, code);
    await audit(context, transaction, { actor, action: 'added a code to', coupon, details: { code: added } });
    return findListed(transaction, couponId, publisherUserId);
  });
}

/** The same for a coupon that is locked, without audit entry; returns the code as it is kept. */
export async function addCode(
  context: ServiceContext,
  transaction: Transaction,
  { id: couponId }: Pick<Coupon, 'id'>,
  text: string,
): Promise<string> {
  const code = toCouponCode(text);
  if (code === null)
    throw new InvalidError(
      'coupon_code_invalid',
      'code: expected 3 to 40 letters A to Z, digits, hyphens and underscores, such as SPRING-26.',
    );
  if (!(await insertCouponCode(transaction, { couponId, code, createdAt: context.clock.now() })))
    throw new ConflictError('coupon_code_taken', `The publisher has the code ${code} already: choose another.`);
  return code;
}

/**
 * Archives a code, or takes that back: an archived one is not redeemed any more.
 * @throws NotFoundError `coupon_not_found`, `coupon_code_not_found`
 */
export function changeCouponCode(
  context: ServiceContext,
  {
    couponId,
    publisherUserId,
    code,
    isArchived,
    actor,
  }: OwnCoupon & { readonly code: string; readonly isArchived: boolean },
): Promise<ListedCoupon> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const coupon = await lockOwn(transaction, { couponId, publisherUserId });
    const archivedAt = isArchived ? context.clock.now() : null;
    if (!(await archiveCouponCode(transaction, { couponId, code: toCouponCode(code) ?? '', archivedAt })))
      throw new NotFoundError('coupon code');
    const action = isArchived ? 'archived a code of' : 'restored a code of';
    await audit(context, transaction, { actor, action, coupon, details: { code } });
    return findListed(transaction, couponId, publisherUserId);
  });
}

async function lockOwn(
  transaction: Transaction,
  own: { readonly couponId: string; readonly publisherUserId: string },
): Promise<Coupon> {
  const coupon = await lockOwnCoupon(transaction, own);
  if (!coupon) throw new NotFoundError('coupon');
  return coupon;
}

async function findListed(transaction: Transaction, couponId: string, publisherUserId: string): Promise<ListedCoupon> {
  const [listed] = await listOwnCoupons(transaction, { publisherUserId, couponId });
  return listed!;
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  {
    actor,
    action,
    coupon,
    details,
  }: {
    readonly actor: Actor;
    readonly action: string;
    readonly coupon: Pick<Coupon, 'id' | 'slug'>;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'coupon',
    nounId: coupon.id,
    details: { slug: coupon.slug, ...details },
    createdAt: context.clock.now(),
  });
}
