import { z } from 'zod';
import { id, instant, money, organizationReference } from '../contract/value.schema.js';

const resolution = z.enum(['reopened', 'written_off']);

const dispute = z
  .object({
    id,
    invoiceId: id,
    invoiceNumber: z.string().nullable(),
    organization: organizationReference,
    amount: money.describe('What of the payment is disputed.'),
    state: z
      .enum(['needs_response', 'under_review', 'won', 'lost', 'closed'])
      .describe('`closed`: an inquiry that is over, or a dispute that never took money.'),
    isInquiry: z.boolean().describe('The bank only asks: no money is taken.'),
    reason: z.string().describe('In the words of the payment provider, such as `fraudulent`.'),
    evidenceDueAt: instant.nullable().describe('Until when evidence can be handed in.'),
    providerUrl: z.string().describe('The payment provider’s page on which evidence is handed in.'),
    openedAt: instant,
    withdrawnAt: instant.nullable().describe('When the payment provider was seen to have taken the money.'),
    reinstatedAt: instant.nullable().describe('When it was seen to have given the money back.'),
    closedAt: instant.nullable(),
    resolution: resolution
      .nullable()
      .describe('Of a lost one: its invoice is due again, or is given up. Proposed while `decidedAt` is null.'),
    resolutionReason: z.string().nullable(),
    proposedBy: z.string().nullable(),
    isOwn: z.boolean().describe('True when you have proposed what waits for approval.'),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'Dispute', description: 'A payment that the bank of the card asks back.' });

export const disputeList = z
  .object({
    disputes: z.array(dispute).readonly().describe('Newest first.'),
    next: z.string().nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'DisputeList' });

export const disputeQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: id.optional().describe('Disputes older than the one with this id.'),
  invoiceId: id.optional(),
  unresolved: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Only those that wait for the bank, or for a decision of finance.'),
});

export const resolutionInput = z
  .strictObject({
    resolution: resolution.describe('`written_off` waits for the approval of another person.'),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'DisputeResolutionInput' });

export const disputeReference = z
  .object({ id, resolution: resolution.nullable(), decidedAt: instant.nullable() })
  .meta({ id: 'DisputeReference' });
