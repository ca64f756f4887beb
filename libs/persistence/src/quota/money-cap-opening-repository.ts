import type { Transaction } from '../database/unit-of-work.js';
import type { MoneyPlace } from './money-lease-repository.js';

/** A cap under which nothing is lent until the ledger has what was used before the gateways knew of it. */
export interface MoneyCapOpening {
  readonly changeNumber: number;
  /** When every gateway knew of the cap; null before. */
  readonly knownAt: Date | null;
}

/** What a subscription may spend. */
export interface MoneyTerms {
  /** In minor units; null for no cap, or no such subscription. */
  readonly capMinor: bigint | null;
  /** Null once units may be lent. */
  readonly opening: MoneyCapOpening | null;
}

/**
 * What the usage of a period may cost: the subscription's cap, and where the phase's plan stops with the prepaid credits no
 * more than those that pay all meters of the period.
 */
export async function readMoneyTerms(
  transaction: Transaction,
  { subscriptionId, periodStart }: MoneyPlace,
  phaseId: string,
): Promise<MoneyTerms> {
  const [row] = await transaction.query<{ cap: string | null; changeNumber: number | null; knownAt: Date | null }>(
    `SELECT least(money_cap_minor, CASE WHEN plan_version.definition->>'whenCreditsRunOut' = 'stop' THEN
         (SELECT coalesce(sum(remaining_minor), 0)::bigint FROM credit_grant
          WHERE credit_grant.organization_id = subscription.organization_id
            AND credit_grant.seller_slug = publisher_team.seller_slug
            AND credit_grant.currency = plan_version.definition->>'currency' AND remaining_minor > 0
            AND coalesce(credit_grant.api_product_id, subscription.api_product_id) = subscription.api_product_id AND meter IS NULL
            AND coalesce(expires_at >= (SELECT ends_at FROM billing_period
              WHERE subscription_id = subscription.id AND starts_at = $2), expires_at IS NULL)) END) AS cap,
       change_number::float8 AS "changeNumber", known_at AS "knownAt"
     FROM subscription LEFT JOIN money_cap_opening ON subscription_id = subscription.id
     JOIN api_product ON api_product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
     LEFT JOIN subscription_phase phase ON phase.id = $3
     LEFT JOIN plan_version ON plan_version.id = phase.plan_version_id
     WHERE subscription.id = $1`,
    [subscriptionId, periodStart, phaseId],
  );
  if (!row) return { capMinor: null, opening: null };
  const { cap, changeNumber, knownAt } = row;
  return {
    capMinor: cap === null ? null : BigInt(cap),
    opening: changeNumber === null ? null : { changeNumber, knownAt },
  };
}

/** Lends nothing under the cap until `deleteMoneyCapOpening`. */
export async function insertMoneyCapOpening(
  transaction: Transaction,
  opening: { readonly subscriptionId: string; readonly organizationId: string; readonly changeNumber: number },
  createdAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO money_cap_opening (subscription_id, organization_id, change_number, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (subscription_id) DO UPDATE SET change_number = $3, known_at = NULL, created_at = $4`,
    [opening.subscriptionId, opening.organizationId, opening.changeNumber, createdAt],
  );
}

export async function markMoneyCapKnown(transaction: Transaction, subscriptionId: string, at: Date): Promise<void> {
  await transaction.query('UPDATE money_cap_opening SET known_at = $2 WHERE subscription_id = $1', [
    subscriptionId,
    at,
  ]);
}

export async function deleteMoneyCapOpening(transaction: Transaction, subscriptionId: string): Promise<void> {
  await transaction.query('DELETE FROM money_cap_opening WHERE subscription_id = $1', [subscriptionId]);
}

/** How far a gateway that was heard of lately is. */
export interface GatewayProgress {
  readonly isRunning: boolean;
  readonly heartbeatAt: Date;
  readonly admittedThrough: Date;
  readonly snapshotNumber: number;
  /** The ledger has every segment that it said it had sealed. */
  readonly isShipped: boolean;
}

export function readGatewayProgress(transaction: Transaction, since: Date): Promise<GatewayProgress[]> {
  return transaction.query<GatewayProgress>(
    `SELECT state = 'running' AS "isRunning", heartbeat_at AS "heartbeatAt", admitted_through AS "admittedThrough",
            snapshot_number::float8 AS "snapshotNumber",
            sealed_segment <= (SELECT count(*) FROM segment_manifest
             WHERE gateway_id = gateway.id AND epoch = gateway.epoch AND segment <= gateway.sealed_segment) AS "isShipped"
     FROM gateway WHERE heartbeat_at > $1`,
    [since],
  );
}
