import type { UsageEvent } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** The last row of a stream that has no end. */
export type OpenStream = Omit<
  UsageEvent,
  'outcome' | 'attempts' | 'bytesIn' | 'bytesOut' | 'quantities' | 'estimated' | 'overrun'
>;

type OpenStreamRow = Omit<OpenStream, 'endedAtMs' | 'periodStartMs'> & {
  readonly endedAt: Date;
  readonly periodStart: Date | null;
};

/** Of every stream of the gateway that has a checkpoint of an epoch up to `lastEpoch` as its last row, that row. */
export async function listOpenStreams(
  transaction: Transaction,
  gatewayId: string,
  lastEpoch: number,
): Promise<OpenStream[]> {
  const rows = await transaction.query<OpenStreamRow>(
    `SELECT id, seq, ended_at AS "endedAt", gateway_id AS "gatewayId", mode, organization_id AS "organizationId",
       application_id AS "applicationId", credential_id AS "credentialId", subscription_id AS "subscriptionId",
       phase_id AS "phaseId", plan_version_id AS "planVersionId", period_start AS "periodStart",
       api_product_id AS "apiProductId", api_version_id AS "apiVersionId", operation, method, status, reason, billable,
       counts_to_quota AS "countsToQuota"
     FROM usage_event AS event
     WHERE gateway_id = $1 AND gateway_epoch <= $2 AND outcome = 'checkpoint' AND NOT EXISTS (
       SELECT FROM usage_event AS later WHERE later.id = event.id AND later.seq > event.seq)
     ORDER BY id`,
    [gatewayId, lastEpoch],
  );
  return rows.map(({ endedAt, periodStart, ...row }) => ({
    ...row,
    endedAtMs: endedAt.getTime(),
    periodStartMs: periodStart?.getTime() ?? null,
  }));
}
