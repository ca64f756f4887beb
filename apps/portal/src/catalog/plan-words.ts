import type { Meter, Plan, PlanDefinition } from '../api/types.js';
import { formatAmount, isZero } from '../format/money.js';
import { formatUnits } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { meterPriceWords } from './price-words.js';

/** What stands largest on a plan: its fixed fee, or that it has none. */
export interface PriceHeadline {
  readonly amount: string;
  readonly per: string;
}

export function priceHeadline(plan: Plan): PriceHeadline {
  const { fixedFee, currency, billingInterval } = plan.version.definition;
  if (plan.free) return { amount: 'Free', per: 'no card needed' };
  if (isZero(fixedFee)) return { amount: formatAmount('0', currency), per: 'a month, plus usage' };
  return { amount: formatAmount(fixedFee, currency), per: `a ${billingInterval}, plus usage` };
}

/** What is special about when a plan costs something: "14 days free", "$25.00 once to set up", "fee due in advance". */
export function feeTermWords({ trial, setupFee, fixedFee, fixedFeeDue, currency }: PlanDefinition): readonly string[] {
  return [
    ...(trial ? [`${trial.days} ${trial.days === 1 ? 'day' : 'days'} free`] : []),
    ...(setupFee === undefined || isZero(setupFee) ? [] : [`${formatAmount(setupFee, currency)} once to set up`]),
    ...(fixedFeeDue === 'in_advance' && !isZero(fixedFee) ? ['fee due in advance'] : []),
  ];
}

