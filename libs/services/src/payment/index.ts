export { type CollectionOutcome, collectInvoice } from './collect-invoice.js';
export { type ProviderTry, TRIES_OF_A_REFUSAL } from './provider-try.js';
export type {
  DisputeNotice,
  HeldInvoiceNotice,
  PaymentAlarms,
  RefundNotice,
  RefusedUsageNotice,
} from './payment-alarms.js';
export { createPortalSession, createSetupSession, paymentMethodOf } from './payment-method.js';
export { type SetPaymentTermsInput, findPaymentTerms, setPaymentTerms } from './payment-terms.js';
export { processWebhook } from './process-webhook.js';
export { receiveWebhook } from './receive-webhook.js';
export { RECONCILE_HOLD } from './reconcile-hold.js';
export { reconcileInvoices } from './reconcile-invoices.js';
export { areFeesDue, recordFees } from './record-fees.js';
export { readWebhooks, replayWebhook, webhookState } from './replay-webhook.js';
export { rebuildCollection, retryCollection } from './retry-collection.js';
export { settleInvoice } from './settle-invoice.js';
export { type TaxOutcome, reconcileTaxes, taxInvoice } from './tax-invoice.js';
