import type { ExplainedLine } from '#services';
import type { z } from 'zod';
import { toRatedLine } from '../catalog/to-estimate.js';
import type { explainedLine } from './invoice-line.schema.js';

/** A line with what the calls behind it come to, as finance and its payer see it. */
export function toExplainedLine({ invoice, line, ...found }: ExplainedLine): z.input<typeof explainedLine> {
  return {
    ...found,
    invoice,
    position: line.position,
    line: toRatedLine(line, invoice.currency),
    periodStart: line.periodStart,
  };
}
