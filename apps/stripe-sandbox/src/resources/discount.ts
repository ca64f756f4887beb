import { clearable, hash, list, text } from '../http/params.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { cyclesAfter } from './billing-period.js';
import { couponOf, isRedeemable, type Coupon } from './coupon.js';
import type { SumDiscount } from './invoice-sums.js';

/** What a discount is on: exactly one but `customer` is set. */
export interface DiscountOwner {
  readonly customer: string;
  readonly invoice?: string;
  readonly invoice_item?: string;
  readonly subscription?: string;
  readonly subscription_item?: string;
}

/** A coupon in use, with its terms as they were: deleting the coupon changes nothing of it. */
export interface Discount {
  readonly id: string;
  readonly object: 'discount';
  readonly checkout_session: null;
  readonly customer: string;
  readonly customer_account: null;
  /** Unix seconds; null for one that does not end by itself. */
  readonly end: number | null;
  readonly invoice: string | null;
  readonly invoice_item: string | null;
  readonly promotion_code: null;
  readonly source: { readonly coupon: string; readonly type: 'coupon' };
  readonly start: number;
  readonly subscription: string | null;
  readonly subscription_item: string | null;
  readonly terms: Pick<Coupon, 'amount_off' | 'currency' | 'duration' | 'duration_in_months' | 'percent_off'>;
}

/** Reads discounts that are asked for; an empty value takes all away. */
export const discountChoices = clearable(list(hash({ coupon: text(), discount: text() })));
export type DiscountChoices = ReturnType<typeof discountChoices>;

const mostDiscounts = 20;

/** The ids of the discounts that an owner has after the request: those that it keeps, and new ones of coupons. */
export function chooseDiscounts(
  call: Call,
  owner: DiscountOwner,
  currency: string,
  choices: DiscountChoices,
  current: readonly string[] = [],
): string[] {
  if (choices !== null && choices.length > mostDiscounts) {
    throw invalidRequest(`At most ${mostDiscounts} discounts can be applied.`, 'discounts');
  }
  return (choices ?? []).map(({ coupon, discount }, index) => {
    const name = `discounts[${index}]`;
    if ((coupon === undefined) === (discount === undefined)) {
      throw invalidRequest('You must pass exactly one of `coupon` and `discount`.', name);
    }
    if (coupon !== undefined) return redeem(call, owner, currency, coupon, `${name}[coupon]`).id;
    const kept = call.store.get('discounts', discount!);
    if (kept?.customer !== owner.customer) throw noSuch('discount', discount!, `${name}[discount]`);
    return current.includes(kept.id) ? kept.id : copyOf(call, kept, owner).id;
  });
}

function redeem(call: Call, owner: DiscountOwner, currency: string, id: string, param: string): Discount {
  const coupon = couponOf(call, id, param);
  if (!isRedeemable(call, coupon)) throw invalidRequest(`Coupon ${id} is expired.`, param, 'coupon_expired');
  if (coupon.currency !== null && coupon.currency !== currency) {
    throw invalidRequest(`The coupon is in ${coupon.currency}, and cannot be applied to ${currency}.`, param);
  }
  call.store.put('coupons', { ...coupon, times_redeemed: coupon.times_redeemed + 1 });
  const { amount_off, duration, duration_in_months, percent_off } = coupon;
  const months = duration === 'repeating' ? duration_in_months! : null;
  const end = months === null ? null : cyclesAfter(call.now, { interval: 'month', interval_count: months }, 1);
  const terms = { amount_off, currency: coupon.currency, duration, duration_in_months, percent_off };
  const discount = put(call, owner, { coupon: id, start: call.now, end, terms });
  if (discount.subscription !== null) call.emit('customer.discount.created', renderDiscount(discount));
  return discount;
}

function copyOf(call: Call, { source, start, end, terms }: Discount, owner: DiscountOwner): Discount {
  return put(call, owner, { coupon: source.coupon, start, end, terms });
}

function put(
  call: Call,
  owner: DiscountOwner,
  { coupon, ...fields }: Pick<Discount, 'end' | 'start' | 'terms'> & { readonly coupon: string },
): Discount {
  return call.store.put('discounts', {
    id: newId('di'),
    object: 'discount',
    checkout_session: null,
    customer: owner.customer,
    customer_account: null,
    invoice: owner.invoice ?? null,
    invoice_item: owner.invoice_item ?? null,
    promotion_code: null,
    source: { coupon, type: 'coupon' },
    subscription: owner.subscription ?? null,
    subscription_item: owner.subscription_item ?? null,
    ...fields,
  });
}

export function renderDiscount({ terms: _terms, ...discount }: Discount): object {
  return discount;
}

export function renderDeletedDiscount({ end: _end, terms: _terms, ...discount }: Discount): object {
  return { ...discount, deleted: true };
}

/** Those that have not ended by now. */
export function activeDiscounts(call: Call, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const discount = call.store.get('discounts', id);
    return discount !== undefined && (discount.end === null || discount.end > call.now);
  });
}

export function sumDiscountsOf(call: Call, ids: readonly string[]): SumDiscount[] {
  return ids
    .map((id) => call.store.get('discounts', id))
    .filter((discount) => discount !== undefined)
    .map(({ id, terms }) => ({ id, percentOff: terms.percent_off, amountOff: terms.amount_off }));
}

/** Takes from subscriptions and their items what a finalized invoice has used up: a coupon that is good for one invoice. */
export function spendDiscounts(call: Call, ids: readonly string[]): void {
  for (const id of ids) {
    const discount = call.store.get('discounts', id);
    if (discount?.terms.duration !== 'once') continue;
    const subscription =
      discount.subscription === null ? undefined : call.store.get('subscriptions', discount.subscription);
    const item =
      discount.subscription_item === null
        ? undefined
        : call.store.get('subscription_items', discount.subscription_item);
    if (subscription?.discounts.includes(id)) {
      const discounts = subscription.discounts.filter((each) => each !== id);
      call.store.put('subscriptions', { ...subscription, discounts });
    }
    if (item?.discounts.includes(id)) {
      call.store.put('subscription_items', { ...item, discounts: item.discounts.filter((each) => each !== id) });
    }
    if (subscription === undefined && item === undefined) continue;
    const ended = call.store.put('discounts', { ...discount, end: call.now });
    call.emit('customer.discount.deleted', renderDiscount(ended));
  }
}
