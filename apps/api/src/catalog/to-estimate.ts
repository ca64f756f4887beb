import { type PlanDefinition, type RatedInvoice, type RatedLine, byMonth, oneEventEach, ratePlan } from '#domain';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { estimate, ratedLine } from './plan.schema.js';

export function toRatedLine(
  line: Pick<RatedLine, 'kind' | 'meter' | 'description' | 'quantity' | 'amountMinor' | 'breakdown'>,
  currency: string,
): z.input<typeof ratedLine> {
  return { ...line, amount: toMoney(line.amountMinor, currency) };
}

/** What quantities would cost in a month, by the function that rates invoices. */
export function estimateMonth(
  definition: PlanDefinition,
  quantities: Readonly<Record<string, string>>,
  nowMs: number,
): z.input<typeof estimate> {
  const period = { startMs: nowMs, endMs: nowMs };
  const events = oneEventEach(definition, quantities);
  return toEstimate(ratePlan({ definition: byMonth(definition), period, usage: quantities, events }));
}

function toEstimate(rated: Pick<RatedInvoice, 'currency' | 'lines' | 'subtotalMinor'>): z.input<typeof estimate> {
  return {
    lines: rated.lines.map((line) => toRatedLine(line, rated.currency)),
    subtotal: toMoney(rated.subtotalMinor, rated.currency),
  };
}
