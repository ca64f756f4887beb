import type { BillingPeriod } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from './period-key.js';
import { BillingPeriodEntity } from './subscription-entity.js';

/** Where a walk over the due periods stands: they are ordered by end, then subscription. */
export type DuePeriodCursor = Pick<BillingPeriod, 'endsAt' | 'subscriptionId'>;

/** The start and end of a period that may have to be created. */
export type PeriodBounds = Pick<BillingPeriod, 'subscriptionId' | 'organizationId' | 'startsAt' | 'endsAt'>;

/** Creates an open period, unless it exists in whatever state; true when it was created. */
export async function insertBillingPeriodIfMissing(transaction: Transaction, period: PeriodBounds): Promise<boolean> {
  return (await insertMissingBillingPeriods(transaction, [period])) === 1;
}

/**
 * Creates those of the periods that are missing, and returns how many. Names no constraint: two that insert at the same
 * instant may meet at either of the table's unique ones. In one order, so that two that insert several wait for each other
 * in one direction only.
 */
export async function insertMissingBillingPeriods(
  transaction: Transaction,
  periods: readonly PeriodBounds[],
): Promise<number> {
  const rows = await transaction.query(
    `INSERT INTO billing_period (subscription_id, organization_id, starts_at, ends_at, state)
     SELECT subscription_id, organization_id, starts_at, ends_at, 'open'
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
       AS period (subscription_id, organization_id, starts_at, ends_at)
     ORDER BY subscription_id, starts_at ON CONFLICT DO NOTHING RETURNING 1`,
    [
      periods.map(({ subscriptionId }) => subscriptionId),
      periods.map(({ organizationId }) => organizationId),
      periods.map(({ startsAt }) => startsAt),
      periods.map(({ endsAt }) => endsAt),
    ],
  );
  return rows.length;
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

/** Periods that are not closed and ended at `endedBy` or before, after the cursor, at most `limit`. */
export async function listDuePeriods(
  transaction: Transaction,
  endedBy: Date,
  { after, limit }: { readonly after: DuePeriodCursor | null; readonly limit: number },
): Promise<BillingPeriod[]> {
  const periods = transaction
    .repository(BillingPeriodEntity)
    .createQueryBuilder('period')
    .where(`period.state <> 'closed' AND period.endsAt <= :endedBy`, { endedBy })
    .orderBy('period.endsAt')
    .addOrderBy('period.subscriptionId')
    .limit(limit);
  if (after) periods.andWhere('(period.endsAt, period.subscriptionId) > (:endsAt, :subscriptionId)', after);
  return periods.getMany();
}

/**
 * Locks those of the periods that can be closed now: nobody adds usage to them until the transaction ends. Passed over are
 * periods that are closed, that somebody else is closing right now, and that follow one which is not closed.
 */
export async function lockPeriodsForClosing(
  transaction: Transaction,
  periods: readonly PeriodKey[],
): Promise<BillingPeriod[]> {
  const [subscriptionIds, starts] = periodKeyParameters(periods);
  return transaction
    .repository(BillingPeriodEntity)
    .createQueryBuilder('period')
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .where(
      `(period.subscriptionId, period.startsAt) IN (SELECT * FROM unnest(:subscriptionIds::uuid[], :starts::timestamptz[]))
       AND period.state <> 'closed' AND NOT EXISTS (
         SELECT FROM billing_period AS earlier
         WHERE earlier.subscription_id = period.subscription_id AND earlier.starts_at < period.starts_at
           AND earlier.state <> 'closed')`,
      { subscriptionIds, starts },
    )
    .orderBy('period.endsAt')
    .addOrderBy('period.subscriptionId')
    .getMany();
}

/** The period of a subscription that begins at an instant; null when there is none. */
export function findBillingPeriod(
  transaction: Transaction,
  subscriptionId: string,
  startsAt: Date,
): Promise<BillingPeriod | null> {
  return transaction.repository(BillingPeriodEntity).findOneBy({ subscriptionId, startsAt });
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

/** Closes periods for good: the database refuses every later change of them, and usage that settles in them. */
export async function closePeriodRows(
  transaction: Transaction,
  periods: readonly PeriodKey[],
  closedAt: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE billing_period SET state = 'closed', closed_at = $3, held_reason = NULL
     FROM unnest($1::uuid[], $2::timestamptz[]) AS closing (subscription_id, starts_at)
     WHERE billing_period.subscription_id = closing.subscription_id AND billing_period.starts_at = closing.starts_at`,
    [...periodKeyParameters(periods), closedAt],
  );
}

/** A period with the names that people know it by. */
export interface ListedPeriod extends BillingPeriod {
  readonly organization: { readonly id: string; readonly name: string };
  readonly product: { readonly id: string; readonly slug: string; readonly title: string };
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

/** A settled period with the name of who it is of. */
export interface ClosedPeriod extends SettledPeriod {
  readonly organizationName: string;
}

/** Periods that ended by an instant and were closed since another one, whoever closed them; oldest end first. */
export async function listPeriodsClosedSince(
  transaction: Transaction,
  { endedBy, since }: { readonly endedBy: Date; readonly since: Date },
): Promise<ClosedPeriod[]> {
  const rows = await transaction.query<Omit<ClosedPeriod, 'totalMinor'> & { readonly totalMinor: string }>(
    `SELECT period.subscription_id AS "subscriptionId", period.organization_id AS "organizationId",
            period.starts_at AS "periodStart", period.ends_at AS "periodEnd", invoice.id AS "invoiceId", invoice.number,
            coalesce(invoice.total_minor, 0) AS "totalMinor", invoice.currency, organization.name AS "organizationName"
     FROM billing_period period JOIN organization ON organization.id = period.organization_id
     LEFT JOIN invoice ON invoice.subscription_id = period.subscription_id AND invoice.period_start = period.starts_at
       AND invoice.kind = 'period' AND invoice.replaces_invoice_id IS NULL
     WHERE period.state = 'closed' AND period.ends_at <= $1 AND period.closed_at >= $2
     ORDER BY period.ends_at, period.subscription_id`,
    [endedBy, since],
  );
  return rows.map((row) => ({ ...row, totalMinor: BigInt(row.totalMinor) }));
}
