import { z } from 'zod';
import { id, money } from '../contract/value.schema.js';

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

export const creditNotePreviewInput = creditNoteInput.omit({ reason: true }).meta({ id: 'CreditNotePreviewInput' });

export const creditNotePreview = z
  .object({
    subtotal: money,
    tax: money,
    total: money,
    reduced: money.describe('What it would take off what is due.'),
    refundable: money.describe('What of it could go to the card that paid; the rest goes to the balance.'),
  })
  .meta({ id: 'CreditNotePreview', description: 'What a credit note, or a refund, would be.' });

export const creditNoteReference = z.object({ id, number: z.string() }).meta({ id: 'CreditNoteReference' });
