import { MAX_NET_DAYS } from '#domain';
import { z } from 'zod';

const method = z.enum(['card', 'transfer']);
const netDays = z
  .int()
  .min(0)
  .max(MAX_NET_DAYS)
  .describe('Days from issue to the last one on which a transfer is in time; 0 for a card.');

export const paymentTerms = z
  .object({ method, netDays })
  .meta({ id: 'PaymentTerms', description: 'How an organization pays the invoices that are issued from now on.' });

export const paymentTermsInput = z
  .strictObject({ method, netDays: netDays.default(0) })
  .meta({ id: 'PaymentTermsInput' });
