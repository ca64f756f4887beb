import { useInfiniteQuery } from '@tanstack/react-query';
import { decideRefund, refundProposalsQuery } from '../../api/credit-notes.js';
import type { RefundProposal } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { refundState } from '../../credit-notes/refund-words.js';
import { ProposalTable } from './proposal-table.js';

/** Refunds to cards of one invoice, or of all, with the decisions that wait; nothing where there never were any. */
export function RefundProposals({ invoiceId }: { readonly invoiceId?: string }) {
  const query = useInfiniteQuery({ ...refundProposalsQuery(invoiceId), refetchInterval: 10_000 });
  return (
    <ProposalTable
      title="Refunds to cards"
      description="Two people are needed for each. Approving one issues the credit note."
      approved={(proposal: RefundProposal) => refundState(proposal.refundState)}
      {...(invoiceId === undefined && { about: aboutInvoice })}
      query={query}
      decide={decideRefund}
    />
  );
}

function aboutInvoice({ invoiceId, invoiceNumber }: RefundProposal) {
  return (
    <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId }} size="sm">
      {invoiceNumber ?? 'Invoice'}
    </TextLink>
  );
}
