import type { FinanceProposal } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** What finance proposes is kept in tables that have these columns in common, with columns of their own. */
interface ProposalTable {
  readonly table: 'adjustment' | 'credit_proposal' | 'refund_proposal';
  /** In SQL, of the row `proposal`; an empty list or one that begins with a comma. */
  readonly more: string;
}

/** With the names of whom it is for, of who proposed it and of who decided. */
export interface ProposalNames {
  readonly organization: { readonly id: string; readonly name: string };
  readonly proposedByName: string;
  readonly decidedByName: string | null;
}

const COLUMNS = `proposal.id, proposal.organization_id AS "organizationId", proposal.seller_slug AS "sellerSlug",
  proposal.currency, proposal.amount_minor AS "amountMinor", proposal.reason, proposal.state,
  proposal.proposed_by AS "proposedBy", proposal.proposed_at AS "proposedAt",
  proposal.decided_by AS "decidedBy", proposal.decided_at AS "decidedAt"`;

/** In SQL, what people know by whom `column` says who did it: the name of a person, else what it was, with null for nobody. */
export function nameOf(column: string): string {
  return `coalesce((SELECT name FROM auth."user" WHERE id::text = ${column}), CASE ${column} WHEN 'cli' THEN 'command line' ELSE ${column} END)`;
}

/** The row, locked until the transaction ends; null when there is none. */
export async function lockProposalRow<Row>(
  transaction: Transaction,
  { table, more }: ProposalTable,
  id: string,
): Promise<Row | null> {
  const [row] = await transaction.query<Row>(
    `SELECT ${COLUMNS}${more} FROM ${table} AS proposal WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ?? null;
}

/** Where a list of proposals goes on: whether the last one waited for a decision, and its id. */
export interface ProposalPlace {
  readonly waits: boolean;
  readonly id: string;
}

/** Rows of all organizations, or of one invoice: those that wait for a decision first, then the newest. */
export function listProposalRows<Row>(
  transaction: Transaction,
  { table, more }: ProposalTable,
  { after, limit, invoiceId }: Slice<ProposalPlace> & { readonly invoiceId?: string | undefined },
): Promise<(Row & ProposalNames)[]> {
  return transaction.query<Row & ProposalNames>(
    `SELECT ${COLUMNS}${more}, json_build_object('id', organization.id, 'name', organization.name) AS organization,
       ${nameOf('proposed_by')} AS "proposedByName", ${nameOf('decided_by')} AS "decidedByName"
     FROM ${table} AS proposal JOIN organization ON organization.id = proposal.organization_id
     WHERE ($1::boolean IS NULL OR (proposal.state = 'proposed', proposal.id) < ($1, $2::uuid))
       ${invoiceId === undefined ? '' : 'AND proposal.invoice_id = $4'}
     ORDER BY (proposal.state = 'proposed') DESC, proposal.id DESC LIMIT $3`,
    [after?.waits ?? null, after?.id ?? null, limit ?? null, ...(invoiceId === undefined ? [] : [invoiceId])],
  );
}

/** Writes down who decided what. The database refuses a second decision, and an approval that needs another person. */
export async function decideProposalRow(
  transaction: Transaction,
  { table }: ProposalTable,
  { id, state, decidedBy, decidedAt }: FinanceProposal,
): Promise<void> {
  await transaction.query(`UPDATE ${table} SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`, [
    id,
    state,
    decidedBy,
    decidedAt,
  ]);
}
