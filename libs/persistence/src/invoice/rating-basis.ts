import type { MeterAggregates, PlanDefinition, SubscriptionPhase, SubscriptionState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type AggregatesRow, aggregatesSql, toAggregates } from '../usage/rollup-aggregates.js';

/** What rating must know of a subscription. */
export interface RatedSubscription {
  readonly id: string;
  readonly organizationId: string;
  readonly state: SubscriptionState;
  readonly anchorAt: Date;
  /** When it ended, or is going to end. */
  readonly canceledAt: Date | null;
}

/** A phase with the prices that it fixes. */
export interface PricedPhase extends SubscriptionPhase {
  readonly definition: PlanDefinition;
}

/** Billable live usage of one meter that a period settles; of an earlier period when it came late. */
export interface SettledAggregates {
  readonly phaseId: string;
  /** The period that the usage belongs to, and is priced in. */
  readonly periodStart: Date;
  readonly meter: string;
  /** What is settled now. */
  readonly settled: MeterAggregates;
  /** What earlier ones have settled of the same period, phase and meter, oldest first. */
  readonly earlier: readonly EarlierSettlement[];
}

/** What the period from `settlesIn` has settled of usage that later ones settle more of. */
export interface EarlierSettlement {
  readonly settlesIn: Date;
  readonly aggregates: MeterAggregates;
}

const RATED_SUBSCRIPTION = `
  SELECT id, organization_id AS "organizationId", state, anchor_at AS "anchorAt",
         coalesce(canceled_at, cancel_at) AS "canceledAt"
  FROM subscription WHERE id = $1`;

export async function findRatedSubscription(
  transaction: Transaction,
  subscriptionId: string,
): Promise<RatedSubscription | null> {
  const [row] = await transaction.query<RatedSubscription>(RATED_SUBSCRIPTION, [subscriptionId]);
  return row ?? null;
}

/** The same, locked until the transaction ends, so that nobody cancels it meanwhile. */
export async function lockRatedSubscription(
  transaction: Transaction,
  subscriptionId: string,
): Promise<RatedSubscription | null> {
  const [row] = await transaction.query<RatedSubscription>(`${RATED_SUBSCRIPTION} FOR SHARE`, [subscriptionId]);
  return row ?? null;
}

/** All phases of a subscription with their plan's prices, in the order of their start. */
export async function listPricedPhases(transaction: Transaction, subscriptionId: string): Promise<PricedPhase[]> {
  return transaction.query<PricedPhase>(
    `SELECT phase.id, phase.organization_id AS "organizationId", phase.subscription_id AS "subscriptionId",
            phase.plan_version_id AS "planVersionId", phase.starts_at AS "startsAt", phase.ends_at AS "endsAt",
            plan_version.definition
     FROM subscription_phase phase JOIN plan_version ON plan_version.id = phase.plan_version_id
     WHERE phase.subscription_id = $1 ORDER BY phase.starts_at`,
    [subscriptionId],
  );
}

/** The live billable usage that the period from `settlesIn` settles, by period of use, phase and meter, in that order. */
export async function readSettledAggregates(
  transaction: Transaction,
  subscriptionId: string,
  settlesIn: Date,
): Promise<SettledAggregates[]> {
  const settled = await aggregateUsage(transaction, 'settles_in = $2', [subscriptionId, settlesIn]);
  const earliest = settled[0]?.periodStart;
  const isLate = earliest !== undefined && earliest < settlesIn;
  const before = isLate
    ? await aggregateUsage(transaction, 'settles_in < $2 AND settles_in >= $3 AND period_start >= $3', [
        subscriptionId,
        settlesIn,
        earliest,
      ])
    : [];
  const earlier = Map.groupBy(before, keyOf);
  return settled.map((usage) => {
    const { phaseId, periodStart, meter, aggregates } = usage;
    return { phaseId, periodStart, meter, settled: aggregates, earlier: earlier.get(keyOf(usage)) ?? [] };
  });
}

type SettlementOfUsage = EarlierSettlement & Pick<SettledAggregates, 'phaseId' | 'periodStart' | 'meter'>;

async function aggregateUsage(
  transaction: Transaction,
  condition: string,
  parameters: readonly unknown[],
): Promise<SettlementOfUsage[]> {
  const unique = `SELECT count(*) FROM usage_distinct_value AS value
     WHERE value.subscription_id = $1 AND value.period_start = usage_hour.period_start
       AND value.settles_in = usage_hour.settles_in AND value.phase_id = usage_hour.phase_id
       AND value.meter = usage_hour.meter AND value.billable`;
  const rows = await transaction.query<Omit<SettlementOfUsage, 'aggregates'> & { aggregates: AggregatesRow }>(
    `SELECT phase_id AS "phaseId", period_start AS "periodStart", settles_in AS "settlesIn", meter,
       ${aggregatesSql(unique)} AS aggregates
     FROM usage_hour WHERE subscription_id = $1 AND ${condition} AND billable AND mode = 'live'
     GROUP BY phase_id, period_start, settles_in, meter ORDER BY period_start, phase_id, meter, settles_in`,
    parameters,
  );
  return rows.map(({ aggregates, ...row }) => ({ ...row, aggregates: toAggregates(aggregates) }));
}

function keyOf({ periodStart, phaseId, meter }: Pick<SettlementOfUsage, 'periodStart' | 'phaseId' | 'meter'>): string {
  return `${periodStart.getTime()} ${phaseId} ${meter}`;
}
