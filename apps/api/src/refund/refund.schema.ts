import { z } from 'zod';
import { adjustment } from '../balance/balance.schema.js';
import { reasonInput } from '../invoice/invoice.schema.js';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { proposalQuery } from '../contract/proposal-page.js';
import { id, instant, instantInput, money, organizationReference } from '../contract/value.schema.js';

const proposalState = z.enum(['proposed', 'approved', 'refused']);

export const refundProposalReference = z
  .object({ id, state: proposalState, amount: money.describe('What goes to the card.') })
  .meta({ id: 'RefundProposalReference' });

const refundProposal = adjustment
  .extend({
    amount: money.describe('What goes to the card.'),
    credited: money.describe('The total of the credit note; what does not go to the card goes to the balance.'),
    invoiceId: id,
    invoiceNumber: z.string().nullable(),
    refundState: z
      .enum(['pending', 'succeeded', 'failed'])
      .nullable()
      .describe('Null unless it was approved. What failed is in the balance.'),
  })
  .meta({ id: 'RefundProposal', description: 'A refund to the card, for which two people are needed.' });

/** What the payment provider calls something. */
export const providerId = z.string().min(1).max(255);

const foundRefund = z
  .object({
    providerRefundId: z.string().describe('What the payment provider calls it.'),
    invoiceId: id,
    invoiceNumber: z.string().nullable(),
    organization: organizationReference,
    amount: money,
    state: z.enum(['pending', 'succeeded', 'failed']),
    foundAt: instant,
    isProposed: z.boolean().describe('Somebody has proposed to record it.'),
  })
  .meta({
    id: 'FoundRefund',
    description:
      'What of a refund that somebody made in the payment provider’s own pages is of one invoice: all of it, unless its charge paid several.',
  });

export const foundRefundInput = reasonInput
  .extend({ invoiceId: id.describe('Which of the invoices that the refund is of.') })
  .meta({ id: 'FoundRefundInput' });

/** Where a list of found refunds goes on, as text: when it was found, its invoice and its id at the provider. */
const foundRefundPlace = placeOf(
  z
    .tuple([instantInput, id, z.string()])
    .transform(([foundAt, invoiceId, providerRefundId]) => ({ foundAt, invoiceId, providerRefundId })),
  3,
);

const ofInvoice = { invoiceId: id.optional().describe('Only those of this invoice.') };

export const foundRefundQuery = z.strictObject({ ...pageAfter(foundRefundPlace).shape, ...ofInvoice });

export const refundProposalQuery = z.strictObject({ ...proposalQuery.shape, ...ofInvoice });

export const foundRefundList = z
  .object({
    refunds: z.array(foundRefund).readonly().describe('Those that no credit note records, oldest first.'),
    next: nextAfter,
  })
  .meta({ id: 'FoundRefundList' });

export const refundProposalList = z
  .object({ proposals: z.array(refundProposal).readonly(), next: nextAfter })
  .meta({ id: 'RefundProposalList' });
