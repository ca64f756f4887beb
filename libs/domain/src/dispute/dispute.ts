/**
 * `needs_response`: the bank waits for evidence. `under_review`: it looks at what was handed in. `won`, `lost`: it has decided.
 * `closed`: an inquiry that is over, or a dispute that never took money.
 */
export type DisputeState = 'needs_response' | 'under_review' | 'won' | 'lost' | 'closed';

/** What becomes of the claim of a lost dispute: the invoice is due again, or it is given up. */
export type DisputeResolution = 'reopened' | 'written_off';

/** A payment, or a part of it, that the bank of the card asks back. */
export interface Dispute {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly paymentId: string;
  readonly providerDisputeId: string;
  /** The provider's page on which evidence is handed in. */
  readonly providerUrl: string;
  readonly currency: string;
  /** What of the payment is disputed, in minor units; never more than the payment. */
  readonly amountMinor: bigint;
  /** The bank only asks: no money is taken. */
  readonly isInquiry: boolean;
  readonly state: DisputeState;
  /** In the words of the provider, such as `fraudulent`. */
  readonly reason: string;
  readonly evidenceDueAt: Date | null;
  /** When the provider opened it. */
  readonly openedAt: Date;
  readonly recordedAt: Date;
  /** When the provider was seen to have taken the money; null while it has not. */
  readonly withdrawnAt: Date | null;
  /** When it was seen to have given the money back. */
  readonly reinstatedAt: Date | null;
  readonly closedAt: Date | null;
  /** What is proposed, or decided, about the claim; null while nothing is. */
  readonly resolution: DisputeResolution | null;
  readonly resolutionReason: string | null;
  readonly proposedBy: string | null;
  readonly proposedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** A dispute as the provider has it now. */
export interface ProviderDispute {
  readonly providerDisputeId: string;
  /** The provider's payment that is disputed; null when it is of none that we could know. */
  readonly providerPaymentId: string | null;
  readonly url: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly isInquiry: boolean;
  readonly state: DisputeState;
  readonly reason: string;
  readonly evidenceDueAt: Date | null;
  readonly openedAt: Date;
  /** True while the provider keeps the money. */
  readonly isWithdrawn: boolean;
}

/** True once the bank has decided, or asks no more. */
export function isDisputeClosed(state: DisputeState): boolean {
  return state === 'won' || state === 'lost' || state === 'closed';
}

/** True for a lost one about whose claim nobody has decided. */
export function awaitsResolution({ state, decidedAt }: Pick<Dispute, 'state' | 'decidedAt'>): boolean {
  return state === 'lost' && decidedAt === null;
}

/** Who must act in a dispute that is not over: we with evidence, the bank, or finance about the claim of a lost one. */
export type DisputeWait = 'evidence' | 'bank' | 'decision';

/** Disputes of one currency that wait for the same. */
export interface DisputeStanding {
  readonly currency: string;
  readonly waitsFor: DisputeWait;
  /** At the provider: one of a charge that has paid several invoices is one. */
  readonly count: number;
  /** Minor units. */
  readonly amountMinor: bigint;
  /** When evidence is due next; null when none is. */
  readonly evidenceDueAt: Date | null;
}

const nextStates: Readonly<Record<DisputeState, readonly DisputeState[]>> = {
  needs_response: ['under_review', 'won', 'lost', 'closed'],
  under_review: ['won', 'lost', 'closed'],
  won: [],
  // A bank may change its mind.
  lost: ['won'],
  closed: ['lost', 'won'],
};

/**
 * True when what the provider says of a dispute can follow what is known of it. What comes late and says something older does not:
 * reports overtake each other. An inquiry becomes a dispute, never the other way round.
 */
export function canMoveDispute(
  from: Pick<Dispute, 'state' | 'isInquiry'>,
  to: Pick<ProviderDispute, 'state' | 'isInquiry'>,
): boolean {
  if (to.isInquiry && !from.isInquiry) return false;
  if (from.isInquiry && !to.isInquiry) return true;
  return nextStates[from.state].includes(to.state);
}

/**
 * What of a payment a dispute is over, in minor units of the payment's currency: at most the payment, and all of it where the bank
 * counts in another currency.
 */
export function disputedMinor(
  { amountMinor, currency }: Pick<ProviderDispute, 'amountMinor' | 'currency'>,
  payment: { readonly amountMinor: bigint; readonly currency: string },
): bigint {
  return currency === payment.currency && amountMinor < payment.amountMinor ? amountMinor : payment.amountMinor;
}
