import { Big } from 'big.js';
import type { UnitConversion } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { divideWhole } from '../money/whole-division.js';

const DOWN = 0;
const UP = 3;
const HALF_AWAY_FROM_ZERO = 1;
/** The places of a quantity that is not rounded to whole units. */
const PLACES = 12;
const modes = { up: UP, down: DOWN, half_up: HALF_AWAY_FROM_ZERO } as const;

/**
 * Billable units of a meter as the units that its price is for: 1400 tokens divided by 1000 and rounded up are 2. Never
 * fewer for more units. What is not rounded to whole units is cut off after 12 decimal places.
 * @throws InvalidError `invalid_decimal`
 */
export function convertUnits(units: Big, { operation, factor, round }: UnitConversion): Big {
  const by = parseDecimal(factor, 'factor');
  if (operation === 'multiply') {
    const product = units.times(by);
    return round === 'none' ? product.round(PLACES, DOWN) : product.round(0, modes[round]);
  }
  if (round === 'none') return divideWhole(units.times(`1e${PLACES}`), by).whole.times(`1e-${PLACES}`);
  const { whole, remainder } = divideWhole(units, by);
  const isUp = round === 'up' ? remainder.gt(0) : round === 'half_up' && remainder.times(2).gte(by);
  return isUp ? whole.plus(1) : whole;
}
