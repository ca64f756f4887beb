export { type AcceptTermsInput, acceptTerms } from './accept-terms.js';
export {
  type ApprovalInput,
  type RefusalInput,
  type RefusalNotice,
  approveSubscription,
  refuseSubscription,
} from './approve-subscription.js';
export {
  type CancelInput,
  type CancellationPreview,
  cancelSubscription,
  previewCancellation,
  reactivateSubscription,
} from './cancel-subscription.js';
export {
  type ChangePlanInput,
  type PlanChangePreview,
  changePlan,
  keepPlan,
  previewPlanChange,
} from './change-plan.js';
export { endDueSubscriptions } from './end-subscriptions.js';
export { type EndedTrials, settleEndingTrials } from './end-trials.js';
export { type SubscriptionEntitlements, findEntitlements } from './find-entitlements.js';
export {
  type CouponInForce,
  type SubscriptionOverview,
  findSubscription,
  listSubscriptions,
  withCurrentPeriod,
} from './list-subscriptions.js';
export {
  type OverrideInput,
  type OverridePreview,
  overrideSubscription,
  previewOverride,
  revokeOverride,
} from './override-subscription.js';
export { type PaymentStateInput, setPaymentState } from './payment-state.js';
export { type SubscriptionPreview, previewSubscription } from './preview-subscription.js';
export { type TrialPreview, previewTrial } from './preview-trial.js';
export {
  type PublisherSubscriptionPage,
  type ShownOverride,
  addSubscriptionNote,
  findPublisherSubscription,
} from './publisher-subscription.js';
export { type MoneyCapInput, setMoneyCap } from './set-money-cap.js';
export { type SubscribeInput, subscribe } from './subscribe.js';
export {
  type SubscriptionSuspension,
  type SuspensionChange,
  recordSuspension,
  suspendSubscription,
} from './suspend-subscription.js';
export {
  type CouponPreview,
  type RedeemInput,
  previewRedemption,
  redeemForSubscription,
  removeCoupon,
} from './subscription-coupon.js';
export { type SubscriptionNotice } from './subscription-notice.js';
export { type PriceRiseNotice, tellPriceRises } from './tell-price-rises.js';
export { grantTrial } from './trial-right.js';