/** What is charged as soon as one subscribes, in words: "$10.00 fixed fee and $25.00 set-up fee"; null when nothing is. */
export function dueAtStartWords(definition: PlanDefinition): string | null {
  const { trial, setupFee, fixedFee, fixedFeeDue, currency } = definition;
  if (trial) return null;
  const parts = [
    ...(fixedFeeDue === 'in_advance' && !isZero(fixedFee) ? [`${formatAmount(fixedFee, currency)} fixed fee`] : []),
    ...(setupFee === undefined || isZero(setupFee) ? [] : [`${formatAmount(setupFee, currency)} set-up fee`]),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

/** What is charged after a period, not before it. */
export function chargedWords({ fixedFee, fixedFeeDue, prices }: PlanDefinition): string {
  if (fixedFeeDue === 'in_advance' || isZero(fixedFee)) return 'Usage is charged at the end of each period.';
  return `The fixed fee ${prices.length === 0 ? 'is' : 'and usage are'} charged at the end of each period.`;
}

/** What each meter includes, in words, one entry a meter that has something included. */
export function includedWords(definition: PlanDefinition, meters: readonly Meter[]): readonly string[] {
  return definition.prices
    .filter(({ included }) => !isZero(included))
    .map(({ meter, included }) => `${formatUnits(included, unitOf(meter, meters))} a month`);
}

/** What usage of a meter costs. */
export interface UsageWords {
  readonly meter: string;
  /** Null where the plan prices one meter only, so that it goes without saying. */
  readonly title: string | null;
  readonly hasIncluded: boolean;
  readonly words: readonly string[];
}

/** What usage costs beyond what is included, one entry a meter. */
export function usageWords(definition: PlanDefinition, meters: readonly Meter[]): readonly UsageWords[] {
  return definition.prices.map((price) => ({
    meter: price.meter,
    title:
      definition.prices.length > 1 ? (meters.find(({ slug }) => slug === price.meter)?.title ?? price.meter) : null,
    hasIncluded: !isZero(price.included),
    words: meterPriceWords(price, definition.currency, unitOf(price.meter, meters)),
  }));
}

/** The same as one list: each line says which meter it is about, where there are several. */
export function usageLines(definition: PlanDefinition, meters: readonly Meter[]): readonly string[] {
  return usageWords(definition, meters).flatMap(linesOf);
}

/** The same without meters that cost nothing at all. */
export function chargedLines(definition: PlanDefinition, meters: readonly Meter[]): readonly string[] {
  return usageWords(definition, meters)
    .filter(({ words }) => words.some((line) => line !== 'No charge'))
    .flatMap(linesOf);
}

function linesOf({ title, words }: UsageWords): readonly string[] {
  return words.map((line) => (title === null ? line : `${title}: ${line.charAt(0).toLowerCase()}${line.slice(1)}`));
}

type RateLimit = PlanDefinition['rateLimits'][number];
type Concurrency = NonNullable<PlanDefinition['concurrency']>;

const algorithmWords: Readonly<Record<NonNullable<RateLimit['algorithm']>, string>> = {
  // What everybody takes a rate to be.
  sliding_window: '',
  fixed_window: 'by the clock',
  gcra: 'at an even pace',
};

/** "100 requests per minute", "10 requests per second for each key, at an even pace". */
export function rateLimitWords(limit: RateLimit): string {
  const algorithm = algorithmWords[limit.algorithm ?? 'sliding_window'];
  const burst =
    limit.algorithm === 'gcra' && limit.burst !== undefined ? `, ${formatUnits(limit.burst, 'request')} at once` : '';
  const scope = scopeWords(limit);
  const rate = `${formatUnits(limit.limit, 'request')} per ${windowWords(limit.windowSeconds)}`;
  if (algorithm === '') return `${rate}${scope}`;
  return `${rate}${scope === '' ? ' ' : `${scope}, `}${algorithm}${burst}`;
}

/** "10 calls under way at once for each key". */
export function concurrencyWords(concurrency: Concurrency): string {
  return `${formatUnits(concurrency.limit, 'call')} under way at once${scopeWords(concurrency)}`;
}

/** All limits of calls in short spans, a line each. */
export function shortLimitWords({
  rateLimits,
  concurrency,
}: Pick<PlanDefinition, 'rateLimits' | 'concurrency'>): readonly string[] {
  return [...rateLimits.map(rateLimitWords), ...(concurrency ? [concurrencyWords(concurrency)] : [])];
}

/** For whom a limit counts; empty for the whole subscription. */
function scopeWords({ scope = 'subscription', header }: Pick<RateLimit, 'scope' | 'header'>): string {
  switch (scope) {
    case 'subscription':
      return '';
    case 'organization':
      return ' for the whole organization';
    case 'ip':
      return ' for each address';
    case 'header':
      return ` for each value of ${header}`;
    case 'application':
    case 'key':
      return ` for each ${scope}`;
  }
}

function windowWords(seconds: number): string {
  const named: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };
  const name = named[seconds];
  if (name) return name;
  if (seconds % 3600 === 0) return `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return `${seconds / 60} minutes`;
  return `${seconds} seconds`;
}

/** "1,000 requests a month, then refused"; a soft quota only warns. */
export function quotaWords(quota: PlanDefinition['quotas'][number], meters: readonly Meter[]): string {
  const then = quota.enforcement === 'hard' ? 'then refused' : 'then a notice, never refused';
  return `${formatUnits(quota.limit, unitOf(quota.meter, meters))} a month, ${then}`;
}

/** The hard quota that quantities would run into, if any. */
export function quotaReached(
  definition: PlanDefinition,
  quantities: Readonly<Record<string, number>>,
): PlanDefinition['quotas'][number] | null {
  return (
    definition.quotas.find(
      ({ enforcement, meter, limit }) => enforcement === 'hard' && (quantities[meter] ?? 0) > limit,
    ) ?? null
  );
}

/** "from $29.00 a month", "Free plan, then from $29.00 a month": one line for a product's card. */
export function startingPriceWords(plans: readonly Plan[]): string {
  const fees = plans.filter((plan) => !plan.free).map((plan) => plan.version.definition);
  const lowest = fees.toSorted((left, right) => Number(left.fixedFee) - Number(right.fixedFee))[0];
  const paid =
    lowest &&
    (isZero(lowest.fixedFee)
      ? 'pay for usage only'
      : `from ${formatAmount(lowest.fixedFee, lowest.currency)} a ${lowest.billingInterval}`);
  if (!plans.some((plan) => plan.free)) return paid ? capitalized(paid) : 'No plans yet';
  return paid ? `Free plan, then ${paid}` : 'Free';
}

export function unitOf(meter: string, meters: readonly Meter[]): string {
  return meters.find(({ slug }) => slug === meter)?.unit ?? 'unit';
}
