import type { Transaction } from '../database/unit-of-work.js';

/** Open leases of one gateway, as an operator sees them. */
export interface OpenLeases {
  readonly gatewayId: string;
  readonly state: 'running' | 'stopped' | null;
  readonly heartbeatAt: Date | null;
  readonly quotaLeases: number;
  /** Whole units of quotas. */
  readonly quotaUnits: string;
  readonly moneyLeases: number;
  /** Units under money caps; exact decimal. */
  readonly moneyUnits: string;
}

/** Who holds units of quotas and money caps, by gateway. */
export function listOpenLeases(transaction: Transaction): Promise<OpenLeases[]> {
  return transaction.query<OpenLeases>(
    `SELECT held.gateway_id AS "gatewayId", gateway.state, gateway.heartbeat_at AS "heartbeatAt",
       (count(*) FILTER (WHERE NOT is_money))::int AS "quotaLeases",
       trim_scale(coalesce(sum(units) FILTER (WHERE NOT is_money), 0))::text AS "quotaUnits",
       (count(*) FILTER (WHERE is_money))::int AS "moneyLeases",
       trim_scale(coalesce(sum(units) FILTER (WHERE is_money), 0))::text AS "moneyUnits"
     FROM (SELECT gateway_id, false AS is_money, granted::numeric AS units FROM quota_lease WHERE settled_at IS NULL
           UNION ALL SELECT gateway_id, true, granted_micro::numeric / 1000000 FROM money_lease WHERE settled_at IS NULL)
       AS held
     LEFT JOIN gateway ON gateway.id = held.gateway_id
     GROUP BY 1, 2, 3 ORDER BY 1`,
  );
}
