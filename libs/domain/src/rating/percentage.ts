import { Big } from 'big.js';
import type { PercentagePrice } from '../catalog/plan-definition.js';
import type { ChargeBasis, TierCharge } from '../invoice/invoice.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { breakdownRow } from './breakdown-row.js';
import { type EventTally, noEvents, rateOf } from './event-tally.js';
import type { PricedUnits } from './rated-line.js';

/**
 * A share of the value that is not free, a fixed part for each event that is not, and what minimum and maximum per event
 * add and take off. Of a period of which a part was rated before (`before`), what was added since.
 * @throws InvalidError `invalid_decimal`
 */
export function ratePercentage(tally: EventTally, price: PercentagePrice, before: EventTally = noEvents): PricedUnits {
  const grown = (field: keyof EventTally) => new Big(tally[field]).minus(before[field]);
  const rate = rateOf(price.ratePercent);
  const fixed = parseDecimal(price.fixedAmount ?? '0', 'fixedAmount');
  const value = grown('value').minus(grown('freeValue'));
  const events = grown('events').minus(grown('freeEvents'));
  const charges = [
    charge('included', grown('freeValue'), new Big(0), new Big(0)),
    charge('percentage', value, rate, value.times(rate)),
    charge('event', fixed.eq(0) ? new Big(0) : events, fixed, events.times(fixed)),
    charge('event_minimum', new Big(0), new Big(0), grown('raised')),
    charge('event_maximum', new Big(0), new Big(0), grown('lowered').neg()),
  ].filter(({ units, amount }) => units !== '0' || amount !== '0');
  return { amount: charges.reduce((sum, { amount }) => sum.plus(amount), new Big(0)), breakdown: charges };
}

function charge(basis: ChargeBasis, units: Big, unitAmount: Big, amount: Big): TierCharge {
  return breakdownRow({
    basis,
    units: formatDecimal(units),
    unitAmount: formatDecimal(unitAmount),
    amount: formatDecimal(amount),
  });
}
