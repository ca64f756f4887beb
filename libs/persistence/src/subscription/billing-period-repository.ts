import type { BillingPeriod, BillingPeriodState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { BillingPeriodEntity } from './subscription-entity.js';

/** Where a walk over the due periods stands: they are ordered by end, then subscription. */
export type DuePeriodCursor = Pick<BillingPeriod, 'endsAt' | 'subscriptionId'>;

/** The start and end of a period that may have to be created. */
export type PeriodBounds = Pick<BillingPeriod, 'subscriptionId' | 'organizationId' | 'startsAt' | 'endsAt'>;

/**
 * Creates an open period, unless it exists in whatever state; true when it was created. Names no constraint: two that
 * insert at the same instant may meet at either of the table's unique ones.
 */
export async function insertBillingPeriodIfMissing(transaction: Transaction, period: PeriodBounds): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO billing_period (subscription_id, organization_id, starts_at, ends_at, state)
     VALUES ($1, $2, $3, $4, 'open') ON CONFLICT DO NOTHING RETURNING 1`,
    [period.subscriptionId, period.organizationId, period.startsAt, period.endsAt],
  );
  return rows.length > 0;
}

/** Lets a period that is not closed end sooner than it would have. */
export async function shortenPeriod(transaction: Transaction, period: PeriodBounds): Promise<void> {
  await insertBillingPeriodIfMissing(transaction, period);
  await transaction.query(
    `UPDATE billing_period SET ends_at = $3
     WHERE subscription_id = $1 AND starts_at = $2 AND ends_at > $3 AND state <> 'closed'`,
    [period.subscriptionId, period.startsAt, period.endsAt],
  );
}

/** The next period that is not closed and ended at `endedBy` or before, after the cursor; null at the end of the walk. */
export async function findNextDuePeriod(
  transaction: Transaction,
  endedBy: Date,
  after: DuePeriodCursor | null,
): Promise<BillingPeriod | null> {
  const periods = transaction
    .repository(BillingPeriodEntity)
    .createQueryBuilder('period')
    .where(`period.state <> 'closed' AND period.endsAt <= :endedBy`, { endedBy })
    .orderBy('period.endsAt')
    .addOrderBy('period.subscriptionId');
  if (after) periods.andWhere('(period.endsAt, period.subscriptionId) > (:endsAt, :subscriptionId)', after);
  return periods.getOne();
}

/**
 * Locks a period that is not closed for closing it: nobody adds usage to it until the transaction ends. Null when it is
 * closed, or somebody else is closing it right now.
 */
export function lockPeriodForClosing(
  transaction: Transaction,
  subscriptionId: string,
  startsAt: Date,
): Promise<BillingPeriod | null> {
  return transaction
    .repository(BillingPeriodEntity)
    .createQueryBuilder('period')
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .where(`period.subscriptionId = :subscriptionId AND period.startsAt = :startsAt AND period.state <> 'closed'`, {
      subscriptionId,
      startsAt,
    })
    .getOne();
}

/** True while an earlier period of the subscription is not closed. */
export async function hasEarlierOpenPeriod(transaction: Transaction, period: BillingPeriod): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM billing_period WHERE subscription_id = $1 AND starts_at < $2 AND state <> 'closed')`,
    [period.subscriptionId, period.startsAt],
  );
  return row!.exists;
}

/** Marks a due period as held, with the reason; does nothing when it is closed or held for that reason already. */
export async function holdPeriod(transaction: Transaction, period: BillingPeriod, reason: string): Promise<void> {
  await transaction.query(
    `UPDATE billing_period SET state = 'incomplete', held_reason = $3
     WHERE subscription_id = $1 AND starts_at = $2 AND state <> 'closed'
       AND (state, held_reason) IS DISTINCT FROM ('incomplete', $3)`,
    [period.subscriptionId, period.startsAt, reason],
  );
}

/** Closes a period for good: the database refuses every later change of it, and usage that settles in it. */
export async function closePeriod(transaction: Transaction, period: BillingPeriod, closedAt: Date): Promise<void> {
  await transaction.query(
    `UPDATE billing_period SET state = 'closed', closed_at = $3, held_reason = NULL
     WHERE subscription_id = $1 AND starts_at = $2`,
    [period.subscriptionId, period.startsAt, closedAt],
  );
}

/** A period with the names that people know it by. */
export interface ListedPeriod extends BillingPeriod {
  readonly organization: { readonly id: string; readonly name: string };
  readonly product: { readonly id: string; readonly slug: string; readonly title: string };
}

/** Periods, the latest end first, at most `limit`; of one state when given. */
export async function listBillingPeriods(
  transaction: Transaction,
  { state, limit }: { readonly state?: BillingPeriodState | undefined; readonly limit: number },
): Promise<ListedPeriod[]> {
  return transaction.query<ListedPeriod>(
    `SELECT period.subscription_id AS "subscriptionId", period.organization_id AS "organizationId",
            period.starts_at AS "startsAt", period.ends_at AS "endsAt", period.state, period.closed_at AS "closedAt",
            period.held_reason AS "heldReason",
            json_build_object('id', organization.id, 'name', organization.name) AS organization,
            json_build_object('id', product.id, 'slug', product.slug, 'title', product.title) AS product
     FROM billing_period period
     JOIN organization ON organization.id = period.organization_id
     JOIN subscription ON subscription.id = period.subscription_id
     JOIN api_product product ON product.id = subscription.api_product_id
     WHERE $1::text IS NULL OR period.state = $1
     ORDER BY period.ends_at DESC, period.subscription_id LIMIT $2`,
    [state ?? null, limit],
  );
}

/** A closed period and what its invoice came to; without an invoice the last four are null, null, 0 and null. */
export interface SettledPeriod {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly invoiceId: string | null;
  readonly number: string | null;
  readonly totalMinor: bigint;
  readonly currency: string | null;
}

/** Periods that ended by an instant and were closed since another one, whoever closed them; oldest end first. */
export async function listPeriodsClosedSince(
  transaction: Transaction,
  { endedBy, since }: { readonly endedBy: Date; readonly since: Date },
): Promise<SettledPeriod[]> {
  const rows = await transaction.query<Omit<SettledPeriod, 'totalMinor'> & { readonly totalMinor: string }>(
    `SELECT period.subscription_id AS "subscriptionId", period.organization_id AS "organizationId",
            period.starts_at AS "periodStart", period.ends_at AS "periodEnd", invoice.id AS "invoiceId", invoice.number,
            coalesce(invoice.total_minor, 0) AS "totalMinor", invoice.currency
     FROM billing_period period
     LEFT JOIN invoice ON invoice.subscription_id = period.subscription_id AND invoice.period_start = period.starts_at
     WHERE period.state = 'closed' AND period.ends_at <= $1 AND period.closed_at >= $2
     ORDER BY period.ends_at, period.subscription_id`,
    [endedBy, since],
  );
  return rows.map((row) => ({ ...row, totalMinor: BigInt(row.totalMinor) }));
}
