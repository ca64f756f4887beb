import { z } from 'zod';
import { adjustment } from '../balance/balance.schema.js';
import { id, money } from '../contract/value.schema.js';

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

export const refundProposalList = z
  .object({ proposals: z.array(refundProposal).readonly() })
  .meta({ id: 'RefundProposalList' });
