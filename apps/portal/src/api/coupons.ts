import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client, pageBefore } from './client.js';
import type { paths } from './schema.generated.js';

type Coupons = '/api/v1/publisher/coupons';
type CouponBody = paths[Coupons]['post']['requestBody']['content']['application/json'];
type BoundsBody = paths[`${Coupons}/{couponId}`]['put']['requestBody']['content']['application/json'];

/** The coupons of one's publisher teams, the newest first. */
export const couponsQuery = infiniteQueryOptions({
  queryKey: ['publisher', 'coupons'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/publisher/coupons', { params: { query: pageBefore(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.coupons),
});

/** @throws ProblemError `coupon_invalid`, `coupon_exists`, `coupon_code_taken` among others */
export function createCoupon(coupon: CouponBody) {
  return answerOf(client.POST('/api/v1/publisher/coupons', { body: coupon }));
}

/** @throws ProblemError `coupon_invalid`, `changed_meanwhile` among others */
export function changeCoupon(couponId: string, etag: string, bounds: BoundsBody) {
  const params = { path: { couponId }, header: { 'if-match': etag } };
  return answerOf(client.PUT('/api/v1/publisher/coupons/{couponId}', { params, body: bounds }));
}

/** @throws ProblemError `coupon_code_invalid`, `coupon_code_taken` among others */
export function addCouponCode(couponId: string, code: string) {
  return answerOf(
    client.POST('/api/v1/publisher/coupons/{couponId}/codes', { params: { path: { couponId } }, body: { code } }),
  );
}

/** An archived code is not redeemed any more. */
export function changeCouponCode(couponId: string, code: string, isArchived: boolean) {
  const ofCode = { params: { path: { couponId, code } } };
  return answerOf(
    isArchived
      ? client.POST('/api/v1/publisher/coupons/{couponId}/codes/{code}/archive', ofCode)
      : client.POST('/api/v1/publisher/coupons/{couponId}/codes/{code}/restore', ofCode),
  );
}
