import type { MeteredPrice, PlanDefinition } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** What the provider has for a phase of a subscription; `provider` is null until it has it. */
export interface StoredMeteredSubscription {
  readonly id: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly phaseId: string;
  readonly planVersionId: string;
  readonly endsWithPeriod: boolean;
  readonly endedAt: Date | null;
  readonly provider: MeteredProviderIds | null;
}

export interface MeteredProviderIds {
  readonly customerId: string;
  readonly subscriptionId: string;
  /** By meter. */
  readonly prices: Readonly<Record<string, MeteredPrice>>;
  readonly startedAt: Date;
}

/** A phase whose usage the provider rates, and what it has for it. */
export interface MeteredPhase {
  readonly phaseId: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly planTitle: string;
  readonly definition: PlanDefinition;
  readonly anchorAt: Date;
  readonly startsAt: Date;
  /** When the phase or the subscription ends; null for never. */
  readonly endsAt: Date | null;
  readonly paysByCard: boolean;
  readonly metered: StoredMeteredSubscription | null;
}

type Row = Omit<MeteredPhase, 'metered'> &
  Omit<StoredMeteredSubscription, 'id' | 'provider'> & {
    readonly meteredId: string | null;
    readonly providerCustomerId: string;
    readonly providerSubscriptionId: string | null;
    readonly prices: MeteredProviderIds['prices'];
    readonly startedAt: Date;
  };

const PHASES = `
  SELECT phase.id AS "phaseId", phase.organization_id AS "organizationId", phase.subscription_id AS "subscriptionId",
    phase.plan_version_id AS "planVersionId", plan.title AS "planTitle", plan_version.definition,
    subscription.anchor_at AS "anchorAt", phase.starts_at AS "startsAt",
    least(phase.ends_at, subscription.canceled_at, subscription.cancel_at) AS "endsAt",
    organization.payment_method = 'card' AS "paysByCard",
    metered.id AS "meteredId", metered.ends_with_period AS "endsWithPeriod", metered.ended_at AS "endedAt",
    metered.provider_customer_id AS "providerCustomerId", metered.provider_subscription_id AS "providerSubscriptionId",
    metered.prices, metered.started_at AS "startedAt"
  FROM plan_version JOIN plan ON plan.id = plan_version.plan_id
    JOIN subscription_phase AS phase ON phase.plan_version_id = plan_version.id
    JOIN subscription ON subscription.id = phase.subscription_id
    JOIN organization ON organization.id = phase.organization_id
    LEFT JOIN metered_subscription AS metered ON metered.phase_id = phase.id
  WHERE plan_version.definition ->> 'rating' = 'stripe'`;

function toPhase(row: Row): MeteredPhase {
  const {
    meteredId,
    endsWithPeriod,
    endedAt,
    providerCustomerId,
    providerSubscriptionId,
    prices,
    startedAt,
    ...phase
  } = row;
  if (meteredId === null) return { ...phase, metered: null };
  const { organizationId, subscriptionId, phaseId, planVersionId } = phase;
  const provider =
    providerSubscriptionId === null
      ? null
      : { customerId: providerCustomerId, subscriptionId: providerSubscriptionId, prices, startedAt };
  const stored = { id: meteredId, organizationId, subscriptionId, phaseId, planVersionId };
  return { ...phase, metered: { ...stored, endsWithPeriod, endedAt, provider } };
}

/**
 * One page of the phases that the provider may have to be told of at an instant: those in force, and those that it has a
 * subscription for which has not ended. By id, from after `after` on.
 */
export async function listMeteredPhases(
  transaction: Transaction,
  at: Date,
  after: string | null,
  limit: number,
): Promise<MeteredPhase[]> {
  const rows = await transaction.query<Row>(
    `${PHASES} AND NOT phase.is_trial AND subscription.state <> 'pending_approval' AND phase.starts_at <= $1
       AND phase.ends_at IS DISTINCT FROM phase.starts_at
       AND metered.ended_at IS NULL
       AND (metered.id IS NOT NULL OR coalesce(least(phase.ends_at, subscription.canceled_at, subscription.cancel_at) > $1, true))
       AND ($2::uuid IS NULL OR phase.id > $2)
     ORDER BY phase.id LIMIT $3`,
    [at, after, limit],
  );
  return rows.map(toPhase);
}

