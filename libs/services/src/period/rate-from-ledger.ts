import {
  type BillingPeriod,
  ConflictError,
  type InvoicedLine,
  type RedeemedCoupon,
  creditsPaid,
  usageCharged,
} from '#domain';
import {
  type PricedPhase,
  type RatedSubscription,
  type Transaction,
  listEarlierInvoices,
  listPricedPhasesOf,
  listRedeemedCoupons,
  listRatedSubscriptions,
  readSettledAggregates,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { paidFromStore } from '../credit/pay-with-credits.js';
import { estimateEvents } from './estimate-events.js';
import { type TaxedPeriod, taxPeriods } from '../tax/tax-periods.js';
import { type RatedPeriod, ratePeriod } from './rate-period.js';
import { type SettledUsage, settledUsage } from './settled-usage.js';
import { type SettlingPeriod, type TalliedUsage, tallyEvents } from './tally-events.js';

type Period = Pick<BillingPeriod, 'subscriptionId' | 'startsAt' | 'endsAt'>;

/**
 * What a period's invoice must say by the ledger, whether it is issued yet or not; null when there is nothing to say. With the id of the
 * invoice, credits come back by what there was before it.
 * @throws UsageArchiveError when a price is one of single events, and those are in an archive that cannot be read.
 */
export async function ratePeriodFromLedger(
  context: ServiceContext,
  transaction: Transaction,
  period: Period,
  invoiceId?: string,
): Promise<RatedPeriod | null> {
  const [rated] = await rateAll(context, transaction, [period], await readBases(transaction, [period], { invoiceId }));
  return rated!;
}

/**
 * The same for each of several periods, in their order; at most one of a subscription.
 * @throws UsageArchiveError as above.
 */
export async function ratePeriodsFromLedger(
  context: ServiceContext,
  transaction: Transaction,
  periods: readonly Period[],
): Promise<(RatedPeriod | null)[]> {
  return rateAll(context, transaction, periods, await readBases(transaction, periods));
}

async function rateAll(
  context: ServiceContext,
  transaction: Transaction,
  periods: readonly Period[],
  bases: readonly Basis[],
): Promise<(RatedPeriod | null)[]> {
  const rated: (RatedPeriod | null)[] = [];
  for (const [index, period] of periods.entries()) {
    const basis = bases[index]!;
    const { settlesIn, phases } = basis;
    rated.push(rate(basis, period, await tallyEvents(context, transaction, settlesIn, phases, basis.usage)));
  }
  return rated;
}

/**
 * What a period's invoice would have said, had another plan been in force: `replacing` gives each phase the definition to
 * rate it by. The usage stays as it was counted, by the rules of the plan that was in force. Credits are left out: what usage gives back is all money.
 * @throws UsageArchiveError as above.
 */
export async function ratePeriodAsIf(
  context: ServiceContext,
  transaction: Transaction,
  period: Period,
  replacing: (phase: PricedPhase) => PricedPhase,
): Promise<RatedPeriod | null> {
  const [basis] = await readBases(transaction, [period], {
    suppose: (phases) => ({ phases: phases.map(replacing) }),
  });
  const { settlesIn, phases, usage } = basis!;
  const tallied = await tallyEvents(context, transaction, settlesIn, phases, usage);
  return rate({ ...basis!, invoices: undefined }, period, tallied);
}

/** What a period would cost before tax if it ended now. */
export interface EstimatedCharges {
  /** Null when there is nothing to say. */
  readonly rated: RatedPeriod | null;
  /** False when prices of single events were not computed of each: the invoice may say something else. */
  readonly isExact: boolean;
}

/** What a period would cost if it ended now, less what prepaid credits pay of it. */
export interface EstimatedPeriod extends EstimatedCharges {
  /** How its invoice would be taxed; null with `rated`. */
  readonly taxed: TaxedPeriod | null;
}

/** What is taken for granted, whatever is so. */
export interface Supposition {
  /** The subscription ends at this instant. */
  readonly canceledAt?: Date;
  /** Its phases are these. */
  readonly phases?: readonly PricedPhase[];
  /** It has redeemed these coupons. */
  readonly coupons?: readonly RedeemedCoupon[];
}

/**
 * What a period that goes on would cost before tax if it ended now, and something else were so, with work that does not
 * grow with its events.
 */
export async function estimateChargesFromLedger(
  context: ServiceContext,
  transaction: Transaction,
  period: Period,
  supposed: Supposition = {},
): Promise<EstimatedCharges> {
  const [basis] = await readBases(transaction, [period], { suppose: () => supposed });
  const { settlesIn, phases } = basis!;
  const { usage, isExact } = await estimateEvents(context, transaction, settlesIn, phases, basis!.usage);
  return { rated: rate(basis!, period, usage), isExact };
}

/** The same after what the credits in store would pay of it, with its tax: the invoice that there would be. */
export async function estimatePeriodFromLedger(
  context: ServiceContext,
  transaction: Transaction,
  period: Period & Pick<BillingPeriod, 'organizationId'>,
  supposed?: Supposition,
): Promise<EstimatedPeriod> {
  const { rated: charges, isExact } = await estimateChargesFromLedger(context, transaction, period, supposed);
  const [rated = null] = await paidFromStore(transaction, [period], [charges]);
  const { subscriptionId, organizationId, endsAt } = period;
  const taxed = rated
    ? (await taxPeriods(transaction, [{ ...rated, subscriptionId, organizationId, endsAt }])).get(subscriptionId)!
    : null;
  return { rated, taxed, isExact };
}

interface Basis {
  readonly subscription: RatedSubscription;
  readonly settlesIn: SettlingPeriod;
  readonly phases: readonly PricedPhase[];
  readonly usage: readonly SettledUsage[];
  readonly coupons: readonly RedeemedCoupon[];
  /** Those before, where there is late usage and what they charged or paid with credits matters. */
  readonly invoices: readonly (readonly InvoicedLine[])[] | undefined;
}

async function readBases(
  transaction: Transaction,
  periods: readonly Period[],
  {
    suppose = () => ({}),
    invoiceId,
  }: {
    readonly suppose?: (phases: readonly PricedPhase[]) => Supposition;
    /** Of the only period; credits have paid what they had before it. */
    readonly invoiceId?: string | undefined;
  } = {},
): Promise<Basis[]> {
  const ids = periods.map(({ subscriptionId }) => subscriptionId);
  const subscriptions = new Map(
    (await listRatedSubscriptions(transaction, ids)).map((subscription) => [subscription.id, subscription]),
  );
  const phasesOf = await listPricedPhasesOf(transaction, ids);
  const couponsOf = await listRedeemedCoupons(transaction, ids);
  const usageOf = await readSettledAggregates(transaction, periods);
  // Nothing else gives usage back than what came late.
  const late = periods.filter(({ subscriptionId, startsAt }) =>
    usageOf.get(subscriptionId)?.some(({ periodStart }) => periodStart < startsAt),
  );
  const invoicesOf = await listEarlierInvoices(
    transaction,
    late.map(({ subscriptionId }) => subscriptionId),
    invoiceId,
  );
  return periods.map(({ subscriptionId, startsAt }) => {
    const subscription = subscriptions.get(subscriptionId);
    if (!subscription)
      throw new ConflictError('subscription_missing', `The period's subscription ${subscriptionId} is gone.`);
    const found = phasesOf.get(subscriptionId) ?? [];
    const redeemed = couponsOf.get(subscriptionId) ?? [];
    const { canceledAt = subscription.canceledAt, phases = found, coupons = redeemed } = suppose(found);
    const usage = settledUsage(usageOf.get(subscriptionId) ?? [], phases);
    const settlesIn = { organizationId: subscription.organizationId, subscriptionId, startsAt };
    return {
      subscription: { ...subscription, canceledAt },
      settlesIn,
      phases,
      usage,
      coupons,
      invoices: invoicesOf.get(subscriptionId),
    };
  });
}

function rate(
  { subscription, phases, coupons, invoices }: Basis,
  { startsAt, endsAt }: Period,
  usage: readonly TalliedUsage[],
): RatedPeriod | null {
  return ratePeriod({
    subscription,
    period: { startMs: startsAt.getTime(), endMs: endsAt.getTime() },
    phases,
    usage,
    coupons,
    ...(invoices && { creditsPaid: creditsPaid(invoices), chargedBefore: usageCharged(invoices) }),
  });
}
