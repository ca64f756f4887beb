import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { clearable, integer, oneOf, percentage, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { randomText } from '../ids.js';
import type { Call } from '../sandbox.js';
import { couponOf, isRedeemable, type Coupon } from './coupon.js';
import { currency } from './currency.js';
import { previousOf } from './previous-attributes.js';

const createReaders = {
  amount_off: integer,
  currency,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer,
  id: text(200),
  max_redemptions: integer,
  metadata,
  name: text(40),
  percent_off: percentage,
  redeem_by: integer,
};

export const couponRoutes: readonly Route[] = [
  route('POST', '/v1/coupons', createReaders, (call, params) => {
    const { amount_off: amountOff, percent_off: percentOff } = params;
    if ((amountOff === undefined) === (percentOff === undefined)) {
      throw invalidRequest('You must pass exactly one of `percent_off` and `amount_off`.', 'percent_off');
    }
    if (amountOff !== undefined && amountOff < 1) throw invalidRequest('Invalid positive integer', 'amount_off');
    const duration = params.duration ?? 'once';
    if ((duration === 'repeating') !== (params.duration_in_months !== undefined)) {
      throw invalidRequest('`duration_in_months` goes with `duration=repeating` only.', 'duration_in_months');
    }
    const id = params.id ?? randomText(8);
    if (call.store.get('coupons', id)) {
      throw invalidRequest('Coupon already exists.', 'id', 'resource_already_exists');
    }
    const coupon = call.store.put('coupons', {
      id,
      object: 'coupon',
      amount_off: amountOff ?? null,
      created: call.now,
      currency: amountOff === undefined ? null : required(params.currency, 'currency'),
      duration,
      duration_in_months: params.duration_in_months ?? null,
      livemode: false,
      max_redemptions: params.max_redemptions ?? null,
      metadata: mergeMetadata({}, params.metadata),
      name: params.name ?? null,
      percent_off: percentOff ?? null,
      redeem_by: params.redeem_by ?? null,
      times_redeemed: 0,
      valid: true,
    });
    call.emit('coupon.created', coupon);
    return coupon;
  }),

  route('GET', '/v1/coupons/{id}', {}, (call, _params, id) => current(call, couponOf(call, id))),

  route('POST', '/v1/coupons/{id}', { metadata, name: clearable(text(40)) }, (call, params, id) => {
    const before = couponOf(call, id);
    const coupon = call.store.put('coupons', {
      ...before,
      metadata: mergeMetadata(before.metadata, params.metadata),
      name: params.name === undefined ? before.name : params.name,
    });
    call.emit('coupon.updated', coupon, previousOf(before, coupon));
    return current(call, coupon);
  }),

  route('DELETE', '/v1/coupons/{id}', {}, (call, _params, id) => {
    const coupon = couponOf(call, id);
    call.store.delete('coupons', id);
    call.emit('coupon.deleted', coupon);
    return { id, object: 'coupon', deleted: true };
  }),

  listRoute(
    '/v1/coupons',
    'coupon',
    { created: createdFilter },
    (call, params) => call.store.all('coupons').filter((coupon) => params.created?.(coupon.created) ?? true),
    current,
  ),
];

/** A coupon may end by itself. */
function current(call: Call, coupon: Coupon): Coupon {
  return { ...coupon, valid: isRedeemable(call, coupon) };
}
