import type { Transaction } from '../database/unit-of-work.js';

/** Lets it be looked at `at` whether a subscription costs more soon: it has begun, or was changed. */
export async function lookForPriceRise(transaction: Transaction, subscriptionId: string, at: Date): Promise<void> {
  await transaction.query('UPDATE subscription SET price_rise_check_at = $2 WHERE id = $1', [subscriptionId, at]);
}

/** Active subscriptions that are due to be looked at, the longest due first, at most `limit`. */
export async function listPriceRiseChecks(transaction: Transaction, at: Date, limit: number): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM subscription WHERE price_rise_check_at <= $1 AND state = 'active'
     ORDER BY price_rise_check_at LIMIT $2`,
    [at, limit],
  );
  return rows.map(({ id }) => id);
}

/** What a worker that looks at a subscription needs to know beside what everybody sees of it. */
export interface PriceRiseCheck {
  readonly organizationId: string;
  /** The rise that those who pay were told of last; null for none. */
  readonly toldAt: Date | null;
}

/** Takes a subscription that is due, so that no other worker looks at it before `until`; null when another has it, or it is not due. */
export async function claimPriceRiseCheck(
  transaction: Transaction,
  subscriptionId: string,
  { at, until }: { readonly at: Date; readonly until: Date },
): Promise<PriceRiseCheck | null> {
  const rows = await transaction.query<PriceRiseCheck>(
    `WITH claimed AS (
       UPDATE subscription SET price_rise_check_at = $3 WHERE id = $1 AND price_rise_check_at <= $2 AND state = 'active'
       RETURNING organization_id AS "organizationId", price_rise_told_at AS "toldAt")
     SELECT * FROM claimed`,
    [subscriptionId, at, until],
  );
  return rows[0] ?? null;
}

/**
 * Ends a look that was claimed until `until`: the next is at `nextAt`, null for never, and a rise that is told is noted. False, and
 * nothing changed, when the subscription was changed, or claimed by another, since.
 */
export async function endPriceRiseCheck(
  transaction: Transaction,
  subscriptionId: string,
  { until, nextAt, toldAt }: { readonly until: Date; readonly nextAt: Date | null; readonly toldAt: Date | null },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH ended AS (
       UPDATE subscription SET price_rise_check_at = $3, price_rise_told_at = coalesce($4, price_rise_told_at)
       WHERE id = $1 AND price_rise_check_at = $2 AND state = 'active' RETURNING 1)
     SELECT FROM ended`,
    [subscriptionId, until, nextAt, toldAt],
  );
  return rows.length > 0;
}
