import type { Transaction } from '../database/unit-of-work.js';
import type { ExportSpan } from '../payment/payment-export-repository.js';

/** What a subscription used of a meter by an operation of an API version on one day (UTC). */
export interface UsageDay {
  readonly subscriptionId: string;
  readonly day: Date;
  readonly meter: string;
  readonly apiVersionId: string;
  readonly operation: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly productSlug: string;
  readonly apiSlug: string;
  readonly apiVersionName: string;
  readonly eventCount: bigint;
  readonly billableEventCount: bigint;
  /** Exact decimals. */
  readonly quantity: string;
  readonly billableQuantity: string;
}

/** The ids of subscriptions, in their order. */
export async function listSubscriptionIds(
  transaction: Transaction,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM subscription WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ id }) => id);
}

/** One page of the days of usage of these subscriptions in a span: by subscription, day, meter, version and operation. */
export async function listUsageDayPage(
  transaction: Transaction,
  subscriptionIds: readonly string[],
  { from, to }: ExportSpan,
  after: UsageDay | null,
  limit: number,
): Promise<UsageDay[]> {
  const rows = await transaction.query<
    Omit<UsageDay, 'eventCount' | 'billableEventCount'> & { eventCount: string; billableEventCount: string }
  >(
    `WITH summed AS (
       SELECT subscription_id, date_bin('1 day', bucket_at, 'epoch') AS day, meter, api_version_id, operation,
         sum(event_count) AS events, coalesce(sum(event_count) FILTER (WHERE billable), 0) AS billable_events,
         sum(quantity_sum) AS quantity, coalesce(sum(quantity_sum) FILTER (WHERE billable), 0) AS billable_quantity
       FROM usage_rollup
       WHERE subscription_id = ANY($1) AND ($2::timestamptz IS NULL OR bucket_at >= $2)
         AND ($3::timestamptz IS NULL OR bucket_at < $3)
         -- What lies before the last row need not be added up again.
         AND ($4::uuid IS NULL OR (subscription_id >= $4 AND (subscription_id > $4 OR bucket_at >= $5)))
       GROUP BY 1, 2, 3, 4, 5
     )
     SELECT summed.subscription_id AS "subscriptionId", day, meter, api_version_id AS "apiVersionId", operation,
       organization.id AS "organizationId", organization.name AS "organizationName", product.slug AS "productSlug",
       api.slug AS "apiSlug", api_version.name AS "apiVersionName", events AS "eventCount",
       billable_events AS "billableEventCount", trim_scale(quantity)::text AS quantity,
       trim_scale(billable_quantity)::text AS "billableQuantity"
     FROM summed JOIN subscription ON subscription.id = summed.subscription_id
     JOIN organization ON organization.id = subscription.organization_id
     JOIN api_product product ON product.id = subscription.api_product_id
     JOIN api_version ON api_version.id = api_version_id JOIN api ON api.id = api_version.api_id
     WHERE $4::uuid IS NULL
       OR (summed.subscription_id, day, meter, api_version_id, operation) > ($4, $5, $6::text, $7::uuid, $8::text)
     ORDER BY summed.subscription_id, day, meter, api_version_id, operation LIMIT $9`,
    [
      [...subscriptionIds],
      from,
      to,
      after?.subscriptionId ?? null,
      after?.day ?? null,
      after?.meter ?? null,
      after?.apiVersionId ?? null,
      after?.operation ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({
    ...row,
    eventCount: BigInt(row.eventCount),
    billableEventCount: BigInt(row.billableEventCount),
  }));
}
