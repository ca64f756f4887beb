import { Big } from 'big.js';
import type { MeterPrice, PriceModel, PriceTier } from '../catalog/plan-definition.js';
import { minorDigits } from '../money/currency.js';
import { parseDecimal } from '../money/decimal.js';
import { toMinorUnits } from '../money/minor-units.js';
import { priceUnits } from './price-units.js';

/** The finest step in which units are lent: a millionth. */
const STEP = new Big('0.000001');
const ROUND_DOWN = 0;
const STEP_PLACES = 6;

/** What a meter's line is in minor units when this much was used in a period, the included units counted in. */
export function usageLineMinor(price: MeterPrice, used: Big, currency: string): bigint {
  const billable = used.minus(parseDecimal(price.included, 'included'));
  if (billable.lte(0)) return 0n;
  return toMinorUnits(priceUnits({ from: new Big(0), to: billable }, price.price).amount, currency);
}

/**
 * The most units of a meter, in millionths, whose rounded line is no more than `roomMinor`: one millionth more would cost
 * more than that. Null when any number of units is. The inverse of rating, for the prices that never fall.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`
 */
export function unitsWithin(price: MeterPrice, roomMinor: bigint, currency: string): Big | null {
  if (roomMinor < 0n) return new Big(0);
  // Amounts below this are rounded down to the room, from it on they are rounded up above it.
  const bound = new Big(roomMinor.toString()).plus('0.5').times(`1e-${minorDigits(currency)}`);
  const billable = billableBelow(tiersOf(price.price), bound);
  if (billable === null) return null;
  // The quotient is rounded: what it says is right to a step or two.
  let units = parseDecimal(price.included, 'included').plus(billable).round(STEP_PLACES, ROUND_DOWN);
  while (usageLineMinor(price, units, currency) > roomMinor) units = units.minus(STEP);
  while (usageLineMinor(price, units.plus(STEP), currency) <= roomMinor) units = units.plus(STEP);
  return units;
}

function tiersOf(price: PriceModel): readonly PriceTier[] {
  switch (price.model) {
    case 'per_unit':
      return [{ upTo: null, unitAmount: price.unitAmount, flatAmount: '0' }];
    case 'graduated':
      return price.tiers;
  }
}

/** The number of units from which on the amount is no longer below the bound; null when it always is. */
function billableBelow(tiers: readonly PriceTier[], bound: Big): Big | null {
  let spent = new Big(0);
  let lower = new Big(0);
  for (const tier of tiers) {
    const left = bound.minus(spent).minus(parseDecimal(tier.flatAmount, 'flatAmount'));
    if (left.lte(0)) return lower;
    const unitAmount = parseDecimal(tier.unitAmount, 'unitAmount');
    const upTo = tier.upTo === null ? null : parseDecimal(tier.upTo, 'upTo');
    if (unitAmount.gt(0)) {
      const reach = lower.plus(left.div(unitAmount));
      if (upTo === null || reach.lte(upTo)) return reach;
    }
    if (upTo === null) return null;
    spent = bound.minus(left).plus(upTo.minus(lower).times(unitAmount));
    lower = upTo;
  }
  return null;
}
