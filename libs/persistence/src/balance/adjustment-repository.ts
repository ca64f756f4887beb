import type { Adjustment } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

type AdjustmentRow = Omit<Adjustment, 'amountMinor'> & { readonly amountMinor: string };

const COLUMNS = `adjustment.id, adjustment.organization_id AS "organizationId", adjustment.seller_slug AS "sellerSlug",
    adjustment.currency, adjustment.amount_minor AS "amountMinor", adjustment.reason, adjustment.state,
    adjustment.proposed_by AS "proposedBy", adjustment.proposed_at AS "proposedAt",
    adjustment.decided_by AS "decidedBy", adjustment.decided_at AS "decidedAt"`;

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
  const [row] = await transaction.query<AdjustmentRow>(`SELECT ${COLUMNS} FROM adjustment WHERE id = $1 FOR UPDATE`, [
    adjustmentId,
  ]);
  return row ? toAdjustment(row) : null;
}

/** Writes down who decided what. The database refuses a second decision, and an approval by who proposed it. */
export async function decideAdjustment(
  transaction: Transaction,
  { id, state, decidedBy, decidedAt }: Pick<Adjustment, 'id' | 'state' | 'decidedBy' | 'decidedAt'>,
): Promise<void> {
  await transaction.query(`UPDATE adjustment SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`, [
    id,
    state,
    decidedBy,
    decidedAt,
  ]);
}

/** An adjustment with the names of whom it is for and of who decided. */
export interface ListedAdjustment extends Adjustment {
  readonly organization: { readonly id: string; readonly name: string };
  readonly proposedByName: string;
  readonly decidedByName: string | null;
}

/** Adjustments of all organizations: those that wait first, then the newest; at most 200. */
export async function listAdjustments(transaction: Transaction): Promise<ListedAdjustment[]> {
  const rows = await transaction.query<Omit<ListedAdjustment, 'amountMinor'> & { amountMinor: string }>(
    `SELECT ${COLUMNS}, json_build_object('id', organization.id, 'name', organization.name) AS organization,
       coalesce((SELECT name FROM auth."user" WHERE id::text = proposed_by), proposed_by) AS "proposedByName",
       coalesce((SELECT name FROM auth."user" WHERE id::text = decided_by), decided_by) AS "decidedByName"
     FROM adjustment JOIN organization ON organization.id = adjustment.organization_id
     ORDER BY (adjustment.state = 'proposed') DESC, adjustment.id DESC LIMIT 200`,
  );
  return rows.map((row) => ({ ...row, ...toAdjustment(row) }));
}

function toAdjustment(row: AdjustmentRow): Adjustment {
  return { ...row, amountMinor: BigInt(row.amountMinor) };
}
