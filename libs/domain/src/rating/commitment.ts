import type { PlanDefinition } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { settle } from '../money/minor-units.js';

/**
 * What a subscriber to the plan owes for the usage of a full period at least, whatever was used: the sum of the minimums of its
 * meters, each rounded as its line is, in minor units.
 */
export function committedMinor(definition: PlanDefinition): bigint {
  return definition.prices
    .map(({ minimumAmount }) => (minimumAmount === undefined ? 0n : settle(parseDecimal(minimumAmount), definition)))
    .reduce((sum, minimum) => sum + minimum, 0n);
}
