import type { PlanDefinition } from '../catalog/plan-definition.js';
import { type TimeSpan, monthlyPeriodAt } from './monthly-period.js';
import { yearlyPeriodAt } from './yearly-period.js';

/**
 * The span that one fixed fee of a plan pays for, the one that holds the instant `atMs`: a month or a year of the anchor.
 * Each begins and ends with a billing period.
 */
export function feePeriodAt(interval: PlanDefinition['billingInterval'], anchorMs: number, atMs: number): TimeSpan {
  const { startMs, endMs } = interval === 'year' ? yearlyPeriodAt(anchorMs, atMs) : monthlyPeriodAt(anchorMs, atMs);
  return { startMs, endMs };
}
