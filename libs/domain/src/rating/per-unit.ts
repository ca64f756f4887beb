import type { DecimalString } from '../catalog/plan-definition.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

/**
 * Every unit costs the same. The amount is exact; fractions of a unit cost their fraction.
 * @throws InvalidError `invalid_decimal`
 */
export function ratePerUnit(span: UnitSpan, unitAmount: DecimalString): PricedUnits {
  const units = span.to.minus(span.from);
  const amount = units.times(parseDecimal(unitAmount, 'unitAmount'));
  if (units.eq(0)) return { amount, breakdown: [] };

  const tier = {
    from: formatDecimal(span.from),
    upTo: null,
    units: formatDecimal(units),
    unitAmount,
    flatAmount: '0',
    amount: formatDecimal(amount),
  };
  return { amount, breakdown: [tier] };
}
