import type { Transaction } from '../database/unit-of-work.js';
import { findUsageSpan } from '../usage/usage-span.js';
import type { QuotaPlace } from './quota-lease-repository.js';

/** What one epoch of a gateway has used of a quota: by the ledger, and by its leases. Whole units. */
export interface QuotaUseOfEpoch {
  readonly gatewayId: string;
  readonly gatewayEpoch: number;
  readonly inLedger: number;
  /** Of settled leases. */
  readonly used: number;
  /** In open leases. */
  readonly lent: number;
  /** Nothing more of it will come to the ledger. */
  readonly isOver: boolean;
}

/** By gateway and epoch, what the ledger and the leases say of a quota. Lock the quota before. */
export async function listQuotaUseByEpoch(transaction: Transaction, place: QuotaPlace): Promise<QuotaUseOfEpoch[]> {
  const span = await findUsageSpan(transaction, [place]);
  return transaction.query<QuotaUseOfEpoch>(
    `WITH ledger AS (
       SELECT gateway_id, gateway_epoch, ceil(sum((quantities ->> $2)::numeric)) AS units FROM usage_event
       WHERE subscription_id = $1 AND period_start = $3 AND counts_to_quota AND quantities ? $2
         AND id >= $4 AND id < $5 GROUP BY 1, 2),
     lease AS (
       SELECT gateway_id, gateway_epoch, coalesce(sum(used), 0) AS used,
              coalesce(sum(granted) FILTER (WHERE settled_at IS NULL), 0) AS lent
       FROM quota_lease WHERE subscription_id = $1 AND meter = $2 AND period_start = $3 GROUP BY 1, 2)
     SELECT gateway_id AS "gatewayId", gateway_epoch::float8 AS "gatewayEpoch", coalesce(units, 0)::float8 AS "inLedger",
       coalesce(used, 0)::float8 AS used, coalesce(lent, 0)::float8 AS lent,
       -- A watermark past the start of a later epoch says that the ledger has all of the earlier ones.
       coalesce(CASE WHEN gateway.epoch > gateway_epoch THEN gateway.admitted_through >= gateway.started_at
         ELSE gateway.state = 'stopped' AND gateway.sealed_segment <= (SELECT count(*) FROM segment_manifest
           WHERE segment_manifest.gateway_id = gateway.id AND epoch = gateway.epoch AND segment <= gateway.sealed_segment)
         END, false) AS "isOver"
     FROM ledger FULL JOIN lease USING (gateway_id, gateway_epoch) LEFT JOIN gateway ON gateway.id = gateway_id
     ORDER BY 1, 2`,
    [place.subscriptionId, place.meter, place.periodStart, span?.from ?? null, span?.below ?? null],
  );
}

/** Counts units that no lease covers, as a lease that is used up. */
export async function insertUsedQuota(
  transaction: Transaction,
  place: QuotaPlace & { readonly id: string; readonly organizationId: string },
  { gatewayId, gatewayEpoch, units }: { gatewayId: string; gatewayEpoch: number; units: number },
  at: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO quota_lease (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch, granted,
       used, created_at, settled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $9)`,
    [
      place.id,
      place.organizationId,
      place.subscriptionId,
      place.meter,
      place.periodStart,
      gatewayId,
      gatewayEpoch,
      units,
      at,
    ],
  );
}

/** Takes units out of the settled leases of an epoch, the newest first. */
export async function lowerUsedQuota(
  transaction: Transaction,
  place: QuotaPlace,
  { gatewayId, gatewayEpoch, units }: { gatewayId: string; gatewayEpoch: number; units: number },
): Promise<void> {
  await transaction.query(
    `UPDATE quota_lease SET used = used - least(used, greatest(0, $6 - before))
     FROM (SELECT id, sum(used) OVER (ORDER BY created_at DESC, id DESC) - used AS before FROM quota_lease
           WHERE gateway_id = $1 AND gateway_epoch = $2 AND subscription_id = $3 AND meter = $4 AND period_start = $5
             AND settled_at IS NOT NULL) AS newer
     WHERE newer.id = quota_lease.id`,
    [gatewayId, gatewayEpoch, place.subscriptionId, place.meter, place.periodStart, units],
  );
}
