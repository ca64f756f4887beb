import type { PercentageTier } from '../catalog/plan-definition.js';
import { formatDecimal } from '../money/decimal.js';
import { rateOf } from './event-tally.js';
import { rateGraduated } from './graduated.js';
import type { PricedUnits, UnitSpan } from './rated-line.js';

/**
 * Each tier takes its share of the value that falls into it, as a graduated price does of units.
 * @throws InvalidError `invalid_decimal`
 */
export function rateGraduatedPercentage(
  span: UnitSpan,
  tiers: readonly PercentageTier[],
  flatWithoutUsage = false,
): PricedUnits {
  const unitTiers = tiers.map(({ upTo, ratePercent, flatAmount }) => ({
    upTo,
    unitAmount: formatDecimal(rateOf(ratePercent)),
    flatAmount,
  }));
  const { amount, breakdown } = rateGraduated(span, unitTiers, flatWithoutUsage);
  return { amount, breakdown: breakdown.map((charge) => ({ ...charge, basis: 'percentage' as const })) };
}
