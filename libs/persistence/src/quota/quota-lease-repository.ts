import type { Transaction } from '../database/unit-of-work.js';
import { findUsageSpan } from '../usage/usage-span.js';

const QUOTA_LOCK = 7_140_003;

/** The channel on which a gateway that found nothing left asks the others for units that they do not need. */
export const QUOTA_CHANNEL = 'tollgate_quota';

/** One quota: the units of a meter in a period of a subscription. */
export interface QuotaPlace {
  readonly subscriptionId: string;
  readonly meter: string;
  readonly periodStart: Date;
}

/** What units are wanted of: a quota, or with a phase the money cap that its meter shares. */
export interface WantedPlace extends QuotaPlace {
  readonly phaseId?: string;
  /** The gateway that asks for more of these very units: it has none of them to give back. */
  readonly wantedBy?: string;
}

export interface OwnedQuotaPlace extends QuotaPlace {
  readonly organizationId: string;
}

export interface QuotaLeaseRow extends OwnedQuotaPlace {
  readonly id: string;
  readonly gatewayId: string;
  readonly gatewayEpoch: number;
  readonly granted: number;
}

export interface QuotaBalance {
  /** Units of settled leases that were used. */
  readonly used: number;
  /** Units of open leases. */
  readonly lent: number;
}

/** Lets one transaction at a time lend units of this quota, until it ends. Call it before anything is read. */
export async function lockQuota(transaction: Transaction, place: QuotaPlace): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [QUOTA_LOCK, lockNameOf(place)]);
}

/** As `lockQuota`, of several quotas: in the same order whoever asks, so that nobody deadlocks. */
export async function lockQuotas(transaction: Transaction, places: readonly QuotaPlace[]): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock($1, number)
     FROM (SELECT DISTINCT hashtext(name) AS number FROM unnest($2::text[]) AS name ORDER BY 1) AS quota`,
    [QUOTA_LOCK, places.map(lockNameOf)],
  );
}

/**
 * As `lockQuota` of those quotas that nobody holds, without waiting; left out are, besides, quotas that have to be opened first, those
 * whose subscription is being changed, and all but the first of the same quota. Returns the positions of those that are locked, in their order.
 */
export async function lockFreeQuotas(
  transaction: Transaction,
  places: readonly OwnedQuotaPlace[],
): Promise<readonly number[]> {
  const names = places.map(lockNameOf);
  const rows = await transaction.query<{ index: number }>(
    `SELECT quota.index
     FROM unnest($2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[])
            AS quota (index, name, organization_id, subscription_id, meter, period_start)
     JOIN subscription ON subscription.organization_id = quota.organization_id AND subscription.id = quota.subscription_id
     WHERE NOT EXISTS (SELECT FROM quota_opening AS opening
                       WHERE opening.subscription_id = quota.subscription_id AND opening.meter = quota.meter
                         AND opening.period_start = quota.period_start)
       AND pg_try_advisory_xact_lock($1, hashtext(quota.name))
     FOR KEY SHARE OF subscription SKIP LOCKED`,
    [
      QUOTA_LOCK,
      places.map((_, index) => index),
      names,
      places.map(({ organizationId }) => organizationId),
      places.map(({ subscriptionId }) => subscriptionId),
      places.map(({ meter }) => meter),
      places.map(({ periodStart }) => periodStart),
    ],
  );
  const locked = rows.map(({ index }) => index).toSorted((one, other) => one - other);
  return locked.filter((index) => names.indexOf(names[index]!) === index);
}

/** Of each quota, in their order. */
export async function readQuotaBalances(
  transaction: Transaction,
  places: readonly QuotaPlace[],
): Promise<QuotaBalance[]> {
  const rows = await transaction.query<{ used: string; lent: string }>(
    `SELECT coalesce(sum(used), 0) AS used, coalesce(sum(granted) FILTER (WHERE settled_at IS NULL), 0) AS lent
     FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
            WITH ORDINALITY AS quota (subscription_id, meter, period_start, position)
     LEFT JOIN quota_lease USING (subscription_id, meter, period_start)
     GROUP BY position ORDER BY position`,
    [
      places.map(({ subscriptionId }) => subscriptionId),
      places.map(({ meter }) => meter),
      places.map(({ periodStart }) => periodStart),
    ],
  );
  return rows.map(({ used, lent }) => ({ used: Number(used), lent: Number(lent) }));
}

export async function insertQuotaLeases(
  transaction: Transaction,
  leases: readonly QuotaLeaseRow[],
  createdAt: Date,
): Promise<void> {
  if (leases.length === 0) return;
  await transaction.query(
    `INSERT INTO quota_lease
       (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch, granted, created_at)
     SELECT *, $9::timestamptz
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::bigint[], $8::bigint[])`,
    [
      leases.map(({ id }) => id),
      leases.map(({ organizationId }) => organizationId),
      leases.map(({ subscriptionId }) => subscriptionId),
      leases.map(({ meter }) => meter),
      leases.map(({ periodStart }) => periodStart),
      leases.map(({ gatewayId }) => gatewayId),
      leases.map(({ gatewayEpoch }) => gatewayEpoch),
      leases.map(({ granted }) => granted),
      createdAt,
    ],
  );
}

/** Ends open leases with what was used of them; ended ones stay as they are. */
export async function settleQuotaLeases(
  transaction: Transaction,
  leases: readonly { readonly id: string; readonly used: number }[],
  settledAt: Date,
): Promise<void> {
  if (leases.length === 0) return;
  await transaction.query(
    `UPDATE quota_lease SET used = settled.used, settled_at = $3
     FROM unnest($1::uuid[], $2::bigint[]) AS settled (id, used)
     WHERE quota_lease.id = settled.id AND settled_at IS NULL`,
    [leases.map(({ id }) => id), leases.map(({ used }) => used), settledAt],
  );
}

/** Ends as unused the open leases of a quota that an epoch of a gateway has, but for the `known`. */
export async function endUnknownQuotaLeases(
  transaction: Transaction,
  { subscriptionId, meter, periodStart }: QuotaPlace,
  { gatewayId, gatewayEpoch }: Pick<QuotaLeaseRow, 'gatewayId' | 'gatewayEpoch'>,
  known: readonly string[],
  settledAt: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE quota_lease SET used = 0, settled_at = $7
     WHERE subscription_id = $1 AND meter = $2 AND period_start = $3 AND gateway_id = $4 AND gateway_epoch = $5
       AND settled_at IS NULL AND id <> ALL ($6::uuid[])`,
    [subscriptionId, meter, periodStart, gatewayId, gatewayEpoch, known, settledAt],
  );
}

