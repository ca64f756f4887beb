import { z } from 'zod';
import { receivablesCursor } from './receivables-cursor.js';
import { money, organizationReference } from '../contract/value.schema.js';

export const receivablesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: receivablesCursor.optional().describe('The `next` of the page before.'),
});

export const receivableList = z
  .object({
    receivables: z
      .array(
        z
          .object({
            organization: organizationReference,
            issued: money.describe('Σ totals of all invoices with a number.'),
            withdrawn: money.describe('Σ totals of those that are void.'),
            credited: money.describe('What credit notes took off what was due.'),
            paid: money.describe('Payments, without what went on to the balance.'),
            balanceUsed: money.describe('Taken of the balance and not given back.'),
            writtenOff: money.describe('Given up as uncollectible.'),
            open: money.describe('What is due.'),
            carried: money.describe('Of that, what is too little to be charged and waits for a next invoice.'),
            agrees: z.boolean().describe('False when the others leave something else than what is due.'),
          })
          .meta({ id: 'Receivables', description: 'What an organization owes in a currency, and how it comes about.' }),
      )
      .readonly(),
    next: z.string().nullable().describe('The `after` of the next page; null on the last.'),
  })
  .meta({ id: 'ReceivablesList' });
