import type { DecimalString, PlanDefinition } from '../catalog/plan-definition.js';
import { oneEventEach } from './event-tally.js';
import { type RatedInvoice, ratePlan } from './rate-plan.js';

/**
 * What a full month of one meter costs, in the lines that an invoice has for it: its usage, and what it takes to its
 * minimum. By the function that rates periods; where single events decide, all units are one event.
 * @throws InvalidError `invalid_decimal` or `unknown_currency`, which a validated definition never does
 */
export function rateMeterAlone(
  definition: PlanDefinition,
  meter: string,
  quantity: DecimalString,
): Pick<RatedInvoice, 'currency' | 'lines' | 'subtotalMinor'> {
  const alone: PlanDefinition = {
    ...definition,
    billingInterval: 'month',
    fixedFee: '0',
    prices: definition.prices.filter((price) => price.meter === meter),
  };
  const usage = { [meter]: quantity };
  return ratePlan({ definition: alone, period: { startMs: 0, endMs: 0 }, usage, events: oneEventEach(alone, usage) });
}
