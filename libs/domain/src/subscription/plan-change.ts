import { monthlyFee } from '../catalog/monthly-fee.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';

/** When a change of plan takes effect: at once, or when the period that is under way ends. */
export type ChangeWhen = 'now' | 'period_end';

/**
 * When a change takes effect if nobody says: a plan with a higher fixed fee is an upgrade and begins at once, any other with
 * the next period. Fees are compared by the month. Both plans are in one currency.
 */
export function usualChange(from: PlanDefinition, to: PlanDefinition): ChangeWhen {
  return monthlyFee(to).gt(monthlyFee(from)) ? 'now' : 'period_end';
}

/** The meters that a plan limits with a hard quota. */
export function hardQuotaMeters({ quotas }: PlanDefinition): string[] {
  return [...new Set(quotas.filter(({ enforcement }) => enforcement === 'hard').map(({ meter }) => meter))];
}
