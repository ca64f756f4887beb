export {
  type CouponInput,
  addCouponCode,
  changeCoupon,
  changeCouponCode,
  createCoupon,
  listCoupons,
} from './keep-coupons.js';
