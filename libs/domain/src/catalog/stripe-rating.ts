import type { Big } from 'big.js';
import { isCurrency, minorDigits } from '../money/currency.js';
import { decimalPlaces, isDecimal, parseDecimal } from '../money/decimal.js';
import { roundingStepMinor } from '../payment/rounding-step.js';
import { moreDigitsAtStripe } from '../payment/stripe-digits.js';
import type { MeterPrice, PlanDefinition, PriceTier } from './plan-definition.js';
import type { PlanFault } from './plan-fault.js';
import { isMoney } from './price-charges.js';

/** True for a plan whose usage Stripe rates; that of every other is rated here. */
function isRatedByStripe({ rating }: Pick<PlanDefinition, 'rating'>): boolean {
  return rating === 'stripe';
}

/** Stripe takes at most this many items on a subscription. */
const MOST_PRICES = 20;

/**
 * Every reason for which Stripe could not rate a plan to the same cent as it is rated here; empty for one that it can, and
 * for one that is rated here. Such a plan has prices by unit, by package and by tier only, without what Stripe's prices do
 * not have, and tiers that are rounded alike whether each is a line of its own, as at Stripe, or all are one, as here.
 */
export function stripeRatingFaults(definition: PlanDefinition): PlanFault[] {
  if (!isRatedByStripe(definition)) return [];
  const { currency, prices, trial, billability } = definition;
  return [
    ...when(prices.length === 0, 'rating', 'Stripe rates usage: give the plan a price, or leave rating out.'),
    ...when(prices.length > MOST_PRICES, 'prices', `Stripe takes at most ${MOST_PRICES} prices of a plan.`),
    ...when(
      roundingStepMinor(currency) !== 1 || moreDigitsAtStripe(currency) !== 0,
      'currency',
      `Stripe takes ${currency} in steps, and rounds its own lines otherwise: rate the plan here.`,
    ),
    ...when(
      trial !== undefined,
      'trial',
      'A plan that Stripe rates has no trial: leave it out, or rate the plan here.',
    ),
    ...when(
      hasFraction(billability?.cacheHit?.factor),
      'billability.cacheHit.factor',
      'Stripe counts whole units: say 0 or 1.',
    ),
    ...prices.flatMap((price, index) => priceFaultsAtStripe(price, `prices[${index}]`, currency)),
  ];
}

function priceFaultsAtStripe(price: MeterPrice, path: string, currency: string): PlanFault[] {
  const none = (field: keyof MeterPrice, what: string) =>
    when(price[field] !== undefined, `${path}.${field}`, `Stripe's prices have no ${what}: leave it out.`);
  return [
    ...when(
      price.aggregation !== undefined,
      `${path}.meter`,
      `Stripe is told sums, and this meter is counted by ${price.aggregation}: rate the plan here.`,
    ),
    ...includedFaults(price, path),
    ...none('conversion', 'conversion of units'),
    ...none('discountUnits', 'discounted units'),
    ...none('discountPercent', 'discount of their own'),
    ...none('minimumAmount', 'minimum'),
    ...none('maximumAmount', 'maximum'),
    ...modelFaultsAtStripe(price, `${path}.price`, currency),
  ];
}

function includedFaults({ included, price }: MeterPrice, path: string): PlanFault[] {
  return [
    ...when(hasFraction(included), `${path}.included`, 'Stripe counts whole units.'),
    ...when(
      isMoney(included) && price.model !== 'per_unit',
      `${path}.included`,
      'Stripe includes units with a price per unit only: make a free first tier of them.',
    ),
  ];
}

function modelFaultsAtStripe({ price }: MeterPrice, path: string, currency: string): PlanFault[] {
  switch (price.model) {
    case 'per_unit':
      return [];
    case 'package':
      return when(hasFraction(price.packageSize), `${path}.packageSize`, 'Stripe counts whole units.');
    case 'graduated':
    case 'volume':
      return [
        ...when(
          price.flatWithoutUsage === true,
          `${path}.flatWithoutUsage`,
          'Stripe has no amount that is owed without usage: make it the fixed fee.',
        ),
        ...price.tiers.flatMap((tier, index) => tierFaults(tier, `${path}.tiers[${index}]`, index, currency)),
        ...(price.model === 'graduated' ? fullTierFaults(price.tiers, `${path}.tiers`, currency) : []),
      ];
    case 'percentage':
    case 'graduated_percentage':
    case 'dynamic':
      return [
        {
          path: `${path}.model`,
          message: 'Stripe has no such price. It has per_unit, package, graduated and volume; others are rated here.',
        },
      ];
  }
}

function tierFaults(tier: PriceTier, path: string, index: number, currency: string): PlanFault[] {
  return [
    ...when(tier.upTo !== null && hasFraction(tier.upTo), `${path}.upTo`, 'Stripe counts whole units.'),
    ...when(
      index === 0 && isMoney(tier.flatAmount),
      `${path}.flatAmount`,
      'What Stripe charges of it without usage is not certain: make it the fixed fee.',
    ),
    ...when(
      isDecimal(tier.flatAmount) && !isSettled(parseDecimal(tier.flatAmount), currency),
      `${path}.flatAmount`,
      `A flat amount is a line of its own at Stripe, and so must be a whole amount of ${currency}.`,
    ),
  ];
}

/** A tier that is used up is a line at Stripe: where it is no whole amount, the sum of lines is not the rounded sum. */
function fullTierFaults(tiers: readonly PriceTier[], path: string, currency: string): PlanFault[] {
  return tiers.flatMap(({ upTo, unitAmount }, index) => {
    const from = index === 0 ? '0' : (tiers[index - 1]!.upTo ?? '0');
    if (upTo === null || ![upTo, from, unitAmount].every(isDecimal)) return [];
    const amount = parseDecimal(upTo).minus(parseDecimal(from)).times(parseDecimal(unitAmount));
    return when(
      !isSettled(amount, currency),
      `${path}[${index}].unitAmount`,
      `The whole tier comes to ${amount.toFixed()} ${currency}, which Stripe would round by itself: ` +
        'choose a bound or a price with which it is a whole amount.',
    );
  });
}

function isSettled(amount: Big, currency: string): boolean {
  return !isCurrency(currency) || decimalPlaces(amount) <= minorDigits(currency);
}

function hasFraction(text: string | undefined): boolean {
  return text !== undefined && isDecimal(text) && decimalPlaces(parseDecimal(text)) > 0;
}

function when(isFault: boolean, path: string, message: string): PlanFault[] {
  return isFault ? [{ path, message }] : [];
}
