import { Big } from 'big.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import type { PlanDefinition } from './plan-definition.js';

const PLACES = 12;

/** The fixed fee by the month: of a year a twelfth, to 12 places, for comparing plans. What is charged is never this. */
export function monthlyFee({ fixedFee, billingInterval }: PlanDefinition): Big {
  const fee = parseDecimal(fixedFee, 'fixedFee');
  return billingInterval === 'year' ? fee.div(12).round(PLACES) : fee;
}

/** The plan with its fixed fee by the month. */
export function byMonth(definition: PlanDefinition): PlanDefinition {
  return { ...definition, billingInterval: 'month', fixedFee: formatDecimal(monthlyFee(definition)) };
}
