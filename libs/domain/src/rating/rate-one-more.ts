import { Big } from 'big.js';
import type { DecimalString, PlanDefinition } from '../catalog/plan-definition.js';
import { addDecimals, formatDecimal } from '../money/decimal.js';
import { rateMeterAlone } from './rate-meter-alone.js';

/**
 * What `units` more of a meter add to a full month in which `used` units are billed already: exact, in major units, before
 * the line is rounded; below zero where a volume tier makes all units cheaper. "0" for a meter without a price. By the
 * function that rates periods.
 *
 * Null where the units alone do not decide it: prices of single events, and meters that do not add up.
 * @throws InvalidError `invalid_decimal`
 */
export function rateOneMore(
  definition: PlanDefinition,
  meter: string,
  { used, units }: { readonly used: DecimalString; readonly units: DecimalString },
): DecimalString | null {
  const price = definition.prices.find((one) => one.meter === meter);
  if (!price) return '0';
  if (price.price.model === 'percentage' || (price.aggregation ?? 'sum') !== 'sum') return null;
  const before = amountOf(definition, meter, used);
  return formatDecimal(amountOf(definition, meter, addDecimals(used, units)).minus(before));
}

function amountOf(definition: PlanDefinition, meter: string, quantity: DecimalString): Big {
  const { lines } = rateMeterAlone(definition, meter, quantity);
  return lines.reduce((sum, line) => sum.plus(line.unroundedAmount), new Big(0));
}
