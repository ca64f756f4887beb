import type { CreditSource } from './credit-grant.js';

/** Credits that a person of finance wants to give; another one decides where they are more than the limit. */
export interface CreditProposal {
  /** The grant gets it too. */
  readonly id: string;
  readonly organizationId: string;
  readonly sellerSlug: string;
  readonly currency: string;
  /** More than 0. */
  readonly amountMinor: bigint;
  readonly source: Exclude<CreditSource, 'purchased'>;
  /** The lowest burns first. */
  readonly priority: number;
  readonly apiProductId: string | null;
  readonly meter: string | null;
  /** The organization sees it. */
  readonly reason: string;
  readonly expiresAt: Date | null;
  /** Up to this amount one person is enough. */
  readonly limitMinor: bigint;
  readonly state: 'proposed' | 'approved' | 'refused';
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}
