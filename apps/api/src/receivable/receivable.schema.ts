import { z } from 'zod';
import { money, organizationReference } from '../contract/value.schema.js';

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
  })
  .meta({ id: 'ReceivablesList' });
