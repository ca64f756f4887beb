export {
  type DecideRefundInput,
  decideOnRefund,
  listFoundRefunds,
  listRefundProposals,
  proposeFoundRefund,
  proposeRefund,
} from './propose-refund.js';
export { applyProviderRefund, reconcileRefunds } from './reconcile-refunds.js';
export { recordRefund } from './record-refund.js';
export { refundPayment } from './refund-payment.js';
