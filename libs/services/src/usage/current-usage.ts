import { type Aggregation, type PlanDefinition, type QuotaDefinition, phaseAt } from '#domain';
import {
  type AggregatedMeterUsage,
  type ListedSubscription,
  type Transaction,
  aggregateMeterUsage,
  listMetersOfProduct,
  listPricedPhases,
  listSubscriptionsMatching,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { estimatePeriodFromLedger } from '../period/rate-from-ledger.js';
import type { PeriodLine } from '../period/rate-period.js';
import type { TaxedPeriod } from '../tax/tax-periods.js';
import { type SubscriptionOverview, withCurrentPeriod } from '../subscription/list-subscriptions.js';

/** How much of a long limit is used. */
export interface QuotaUsage {
  readonly name: string;
  readonly limit: number;
  /** Exact decimal; what the ledger knows, which is some seconds old. */
  readonly used: string;
  readonly enforcement: QuotaDefinition['enforcement'];
}

/** A meter in the current period. Quantities are exact decimals. */
export interface CurrentMeterUsage {
  readonly slug: string;
  readonly title: string;
  readonly unit: string;
  /** How the quantities below come about: by the plan's price, else as the meter says now. */
  readonly aggregation: Aggregation;
  /** Billable or not. */
  readonly quantity: string;
  readonly billableQuantity: string;
  /** Billable units of a period that cost nothing. */
  readonly included: string;
  /** All quotas of the meter, that of which most is used first; several may bound the same units. */
  readonly quotas: readonly QuotaUsage[];
  /** The first of them; null without any. */
  readonly quota: QuotaUsage | null;
}

/** An active subscription's current period so far. */
export interface CurrentUsage {
  readonly subscription: SubscriptionOverview;
  readonly meters: readonly CurrentMeterUsage[];
  readonly currency: string;
  /** What the period would cost, before tax, if it ended now, less what prepaid credits pay; usage that came late for earlier periods included. */
  readonly estimateMinor: bigint;
  /** What its lines would give back beyond what they charge, before tax: it would go to the balance. */
  readonly excessCreditMinor: bigint;
  /** How its invoice would be taxed; null when there would be none. */
  readonly taxed: TaxedPeriod | null;
  /** False when prices of single events were not computed of each: lines and estimate are about so. */
  readonly isExact: boolean;
  readonly lines: readonly PeriodLine[];
}

/** The organization's active subscriptions, or the one asked for, with what their current periods have used and cost. */
export function currentUsage(
  context: ServiceContext,
  { organizationId, subscriptionId }: { readonly organizationId: string; readonly subscriptionId?: string },
): Promise<CurrentUsage[]> {
  const at = context.clock.now();
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const subscriptions = await listSubscriptionsMatching(transaction, { organizationId, subscriptionId }, at);
    const active = subscriptions.filter(({ state }) => state === 'active');
    const usage: CurrentUsage[] = [];
    for (const subscription of active) usage.push(await usageOf(context, transaction, subscription, at));
    return usage;
  });
}

async function usageOf(
  context: ServiceContext,
  transaction: Transaction,
  listed: ListedSubscription,
  at: Date,
): Promise<CurrentUsage> {
  const subscription = withCurrentPeriod(listed, at);
  const { start, end } = subscription.currentPeriod;
  const usage = await aggregateMeterUsage(transaction, listed.id, start);
  const { definition } = phaseAt(await listPricedPhases(transaction, listed.id), at);
  const { rated, taxed, isExact } = await estimatePeriodFromLedger(context, transaction, {
    subscriptionId: listed.id,
    organizationId: listed.organization.id,
    startsAt: start,
    endsAt: end,
  });
  const meters = await listMetersOfProduct(transaction, listed.product.id);
  return {
    subscription,
    meters: meters.map((meter) => describeMeter(meter, definition, usage)),
    currency: rated?.currency ?? definition.currency,
    estimateMinor: rated?.subtotalMinor ?? 0n,
    excessCreditMinor: rated?.excessCreditMinor ?? 0n,
    taxed,
    isExact,
    lines: rated?.lines ?? [],
  };
}

function describeMeter(
  meter: Pick<CurrentMeterUsage, 'slug' | 'title' | 'unit' | 'aggregation'>,
  definition: PlanDefinition,
  usage: readonly AggregatedMeterUsage[],
): CurrentMeterUsage {
  const used = usage.find((one) => one.meter === meter.slug);
  const price = definition.prices.find((one) => one.meter === meter.slug);
  const aggregation = price ? (price.aggregation ?? 'sum') : meter.aggregation;
  const quotas = quotasOf(meter.slug, definition, used?.quotaQuantity ?? '0');
  return {
    ...meter,
    aggregation,
    quantity: used?.all[aggregation] ?? '0',
    billableQuantity: used?.billable[aggregation] ?? '0',
    included: price?.included ?? '0',
    quotas,
    quota: quotas[0] ?? null,
  };
}

/** The lowest limit is the one that most is used of; of two that are the same, the one that refuses comes first. */
function quotasOf(slug: string, definition: PlanDefinition, used: string): QuotaUsage[] {
  return definition.quotas
    .filter(({ meter }) => meter === slug)
    .map(({ name, limit, enforcement }) => ({ name, limit, used, enforcement }))
    .toSorted(
      (left, right) =>
        left.limit - right.limit || Number(right.enforcement === 'hard') - Number(left.enforcement === 'hard'),
    );
}
