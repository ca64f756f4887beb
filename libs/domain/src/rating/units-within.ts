import { Big } from 'big.js';
import type { DecimalString, MeterPrice, PriceModel } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { type Settling, settle } from '../money/minor-units.js';
import { tallyOfEqualEvents } from './equal-events.js';
import { needsEvents } from './event-tally.js';
import { pricedQuantity } from './meter-quantity.js';
import { priceUnits } from './price-units.js';
import { amountOfUse, chargedOf } from './rate-meter.js';

/** The finest step in which units are lent: a millionth. */
const STEP = new Big('0.000001');
/** More units than any period has: what they cost is what any number does. */
const ENDLESS_STEPS = 10n ** 26n;

/**
 * What a meter's line is in minor units when this much was used in a period, the included units counted in. Of a price
 * that depends on single events an estimate: what so many `events` (absent: one, if any) cost that are worth the same.
 */
export function usageLineMinor(
  price: MeterPrice,
  used: Big,
  settling: Settling,
  events: DecimalString = used.eq(0) ? '0' : '1',
): bigint {
  const { price: model } = price;
  const tally = model.model === 'percentage' ? tallyOfEqualEvents(events, formatDecimal(used), model) : undefined;
  return settle(amountOfUse(price, used, tally), settling);
}

/**
 * The most that a meter's line can be in minor units while its use grows to this much: more than `usageLineMinor` where
 * more units cost less. Null when units do not say it, as each event costs something of its own.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`
 */
export function greatestLineMinor(price: MeterPrice, used: Big, settling: Settling): bigint | null {
  if (needsEvents(price.price)) return used.eq(0) ? 0n : null;
  const { priced } = pricedQuantity(price, used);
  const amounts = [priced, ...cliffsBelow(price.price, priced)].map(
    (units) => priceUnits({ from: new Big(0), to: units }, price.price).amount,
  );
  return settle(
    chargedOf(
      price,
      amounts.reduce((most, amount) => (amount.gt(most) ? amount : most)),
    ),
    settling,
  );
}

/**
 * The most units of a meter, in millionths, whose rounded line is no more than `roomMinor`, as is the line of any fewer:
 * a millionth more would cost more than that. Null when any number of units is. The inverse of rating. None where units
 * do not say what they cost, as each event costs something of its own.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`
 */
export function unitsWithin(price: MeterPrice, roomMinor: bigint, settling: Settling): Big | null {
  const fits = (steps: bigint) => {
    const most = greatestLineMinor(price, new Big(steps.toString()).times(STEP), settling);
    return most !== null && most <= roomMinor;
  };
  if (fits(ENDLESS_STEPS)) return null;
  return new Big(lastThatFits(fits).toString()).times(STEP);
}

/** The bounds of the tiers that these units have left behind, where more units can cost less. */
function cliffsBelow(price: PriceModel, units: Big): Big[] {
  if (price.model !== 'volume') return [];
  const bounds = price.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [parseDecimal(upTo, 'upTo')]));
  return bounds.filter((bound) => bound.lt(units));
}

/** The last number of a row of numbers that fit, from 0 on; 0 when it does not fit either. */
function lastThatFits(fits: (steps: bigint) => boolean): bigint {
  let above = 1n;
  while (fits(above)) above *= 2n;
  let last = above / 2n;
  while (above - last > 1n) {
    const middle = (last + above) / 2n;
    if (fits(middle)) last = middle;
    else above = middle;
  }
  return last;
}
