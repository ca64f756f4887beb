import { z } from 'zod';
import { id } from '../contract/value.schema.js';

const credited = z.strictObject({
  lineId: id,
  amountMinor: z
    .string()
    .regex(/^[0-9]{1,16}$/, 'expected whole minor units of the currency, such as "1250" for 12.50 EUR')
    .transform(BigInt)
    .nullable()
    .default(null)
    .describe('Whole minor units in digits; null for all that is left of the line.'),
});

export const creditNoteInput = z
  .strictObject({
    reason: z.string().trim().min(1).max(500),
    lines: z
      .array(credited)
      .min(1)
      .max(1000)
      .nullable()
      .default(null)
      .describe('What is given back of which lines; null for all that is left of the invoice.'),
  })
  .meta({ id: 'CreditNoteInput' });

export const creditNoteReference = z.object({ id, number: z.string() }).meta({ id: 'CreditNoteReference' });
