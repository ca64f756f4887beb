import type { FinanceProposal } from '../proposal/finance-proposal.js';
import type { CreditSource } from './credit-grant.js';

/** Credits that finance wants to give, of more than 0: the grant gets the same id. Up to a limit one person is enough. */
export interface CreditProposal extends FinanceProposal {
  readonly source: Exclude<CreditSource, 'purchased'>;
  /** The lowest burns first. */
  readonly priority: number;
  readonly apiProductId: string | null;
  readonly meter: string | null;
  readonly expiresAt: Date | null;
  /** Up to this amount one person is enough. */
  readonly limitMinor: bigint;
}
