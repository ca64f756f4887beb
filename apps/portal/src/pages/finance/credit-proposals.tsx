import { useInfiniteQuery } from '@tanstack/react-query';
import { creditProposalsQuery, decideCredits } from '../../api/credits.js';
import { ProposalTable } from './proposal-table.js';
import { useSellerWords } from './use-money-place.js';

/** Credits that finance gave, with the decisions that wait; nothing where there never were any. */
export function CreditProposals() {
  const query = useInfiniteQuery({ ...creditProposalsQuery, refetchInterval: 10_000 });
  return (
    <ProposalTable
      title="Credits given"
      description="Above a limit two people are needed."
      approved="Granted"
      about={useSellerWords()}
      query={query}
      decide={decideCredits}
    />
  );
}
