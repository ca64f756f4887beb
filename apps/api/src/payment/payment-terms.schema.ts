import { MAX_NET_DAYS } from '#domain';
import { z } from 'zod';

export const paymentTerms = z
  .strictObject({
    method: z.enum(['card', 'transfer']),
    netDays: z
      .int()
      .min(0)
      .max(MAX_NET_DAYS)
      .default(0)
      .describe('Days from issue to the last one on which a transfer is in time; 0 for a card.'),
  })
  .meta({ id: 'PaymentTerms', description: 'How an organization pays the invoices that are issued from now on.' });
