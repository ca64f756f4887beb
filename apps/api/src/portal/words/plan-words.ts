import { type BillabilityRow, type PlanDefinition, billabilityTable, isFreeOfCharge } from '#domain';
import type { CatalogProduct } from '#persistence';
import { amountWords, capitalized, isNothing, unitWords } from './amounts.js';
import { priceWords } from './price-words.js';

type Meters = CatalogProduct['meters'];

/** What a plan costs, in words; those of the portal's own tables, which a test compares. */
export interface PlanWords {
  /** "Free", "$29.00". */
  readonly amount: string;
  /** "a month, plus usage". */
  readonly per: string;
  /** "14 days free · $25.00 once to set up"; empty for nothing special. */
  readonly terms: string;
  /** Units of a month that are free, a line for each meter that has some. */
  readonly included: readonly string[];
  /** What usage beyond those costs. */
  readonly usage: readonly string[];
  readonly quotas: readonly string[];
}

/** A plan in words. */
export function planWords(definition: PlanDefinition, meters: Meters): PlanWords {
  const unitOf = (slug: string) => meters.find((meter) => meter.slug === slug)?.unit ?? 'unit';
  const { currency, prices, quotas } = definition;
  const usage = prices.flatMap((price) => {
    const words = priceWords(price, currency, unitOf(price.meter));
    if (prices.length === 1) return words;
    const title = meters.find(({ slug }) => slug === price.meter)?.title ?? price.meter;
    return words.map((line) => `${title}: ${line.charAt(0).toLowerCase()}${line.slice(1)}`);
  });
  return {
    ...headline(definition),
    terms: capitalized(feeTerms(definition).join(' · ')),
    included: prices
      .filter(({ included }) => !isNothing(included))
      .map(({ meter, included }) => `${unitWords(included, unitOf(meter))} a month`),
    usage,
    quotas: quotas.map(({ meter, limit, enforcement }) => {
      const then = enforcement === 'hard' ? 'then refused' : 'then a notice, never refused';
      return `${unitWords(limit, unitOf(meter))} a month, ${then}`;
    }),
  };
}

function headline(definition: PlanDefinition): Pick<PlanWords, 'amount' | 'per'> {
  const { fixedFee, currency, billingInterval } = definition;
  if (isFreeOfCharge(definition)) return { amount: 'Free', per: 'no card needed' };
  if (isNothing(fixedFee)) return { amount: amountWords('0', currency), per: 'a month, plus usage' };
  return { amount: amountWords(fixedFee, currency), per: `a ${billingInterval}, plus usage` };
}

function feeTerms({ trial, setupFee, fixedFee, fixedFeeDue, currency }: PlanDefinition): readonly string[] {
  return [
    ...(trial ? [`${trial.days} ${trial.days === 1 ? 'day' : 'days'} free`] : []),
    ...(setupFee === undefined || isNothing(setupFee) ? [] : [`${amountWords(setupFee, currency)} once to set up`]),
    ...(fixedFeeDue === 'in_advance' && !isNothing(fixedFee) ? ['fee due in advance'] : []),
  ];
}

/** "Free plan, then from $29.00 a month": what the plans of a product begin with, in a line. */
export function startingPriceWords(plans: readonly PlanDefinition[]): string {
  const paidPlans = plans.filter((plan) => !isFreeOfCharge(plan));
  const [lowest] = paidPlans.toSorted((left, right) => Number(left.fixedFee) - Number(right.fixedFee));
  const hasFree = paidPlans.length < plans.length;
  if (!lowest) return hasFree ? 'Free' : 'No plans yet';
  const paid = isNothing(lowest.fixedFee)
    ? 'pay for usage only'
    : `from ${amountWords(lowest.fixedFee, lowest.currency)} a ${lowest.billingInterval}`;
  return hasFree ? `Free plan, then ${paid}` : capitalized(paid);
}

/** Calls that are not billed unless a plan says so. */
const SELDOM_BILLED: Readonly<Partial<Record<BillabilityRow['name'], string>>> = {
  redirect: 'redirects (3xx)',
  clientError: 'some answers with 4xx',
  abortedBeforeUpstream: 'calls that you break off',
  abortedBeforeHead: 'calls that you break off',
  brokenAfterHead: 'answers that break off',
  softError: 'errors within an answer of 200',
  replayed: 'repeated calls',
};

/** Which calls are billed, in a sentence that holds for each of the plans. */
export function chargeWords(plans: readonly PlanDefinition[]): string {
  const rows = plans.flatMap((plan) => billabilityTable(plan));
  const billed = rows.filter((row) => (row.billable && Number(row.factor) > 0) || row.valueMeters);
  const extras = [...new Set(billed.flatMap(({ name }) => SELDOM_BILLED[name] ?? []))];
  if (extras.length === 0) return 'Errors, refused calls and test keys are never charged.';
  const listed = new Intl.ListFormat('en', { type: 'conjunction' }).format(extras);
  return `Failures of the API (5xx), refused calls and test keys are never charged; ${plans.length > 1 ? 'some plans charge' : 'the plan charges'} for ${listed}.`;
}
