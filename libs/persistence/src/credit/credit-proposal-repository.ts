import type { CreditProposal } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import {
  type ProposalNames,
  decideProposalRow,
  listProposalRows,
  lockProposalRow,
  type ProposalPlace,
} from '../proposal/proposal-rows.js';

type ProposalRow = Omit<CreditProposal, 'amountMinor' | 'limitMinor'> & {
  readonly amountMinor: string;
  readonly limitMinor: string;
};

const CREDITS = {
  table: 'credit_proposal',
  more: `, proposal.source, proposal.priority, proposal.api_product_id AS "apiProductId", proposal.meter,
    proposal.expires_at AS "expiresAt", proposal.limit_minor AS "limitMinor"`,
} as const;

/** Writes a proposal that waits for a decision. */
export async function insertCreditProposal(transaction: Transaction, proposal: CreditProposal): Promise<void> {
  await transaction.query(
    `INSERT INTO credit_proposal (id, organization_id, seller_slug, currency, amount_minor, source, priority,
       api_product_id, meter, reason, expires_at, limit_minor, state, proposed_by, proposed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      proposal.id,
      proposal.organizationId,
      proposal.sellerSlug,
      proposal.currency,
      proposal.amountMinor.toString(),
      proposal.source,
      proposal.priority,
      proposal.apiProductId,
      proposal.meter,
      proposal.reason,
      proposal.expiresAt,
      proposal.limitMinor.toString(),
      proposal.state,
      proposal.proposedBy,
      proposal.proposedAt,
    ],
  );
}

/** The proposal, locked until the transaction ends; null when there is none. */
export async function lockCreditProposal(transaction: Transaction, id: string): Promise<CreditProposal | null> {
  const row = await lockProposalRow<ProposalRow>(transaction, CREDITS, id);
  return row && toProposal(row);
}

/** Writes down who decided what. The database refuses a second decision, and an approval that needs another person. */
export function decideCreditProposal(transaction: Transaction, decided: CreditProposal): Promise<void> {
  return decideProposalRow(transaction, CREDITS, decided);
}

/** A proposal with the names of whom it is for and of who decided. */
export type ListedCreditProposal = CreditProposal & ProposalNames;

/** Proposals for all organizations: those that wait first, then the newest. */
export async function listCreditProposals(
  transaction: Transaction,
  slice: Slice<ProposalPlace> = {},
): Promise<ListedCreditProposal[]> {
  const rows = await listProposalRows<ProposalRow>(transaction, CREDITS, slice);
  return rows.map((row) => ({ ...row, ...toProposal(row) }));
}

function toProposal(row: ProposalRow): CreditProposal {
  return { ...row, amountMinor: BigInt(row.amountMinor), limitMinor: BigInt(row.limitMinor) };
}
