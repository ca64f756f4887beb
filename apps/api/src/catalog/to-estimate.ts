import type { RatedInvoice, RatedLine } from '#domain';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { estimate, ratedLine } from './plan.schema.js';

export function toRatedLine(
  line: Pick<RatedLine, 'kind' | 'meter' | 'description' | 'quantity' | 'amountMinor' | 'breakdown'>,
  currency: string,
): z.input<typeof ratedLine> {
  return { ...line, amount: toMoney(line.amountMinor, currency) };
}

export function toEstimate(
  rated: Pick<RatedInvoice, 'currency' | 'lines' | 'subtotalMinor'>,
): z.input<typeof estimate> {
  return {
    lines: rated.lines.map((line) => toRatedLine(line, rated.currency)),
    subtotal: toMoney(rated.subtotalMinor, rated.currency),
  };
}
