/** What the payment provider took, or gave back of what it took, for money of one of its payments that moved. */
export interface ProviderFee {
  /** Of the movement of its account. */
  readonly providerTransactionId: string;
  readonly providerPaymentId: string;
  readonly kind: ProviderFeeKind;
  /** In which it settles, which may be another than that of the payment. ISO 4217, upper case. */
  readonly currency: string;
  /** Minor units; below zero when it gives back. Never zero. */
  readonly amountMinor: bigint;
  readonly chargedAt: Date;
}

/** What moved. */
export type ProviderFeeKind = 'payment' | 'refund' | 'dispute';
