import type { CreditProposal } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

type ProposalRow = Omit<CreditProposal, 'amountMinor' | 'limitMinor'> & {
  readonly amountMinor: string;
  readonly limitMinor: string;
};

const COLUMNS = `proposal.id, proposal.organization_id AS "organizationId", proposal.seller_slug AS "sellerSlug",
    proposal.currency, proposal.amount_minor AS "amountMinor", proposal.source, proposal.priority,
    proposal.api_product_id AS "apiProductId", proposal.meter, proposal.reason, proposal.expires_at AS "expiresAt",
    proposal.limit_minor AS "limitMinor", proposal.state, proposal.proposed_by AS "proposedBy",
    proposal.proposed_at AS "proposedAt", proposal.decided_by AS "decidedBy", proposal.decided_at AS "decidedAt"`;

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
  const [row] = await transaction.query<ProposalRow>(
    `SELECT ${COLUMNS} FROM credit_proposal proposal WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ? toProposal(row) : null;
}

/** Writes down who decided what. The database refuses a second decision, and an approval that needs another person. */
export async function decideCreditProposal(
  transaction: Transaction,
  { id, state, decidedBy, decidedAt }: Pick<CreditProposal, 'id' | 'state' | 'decidedBy' | 'decidedAt'>,
): Promise<void> {
  await transaction.query(`UPDATE credit_proposal SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`, [
    id,
    state,
    decidedBy,
    decidedAt,
  ]);
}

/** A proposal with the names of whom it is for and of who decided. */
export interface ListedCreditProposal extends CreditProposal {
  readonly organization: { readonly id: string; readonly name: string };
  readonly proposedByName: string;
  readonly decidedByName: string | null;
}

/** Proposals for all organizations: those that wait first, then the newest; at most 200. */
export async function listCreditProposals(transaction: Transaction): Promise<ListedCreditProposal[]> {
  const rows = await transaction.query<ProposalRow & Omit<ListedCreditProposal, keyof CreditProposal>>(
    `SELECT ${COLUMNS}, json_build_object('id', organization.id, 'name', organization.name) AS organization,
       coalesce((SELECT name FROM auth."user" WHERE id::text = proposed_by), proposed_by) AS "proposedByName",
       coalesce((SELECT name FROM auth."user" WHERE id::text = decided_by), decided_by) AS "decidedByName"
     FROM credit_proposal proposal JOIN organization ON organization.id = proposal.organization_id
     ORDER BY (proposal.state = 'proposed') DESC, proposal.id DESC LIMIT 200`,
  );
  return rows.map((row) => ({ ...row, ...toProposal(row) }));
}

function toProposal(row: ProposalRow): CreditProposal {
  return { ...row, amountMinor: BigInt(row.amountMinor), limitMinor: BigInt(row.limitMinor) };
}
