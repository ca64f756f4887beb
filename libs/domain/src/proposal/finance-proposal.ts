/** Money for an organization by hand: one person of finance proposes it, another decides. */
export interface FinanceProposal {
  readonly id: string;
  readonly organizationId: string;
  readonly sellerSlug: string;
  /** ISO 4217. */
  readonly currency: string;
  /** In favour of the organization. */
  readonly amountMinor: bigint;
  /** The organization sees it. */
  readonly reason: string;
  readonly state: 'proposed' | ProposalDecision;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

export type ProposalDecision = 'approved' | 'refused';