/** The phases whose usage of its own period an invoice bills, of those that the provider has, or is asked for, a subscription for. */
export async function listMeteredPhasesOfInvoice(transaction: Transaction, invoiceId: string): Promise<MeteredPhase[]> {
  const rows = await transaction.query<Row>(
    `${PHASES} AND metered.id IS NOT NULL AND phase.id IN (
       SELECT line.phase_id FROM invoice_line AS line JOIN invoice ON invoice.id = line.invoice_id
       WHERE invoice.id = $1 AND line.kind = 'usage' AND line.period_start = invoice.period_start)
     ORDER BY phase.starts_at`,
    [invoiceId],
  );
  return rows.map(toPhase);
}

/** Those of the invoices that bill usage of a phase which the provider has a subscription for. */
export async function listMeteredInvoiceIds(
  transaction: Transaction,
  invoiceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT line.invoice_id AS id FROM invoice_line AS line
       JOIN metered_subscription AS metered ON metered.phase_id = line.phase_id
     WHERE line.invoice_id = ANY ($1) AND line.kind = 'usage'`,
    [[...invoiceIds]],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Writes down that the provider is to have a subscription for a phase; does nothing when it is written already, or when the
 * organization has another one of the plan version that has not ended.
 */
export async function insertMeteredSubscription(
  transaction: Transaction,
  metered: Pick<StoredMeteredSubscription, 'id' | 'organizationId' | 'subscriptionId' | 'phaseId' | 'planVersionId'> & {
    readonly createdAt: Date;
  },
): Promise<void> {
  await transaction.query(
    `INSERT INTO metered_subscription (id, organization_id, subscription_id, phase_id, plan_version_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      metered.id,
      metered.organizationId,
      metered.subscriptionId,
      metered.phaseId,
      metered.planVersionId,
      metered.createdAt,
    ],
  );
}

/** Our id of what the provider has, or is to have, for a phase; null when it is to have nothing. */
export async function findMeteredSubscriptionId(transaction: Transaction, phaseId: string): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>('SELECT id FROM metered_subscription WHERE phase_id = $1', [
    phaseId,
  ]);
  return row?.id ?? null;
}

export async function saveMeteredProviderIds(
  transaction: Transaction,
  id: string,
  { customerId, subscriptionId, prices, startedAt }: MeteredProviderIds,
): Promise<void> {
  await transaction.query(
    `UPDATE metered_subscription SET provider_customer_id = $2, provider_subscription_id = $3, prices = $4, started_at = $5
     WHERE id = $1 AND provider_subscription_id IS NULL`,
    [id, customerId, subscriptionId, JSON.stringify(prices), startedAt],
  );
}

export async function markEndsWithPeriod(transaction: Transaction, id: string, endsWithPeriod: boolean): Promise<void> {
  await transaction.query('UPDATE metered_subscription SET ends_with_period = $2 WHERE id = $1', [id, endsWithPeriod]);
}

export async function markMeteredEnded(transaction: Transaction, id: string, endedAt: Date): Promise<void> {
  await transaction.query('UPDATE metered_subscription SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL', [
    id,
    endedAt,
  ]);
}

/** Takes the right to report the usage of a subscription until an instant; false while somebody else has it. */
export async function claimReporting(
  transaction: Transaction,
  id: string,
  { at, until }: { readonly at: Date; readonly until: Date },
): Promise<boolean> {
  const [row] = await transaction.query<{ claimed: boolean }>(
    `WITH claimed AS (
       UPDATE metered_subscription SET reporting_until = $3
       WHERE id = $1 AND (reporting_until IS NULL OR reporting_until <= $2) RETURNING 1)
     SELECT EXISTS (SELECT FROM claimed) AS claimed`,
    [id, at, until],
  );
  return row!.claimed;
}

export async function releaseReporting(transaction: Transaction, id: string): Promise<void> {
  await transaction.query('UPDATE metered_subscription SET reporting_until = NULL WHERE id = $1', [id]);
}
