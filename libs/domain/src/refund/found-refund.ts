import type { RefundState } from './refund.js';

/** A refund of one of our payments that somebody made in the provider's own pages. */
export interface FoundRefund {
  readonly providerRefundId: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly paymentId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly state: RefundState;
  readonly foundAt: Date;
}
