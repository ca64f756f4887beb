import { useInfiniteQuery } from '@tanstack/react-query';
import { adjustmentsQuery, decideAdjustment } from '../../api/balance.js';
import { ProposalTable } from './proposal-table.js';
import { useSellerWords } from './use-money-place.js';

/** Changes of balances by hand, with the decisions that wait; nothing where there never were any. */
export function Adjustments() {
  const query = useInfiniteQuery({ ...adjustmentsQuery, refetchInterval: 10_000 });
  return (
    <ProposalTable
      title="Adjustments"
      description="Changes of balances by hand. Two people are needed for each."
      approved="Approved"
      about={useSellerWords()}
      query={query}
      decide={decideAdjustment}
    />
  );
}
