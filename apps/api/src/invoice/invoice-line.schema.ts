import { AGGREGATIONS } from '#domain';
import { z } from 'zod';
import { ratedLine } from '../catalog/plan.schema.js';
import { decimal, id, instant } from '../contract/value.schema.js';

/** The position of a line in a path; what is none is the line of no invoice. */
export const linePosition = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);

export const explainedLine = z
  .object({
    invoice: z.object({ id, number: z.string().nullable() }),
    position: z.int(),
    line: ratedLine,
    periodStart: instant.describe('Of the usage: of a late line an earlier one than the invoice’s.'),
    aggregation: z.enum(AGGREGATIONS).nullable().describe('Null for a line that is not of a meter’s usage.'),
    eventCount: z.int().describe('Calls that the line bills.'),
    units: decimal.nullable().describe('What these calls come to, added up anew.'),
    agrees: z.boolean().describe('False when that is not the quantity of the line.'),
  })
  .meta({ id: 'ExplainedLine' });

export const lineRequestQuery = z.strictObject({
  after: id.optional().describe('The next of the page before.'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const lineRequestFileQuery = z.strictObject({
  after: id.optional().describe('The last request of the file before.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100_000)
    .describe('How many requests the file has at most; the next file begins `after` the last id of this one.'),
});

export const lineRequestList = z
  .object({
    requests: z
      .array(
        z
          .object({
            requestId: id,
            admittedAt: instant,
            keyId: z.string(),
            operation: z.string().nullable(),
            method: z.string().nullable(),
            status: z.int().nullable(),
            quantity: decimal.describe('Units of the line’s meter.'),
          })
          .meta({ id: 'LineRequest' }),
      )
      .readonly(),
    next: id.nullable().describe('Where the next page begins; null after the last.'),
  })
  .meta({ id: 'LineRequestList' });
