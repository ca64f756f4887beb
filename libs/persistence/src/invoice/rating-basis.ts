import {
  type MeterAggregates,
  type PlanDefinition,
  type SubscriptionPhase,
  type SubscriptionState,
  definitionOfPhase,
} from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';
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

const RATED_SUBSCRIPTIONS = `
  SELECT id, organization_id AS "organizationId", state, anchor_at AS "anchorAt",
         coalesce(canceled_at, cancel_at) AS "canceledAt"
  FROM subscription WHERE id = ANY ($1) ORDER BY id`;

/** Those of the subscriptions that there are. */
export function listRatedSubscriptions(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<RatedSubscription[]> {
  return transaction.query<RatedSubscription>(RATED_SUBSCRIPTIONS, [subscriptionIds]);
}

/** The same, locked until the transaction ends, so that nobody cancels one meanwhile. */
export function lockRatedSubscriptions(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<RatedSubscription[]> {
  return transaction.query<RatedSubscription>(`${RATED_SUBSCRIPTIONS} FOR SHARE`, [subscriptionIds]);
}

/** All phases of a subscription with their plan's prices, in the order of their start. */
export async function listPricedPhases(transaction: Transaction, subscriptionId: string): Promise<PricedPhase[]> {
  const phases = await listPricedPhasesOf(transaction, [subscriptionId]);
  return phases.get(subscriptionId) ?? [];
}

/** The same of several subscriptions, by subscription; those of one plan version share its prices. */
export async function listPricedPhasesOf(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<Map<string, PricedPhase[]>> {
  const phases = await transaction.query<SubscriptionPhase>(
    `SELECT id, organization_id AS "organizationId", subscription_id AS "subscriptionId",
            plan_version_id AS "planVersionId", starts_at AS "startsAt", ends_at AS "endsAt",
            is_trial AS "isTrial"
     FROM subscription_phase WHERE subscription_id = ANY ($1) ORDER BY subscription_id, starts_at`,
    [subscriptionIds],
  );
  const versions = await transaction.query<{ id: string; definition: PlanDefinition }>(
    `SELECT id, definition FROM plan_version WHERE id = ANY ($1)`,
    [[...new Set(phases.map(({ planVersionId }) => planVersionId))]],
  );
  const definitions = new Map(versions.map(({ id, definition }) => [id, definition]));
  return Map.groupBy(
    phases.map((phase) => ({
      ...phase,
      definition: definitionOfPhase(definitions.get(phase.planVersionId)!, phase.isTrial),
    })),
    ({ subscriptionId }) => subscriptionId,
  );
}

/**
 * The live billable usage that each of these periods settles, by subscription, each of which may have one period among
 * them; of one by period of use, phase and meter, in that order.
 */
export async function readSettledAggregates(
  transaction: Transaction,
  periods: readonly PeriodKey[],
): Promise<Map<string, SettledAggregates[]>> {
  const settled = await aggregateUsage(
    transaction,
    `JOIN unnest($1::uuid[], $2::timestamptz[]) AS period (id, starts_at)
       ON subscription_id = period.id AND settles_in = period.starts_at`,
    periodKeyParameters(periods),
  );
  const bySubscription = Map.groupBy(settled, ({ subscriptionId }) => subscriptionId);
  const aggregates = new Map<string, SettledAggregates[]>();
  for (const [subscriptionId, rows] of bySubscription) {
    aggregates.set(subscriptionId, await addEarlierSettlements(transaction, subscriptionId, rows));
  }
  return aggregates;
}

async function addEarlierSettlements(
  transaction: Transaction,
  subscriptionId: string,
  settled: readonly SettlementOfUsage[],
): Promise<SettledAggregates[]> {
  const { periodStart: earliest, settlesIn } = settled[0]!;
  const before =
    earliest < settlesIn
      ? await aggregateUsage(
          transaction,
          `WHERE subscription_id = $1 AND settles_in < $2 AND settles_in >= $3 AND period_start >= $3`,
          [subscriptionId, settlesIn, earliest],
        )
      : [];
  const earlier = Map.groupBy(before, keyOf);
  return settled.map((usage) => {
    const { phaseId, periodStart, meter, aggregates } = usage;
    return { phaseId, periodStart, meter, settled: aggregates, earlier: earlier.get(keyOf(usage)) ?? [] };
  });
}

type SettlementOfUsage = EarlierSettlement &
  Pick<SettledAggregates, 'phaseId' | 'periodStart' | 'meter'> & { readonly subscriptionId: string };

async function aggregateUsage(
  transaction: Transaction,
  which: string,
  parameters: readonly unknown[],
): Promise<SettlementOfUsage[]> {
  const unique = `SELECT coalesce(sum(value_count), 0) FROM usage_settled_value_count AS value
     WHERE value.subscription_id = usage_hour.subscription_id AND value.period_start = usage_hour.period_start
       AND value.settles_in = usage_hour.settles_in AND value.phase_id = usage_hour.phase_id
       AND value.meter = usage_hour.meter`;
  const rows = await transaction.query<Omit<SettlementOfUsage, 'aggregates'> & { aggregates: AggregatesRow }>(
    `SELECT subscription_id AS "subscriptionId", phase_id AS "phaseId", period_start AS "periodStart",
       settles_in AS "settlesIn", meter, ${aggregatesSql(unique)} AS aggregates
     FROM (SELECT usage_hour.* FROM usage_hour ${which}) AS usage_hour WHERE billable AND mode = 'live'
     GROUP BY subscription_id, phase_id, period_start, settles_in, meter
     ORDER BY subscription_id, period_start, phase_id, meter, settles_in`,
    parameters,
  );
  return rows.map(({ aggregates, ...row }) => ({ ...row, aggregates: toAggregates(aggregates) }));
}

function keyOf({ periodStart, phaseId, meter }: Pick<SettlementOfUsage, 'periodStart' | 'phaseId' | 'meter'>): string {
  return `${periodStart.getTime()} ${phaseId} ${meter}`;
}
