import { Big } from 'big.js';
import type { PriceTier } from '../catalog/plan-definition.js';
import { isMoney } from '../catalog/price-charges.js';
import type { TierCharge } from '../invoice/invoice.js';
import { larger, smaller } from '../money/bounds.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

/**
 * Each unit costs what the tier it falls into says. A tier holds the units above the bound of the tier before it, up to
 * and including its own: with a first tier up to 1000, unit 1000 has the first price and unit 1001 the second, and
 * 1000.5 units take half a unit of the second.
 *
 * A tier's flat amount is charged once, when the first unit, or part of one, falls into it. The first tier is no
 * exception: a period without billable units enters no tier and costs nothing, unless the price says
 * `flatWithoutUsage`: then its first flat amount is owed from the start.
 *
 * A span that begins above zero pays only for its own units, at the tiers where they lie; a tier that the earlier units
 * had entered does not charge its flat amount again. So spans that adjoin cost together what one span over both costs.
 * @throws InvalidError `invalid_decimal`
 */
export function rateGraduated(span: UnitSpan, tiers: readonly PriceTier[], flatWithoutUsage = false): PricedUnits {
  const breakdown: TierCharge[] = [];
  let total = new Big(0);
  let lowerBound = new Big(0);

  for (const [index, tier] of tiers.entries()) {
    const isOwedAnyway = flatWithoutUsage && index === 0 && isMoney(tier.flatAmount);
    const upperBound = tier.upTo === null ? null : parseDecimal(tier.upTo, 'upTo');
    const from = larger(span.from, lowerBound);
    const to = upperBound === null ? span.to : smaller(span.to, upperBound);

    if (to.gt(from) || (isOwedAnyway && span.from.eq(0) && !span.continues)) {
      const units = to.minus(from);
      const enteredBefore = span.from.gt(lowerBound) || (isOwedAnyway && span.continues === true);
      const flatAmount = enteredBefore ? '0' : tier.flatAmount;
      const amount = units
        .times(parseDecimal(tier.unitAmount, 'unitAmount'))
        .plus(parseDecimal(flatAmount, 'flatAmount'));
      breakdown.push({
        from: formatDecimal(from),
        upTo: tier.upTo,
        units: formatDecimal(units),
        unitAmount: tier.unitAmount,
        flatAmount,
        amount: formatDecimal(amount),
      });
      total = total.plus(amount);
    }

    if (upperBound === null) break;
    lowerBound = upperBound;
  }
  return { amount: total, breakdown };
}
