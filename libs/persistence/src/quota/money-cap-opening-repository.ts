import type { Transaction } from '../database/unit-of-work.js';

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

export async function readMoneyTerms(transaction: Transaction, subscriptionId: string): Promise<MoneyTerms> {
  const [row] = await transaction.query<{ cap: string | null; changeNumber: number | null; knownAt: Date | null }>(
    `SELECT money_cap_minor AS cap, change_number::float8 AS "changeNumber", known_at AS "knownAt"
     FROM subscription LEFT JOIN money_cap_opening ON subscription_id = subscription.id WHERE subscription.id = $1`,
    [subscriptionId],
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
