import type { CreditedLine, RefundProposal, RefundState } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import {
  type ProposalNames,
  decideProposalRow,
  listProposalRows,
  lockProposalRow,
  type ProposalPlace,
} from '../proposal/proposal-rows.js';

interface LineRow {
  readonly lineId: string;
  readonly amountMinor: string | null;
}

type ProposalRow = Omit<RefundProposal, 'amountMinor' | 'creditedMinor' | 'lines'> & {
  readonly amountMinor: string;
  readonly creditedMinor: string;
  readonly lines: readonly LineRow[] | null;
};

const REFUND = {
  table: 'refund_proposal',
  more: `, proposal.invoice_id AS "invoiceId", proposal.credited_minor AS "creditedMinor", proposal.lines,
    proposal.provider_refund_id AS "providerRefundId"`,
} as const;

const LISTED = {
  table: REFUND.table,
  more: `${REFUND.more}, (SELECT number FROM invoice WHERE id = proposal.invoice_id) AS "invoiceNumber",
    (SELECT state FROM refund WHERE proposal_id = proposal.id) AS "refundState"`,
} as const;

/** Writes a proposal that waits for a decision. */
export async function insertRefundProposal(transaction: Transaction, proposal: RefundProposal): Promise<void> {
  await transaction.query(
    `INSERT INTO refund_proposal (id, organization_id, invoice_id, seller_slug, currency, amount_minor, credited_minor,
       lines, reason, state, proposed_by, proposed_at, provider_refund_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      proposal.id,
      proposal.organizationId,
      proposal.invoiceId,
      proposal.sellerSlug,
      proposal.currency,
      proposal.amountMinor.toString(),
      proposal.creditedMinor.toString(),
      proposal.lines &&
        JSON.stringify(
          proposal.lines.map(({ lineId, amountMinor }) => ({ lineId, amountMinor: amountMinor?.toString() ?? null })),
        ),
      proposal.reason,
      proposal.state,
      proposal.proposedBy,
      proposal.proposedAt,
      proposal.providerRefundId,
    ],
  );
}

/** The proposal, locked until the transaction ends; null when there is none. */
export async function lockRefundProposal(transaction: Transaction, id: string): Promise<RefundProposal | null> {
  const row = await lockProposalRow<ProposalRow>(transaction, REFUND, id);
  return row && toProposal(row);
}

/** Writes down who decided what. The database refuses a second decision, and an approval by who proposed it. */
export function decideRefundProposal(transaction: Transaction, decided: RefundProposal): Promise<void> {
  return decideProposalRow(transaction, REFUND, decided);
}

/** A proposal with the names of whom it is for and of who decided, and what became of the refund. */
export interface ListedRefundProposal extends RefundProposal, ProposalNames {
  readonly invoiceNumber: string | null;
  /** Null unless it was approved. */
  readonly refundState: RefundState | null;
}

/** Proposals for all organizations, or of one invoice: those that wait first, then the newest. */
export async function listRefundProposals(
  transaction: Transaction,
  slice: Slice<ProposalPlace> & { readonly invoiceId?: string | undefined } = {},
): Promise<ListedRefundProposal[]> {
  type Row = ProposalRow & Pick<ListedRefundProposal, 'invoiceNumber' | 'refundState'>;
  const rows = await listProposalRows<Row>(transaction, LISTED, slice);
  return rows.map((row) => ({ ...row, ...toProposal(row) }));
}

function toProposal(row: ProposalRow): RefundProposal {
  return {
    ...row,
    amountMinor: BigInt(row.amountMinor),
    creditedMinor: BigInt(row.creditedMinor),
    lines: row.lines?.map(toLine) ?? null,
  };
}

function toLine({ lineId, amountMinor }: LineRow): CreditedLine {
  return { lineId, amountMinor: amountMinor === null ? null : BigInt(amountMinor) };
}
