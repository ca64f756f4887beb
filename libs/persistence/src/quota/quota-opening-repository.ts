import type { Transaction } from '../database/unit-of-work.js';
import type { MoneyCapOpening } from './money-cap-opening-repository.js';
import type { QuotaPlace } from './quota-lease-repository.js';

/** Quotas of which nothing is lent until the ledger has what was used without them. */
export interface QuotaOpenings {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly periodStart: Date;
  readonly meters: readonly string[];
  /** Gateways that know this change reserve units. */
  readonly changeNumber: number;
}

/** Lends nothing of these quotas until `deleteQuotaOpening`. */
export async function insertQuotaOpenings(
  transaction: Transaction,
  { subscriptionId, organizationId, periodStart, meters, changeNumber }: QuotaOpenings,
  createdAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO quota_opening (subscription_id, meter, organization_id, period_start, change_number, created_at)
     SELECT $1, meter, $2, $3, $4, $5 FROM unnest($6::text[]) AS meter
     ON CONFLICT (subscription_id, meter) DO UPDATE
       SET period_start = $3, change_number = $4, known_at = NULL, created_at = $5`,
    [subscriptionId, organizationId, periodStart, changeNumber, createdAt, meters],
  );
}

/** Null when units may be lent. Of an earlier period it says nothing any more. */
export async function findQuotaOpening(
  transaction: Transaction,
  { subscriptionId, meter, periodStart }: QuotaPlace,
): Promise<MoneyCapOpening | null> {
  const [row] = await transaction.query<MoneyCapOpening>(
    `SELECT change_number::float8 AS "changeNumber", known_at AS "knownAt" FROM quota_opening
     WHERE subscription_id = $1 AND meter = $2 AND period_start = $3`,
    [subscriptionId, meter, periodStart],
  );
  return row ?? null;
}

export async function markQuotaKnown(
  transaction: Transaction,
  { subscriptionId, meter }: QuotaPlace,
  at: Date,
): Promise<void> {
  await transaction.query('UPDATE quota_opening SET known_at = $3 WHERE subscription_id = $1 AND meter = $2', [
    subscriptionId,
    meter,
    at,
  ]);
}

export async function deleteQuotaOpening(
  transaction: Transaction,
  { subscriptionId, meter }: QuotaPlace,
): Promise<void> {
  await transaction.query('DELETE FROM quota_opening WHERE subscription_id = $1 AND meter = $2', [
    subscriptionId,
    meter,
  ]);
}