/** Makes an open lease smaller; never larger. */
export async function shrinkQuotaLease(transaction: Transaction, id: string, granted: number): Promise<void> {
  await transaction.query('UPDATE quota_lease SET granted = $2 WHERE id = $1 AND granted > $2 AND settled_at IS NULL', [
    id,
    granted,
  ]);
}

/** Tells the other gateways, when the transaction commits, that units of this quota are wanted. */
export async function notifyQuotaWanted(transaction: Transaction, place: WantedPlace): Promise<void> {
  const wanted = { ...place, periodStart: place.periodStart.getTime() };
  await transaction.query('SELECT pg_notify($1, $2)', [QUOTA_CHANNEL, JSON.stringify(wanted)]);
}

/** The quota that a notification on `QUOTA_CHANNEL` is about; null when it is none of ours. */
export function parseQuotaWanted(payload: string): WantedPlace | null {
  try {
    const { subscriptionId, meter, periodStart, phaseId, wantedBy } = JSON.parse(payload) as Record<string, unknown>;
    if (typeof subscriptionId !== 'string' || typeof meter !== 'string' || typeof periodStart !== 'number') return null;
    const place = { subscriptionId, meter, periodStart: new Date(periodStart) };
    return {
      ...place,
      ...(typeof phaseId === 'string' && { phaseId }),
      ...(typeof wantedBy === 'string' && { wantedBy }),
    };
  } catch {
    return null;
  }
}

/** Open leases that epochs of a gateway up to `lastEpoch` have left, oldest first, at most `limit`. */
export async function listLeasesLeftOpen(
  transaction: Transaction,
  gatewayId: string,
  lastEpoch: number,
  limit: number,
): Promise<QuotaLeaseRow[]> {
  const rows = await transaction.query<
    Omit<QuotaLeaseRow, 'gatewayEpoch' | 'granted'> & { gatewayEpoch: string; granted: string }
  >(
    `SELECT id, organization_id AS "organizationId", subscription_id AS "subscriptionId", meter,
            period_start AS "periodStart", gateway_id AS "gatewayId", gateway_epoch AS "gatewayEpoch", granted
     FROM quota_lease WHERE gateway_id = $1 AND gateway_epoch <= $2 AND settled_at IS NULL
     ORDER BY gateway_epoch, subscription_id, meter, period_start, created_at, id LIMIT $3`,
    [gatewayId, lastEpoch, limit],
  );
  return rows.map((row) => ({ ...row, gatewayEpoch: Number(row.gatewayEpoch), granted: Number(row.granted) }));
}

/** Of a quota and an epoch of a gateway: units that its requests have used, as the ledger has them, rounded up; and how many settled leases cover. */
export interface UseOfEpoch {
  readonly inLedger: number;
  readonly settled: number;
}

/** What requests through this epoch of the gateway have used of each quota, in their order. */
export async function readUseOfEpoch(
  transaction: Transaction,
  { gatewayId, gatewayEpoch }: Pick<QuotaLeaseRow, 'gatewayId' | 'gatewayEpoch'>,
  places: readonly QuotaPlace[],
): Promise<UseOfEpoch[]> {
  const span = await findUsageSpan(transaction, places);
  const rows = await transaction.query<{ inLedger: string; settled: string }>(
    `SELECT (SELECT ceil(coalesce(sum((quantities ->> quota.meter)::numeric), 0)) FROM usage_event AS event
             WHERE gateway_id = $1 AND gateway_epoch = $2 AND event.subscription_id = quota.subscription_id
               AND event.period_start = quota.period_start AND counts_to_quota AND quantities ? quota.meter
               AND event.id >= $6 AND event.id < $7) AS "inLedger",
            (SELECT coalesce(sum(used), 0) FROM quota_lease AS lease
             WHERE gateway_id = $1 AND gateway_epoch = $2 AND lease.subscription_id = quota.subscription_id
               AND lease.meter = quota.meter AND lease.period_start = quota.period_start
               AND settled_at IS NOT NULL) AS settled
     FROM unnest($3::uuid[], $4::text[], $5::timestamptz[])
            WITH ORDINALITY AS quota (subscription_id, meter, period_start, position)
     ORDER BY position`,
    [
      gatewayId,
      gatewayEpoch,
      places.map(({ subscriptionId }) => subscriptionId),
      places.map(({ meter }) => meter),
      places.map(({ periodStart }) => periodStart),
      span?.from ?? null,
      span?.below ?? null,
    ],
  );
  return rows.map(({ inLedger, settled }) => ({ inLedger: Number(inLedger), settled: Number(settled) }));
}

function lockNameOf({ subscriptionId, meter, periodStart }: QuotaPlace): string {
  return `${subscriptionId} ${periodStart.getTime()} ${meter}`;
}
