import type { DistinctValue } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { UsedPeriod } from './usage-span.js';

/** What is known of a subscription that usage may be reported for. */
export interface ReportableSubscription {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly productSlug: string;
  readonly anchorAt: Date;
  /** The newest version of the product's first API, which reported usage is shown under; the product itself without one. */
  readonly apiVersionId: string;
  readonly meters: readonly { readonly slug: string; readonly distinctValue: DistinctValue | null }[];
  /** In the order of their start. */
  readonly phases: readonly {
    readonly id: string;
    readonly planVersionId: string;
    readonly startsAt: Date;
    readonly endsAt: Date | null;
  }[];
}

export interface ReportedEventRow {
  readonly organizationId: string;
  readonly publisherTeamId: string;
  readonly source: string;
  readonly id: string;
  readonly contentHash: Buffer;
  readonly usageEventId: string;
}

/** The subscriptions to products of the publisher team that have one of these ids, or whose application has, the oldest first. */
export async function findReportableSubscriptions(
  transaction: Transaction,
  publisherTeamId: string,
  ids: readonly string[],
): Promise<ReportableSubscription[]> {
  const rows = await transaction.query<
    Omit<ReportableSubscription, 'phases'> & {
      phases: readonly { id: string; planVersionId: string; startsAt: string; endsAt: string | null }[];
    }
  >(
    `SELECT subscription.id, subscription.organization_id AS "organizationId", subscription.application_id AS "applicationId",
       subscription.api_product_id AS "apiProductId", api_product.slug AS "productSlug", subscription.anchor_at AS "anchorAt",
       coalesce((SELECT api_version.id FROM api_product_api JOIN api_version USING (api_id)
        WHERE api_product_api.api_product_id = subscription.api_product_id
        ORDER BY api_id, api_version.position DESC, api_version.created_at DESC LIMIT 1), subscription.api_product_id) AS "apiVersionId",
       (SELECT coalesce(json_agg(json_build_object('slug', slug, 'distinctValue', distinct_value) ORDER BY slug), '[]') FROM meter WHERE meter.api_product_id = subscription.api_product_id) AS meters,
       (SELECT json_agg(json_build_object('id', id, 'planVersionId', plan_version_id, 'startsAt', starts_at, 'endsAt', ends_at)
          ORDER BY starts_at)
        FROM subscription_phase WHERE subscription_id = subscription.id) AS phases
     FROM subscription JOIN api_product ON api_product.id = subscription.api_product_id
     WHERE (subscription.id = ANY($1::uuid[]) OR subscription.application_id = ANY($1::uuid[])) AND api_product.publisher_team_id = $2
       AND subscription.state <> 'pending_approval'
     ORDER BY subscription.id`,
    [ids, publisherTeamId],
  );
  return rows.map(({ phases, ...row }) => ({
    ...row,
    phases: phases.map(({ id, planVersionId, startsAt, endsAt }) => ({
      id,
      planVersionId,
      startsAt: new Date(startsAt),
      endsAt: endsAt === null ? null : new Date(endsAt),
    })),
  }));
}

/** Takes the next number of a segment of reports; whoever else wants one waits until the transaction ends. */
export async function takeReportSegment(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ segment: string }>(
    `WITH taken AS (UPDATE report_counter SET last_segment = last_segment + 1 RETURNING last_segment)
     SELECT last_segment AS segment FROM taken`,
  );
  return Number(row!.segment);
}

/** The number of the last segment of reports that is in the ledger; 0 for none. */
export async function lastReportSegment(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ segment: string }>(`SELECT last_segment AS segment FROM report_counter`);
  return Number(row!.segment);
}

/** The periods that the segments of reports after one of them, up to another, have usage of. */
export function listReportedPeriods(
  transaction: Transaction,
  { gatewayId, after, upTo }: { readonly gatewayId: string; readonly after: number; readonly upTo: number },
): Promise<UsedPeriod[]> {
  return transaction.query(
    `SELECT DISTINCT subscription_id AS "subscriptionId", period_start AS "periodStart" FROM usage_event
     WHERE gateway_id = $1 AND gateway_epoch = 1 AND segment > $2 AND segment <= $3`,
    [gatewayId, after, upTo],
  );
}

/** Those of the events that the publisher team has reported before. */
export function findReportedEvents(
  transaction: Transaction,
  publisherTeamId: string,
  keys: readonly Pick<ReportedEventRow, 'organizationId' | 'source' | 'id'>[],
): Promise<ReportedEventRow[]> {
  return transaction.query(
    `SELECT organization_id AS "organizationId", publisher_team_id AS "publisherTeamId", source, id,
       content_hash AS "contentHash", usage_event_id AS "usageEventId"
     FROM reported_event JOIN unnest($2::uuid[], $3::text[], $4::text[]) AS wanted (organization_id, source, id)
       USING (organization_id, source, id)
     WHERE publisher_team_id = $1`,
    [publisherTeamId, keys.map((key) => key.organizationId), keys.map((key) => key.source), keys.map((key) => key.id)],
  );
}

/** Writes down that these events are counted, under their names. */
export async function insertReportedEvents(transaction: Transaction, rows: readonly ReportedEventRow[]): Promise<void> {
  await transaction.query(
    `INSERT INTO reported_event (organization_id, publisher_team_id, source, id, content_hash, usage_event_id)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::uuid[])`,
    [
      rows.map((row) => row.organizationId),
      rows.map((row) => row.publisherTeamId),
      rows.map((row) => row.source),
      rows.map((row) => row.id),
      rows.map((row) => row.contentHash),
      rows.map((row) => row.usageEventId),
    ],
  );
}
