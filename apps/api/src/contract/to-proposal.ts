import type { FinanceProposal } from '#domain';
import type { ProposalNames } from '#persistence';
import { toMoney } from './value.schema.js';

/** What finance proposed, as the person with the id sees it. */
export function toProposal<Found extends FinanceProposal & ProposalNames>(found: Found, userId: string) {
  return {
    ...found,
    seller: found.sellerSlug,
    amount: toMoney(found.amountMinor, found.currency),
    proposedBy: found.proposedByName,
    isOwn: found.proposedBy === userId,
    decidedBy: found.decidedByName,
  };
}
