import type { RefundState } from './refund.js';

/** What of a refund that somebody made in the provider's own pages is of one of our payments: all of it, unless its charge paid several invoices. */
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
