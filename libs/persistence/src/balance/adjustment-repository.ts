import type { Adjustment } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import {
  type ProposalNames,
  decideProposalRow,
  listProposalRows,
  lockProposalRow,
  type ProposalPlace,
} from '../proposal/proposal-rows.js';

type AdjustmentRow = Omit<Adjustment, 'amountMinor'> & { readonly amountMinor: string };

const ADJUSTMENT = { table: 'adjustment', more: '' } as const;

/** Writes an adjustment that waits for a decision. */
export async function insertAdjustment(transaction: Transaction, adjustment: Adjustment): Promise<void> {
  await transaction.query(
    `INSERT INTO adjustment (id, organization_id, seller_slug, currency, amount_minor, reason, state, proposed_by, proposed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      adjustment.id,
      adjustment.organizationId,
      adjustment.sellerSlug,
      adjustment.currency,
      adjustment.amountMinor.toString(),
      adjustment.reason,
      adjustment.state,
      adjustment.proposedBy,
      adjustment.proposedAt,
    ],
  );
}

/** The adjustment, locked until the transaction ends; null when there is none. */
export async function lockAdjustment(transaction: Transaction, adjustmentId: string): Promise<Adjustment | null> {
  const row = await lockProposalRow<AdjustmentRow>(transaction, ADJUSTMENT, adjustmentId);
  return row && toAdjustment(row);
}

/** Writes down who decided what. The database refuses a second decision, and an approval by who proposed it. */
export function decideAdjustment(transaction: Transaction, decided: Adjustment): Promise<void> {
  return decideProposalRow(transaction, ADJUSTMENT, decided);
}

/** An adjustment with the names of whom it is for and of who decided. */
export type ListedAdjustment = Adjustment & ProposalNames;

/** Adjustments of all organizations: those that wait first, then the newest. */
export async function listAdjustments(
  transaction: Transaction,
  slice: Slice<ProposalPlace> = {},
): Promise<ListedAdjustment[]> {
  const rows = await listProposalRows<AdjustmentRow>(transaction, ADJUSTMENT, slice);
  return rows.map((row) => ({ ...row, ...toAdjustment(row) }));
}

function toAdjustment(row: AdjustmentRow): Adjustment {
  return { ...row, amountMinor: BigInt(row.amountMinor) };
}
