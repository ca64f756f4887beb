import { z } from 'zod';
import { nextAfter } from '../contract/page.schema.js';
import { id, instant, money, organizationReference } from '../contract/value.schema.js';

const balance = z
  .object({
    seller: z.object({ slug: z.string(), name: z.string() }).meta({ id: 'SellerReference' }),
    amount: money,
  })
  .meta({ id: 'Balance', description: 'What an organization has in store with a seller, in one currency.' });

const balanceEntry = z
  .object({
    id,
    kind: z.enum(['excess_credit', 'applied', 'released', 'overpayment', 'adjustment', 'credit_note', 'refund_failed']),
    seller: z.string().describe('The slug of the seller.'),
    amount: money.describe('Positive in favour of the organization.'),
    balance: money.describe('With this entry.'),
    reason: z.string(),
    invoiceId: id.nullable(),
    invoiceNumber: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'BalanceEntry' });

export const balanceStatement = z
  .object({
    balances: z.array(balance).readonly(),
    entries: z.array(balanceEntry).readonly().describe('Newest first.'),
    next: z.string().nullable().describe('The `before` of the next page of entries, or null.'),
  })
  .meta({ id: 'BalanceStatement' });

export const adjustment = z
  .object({
    id,
    organization: organizationReference,
    seller: z.string().describe('The slug of the seller.'),
    amount: money.describe('Positive in favour of the organization.'),
    reason: z.string(),
    state: z.enum(['proposed', 'approved', 'refused']),
    proposedBy: z.string().describe('The name of the person; "command line" for the operator there.'),
    isOwn: z.boolean().describe('True when you proposed it: then another person must approve it.'),
    proposedAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'Adjustment', description: 'A change of a balance by hand, for which two people are needed.' });

export const adjustmentList = z
  .object({ adjustments: z.array(adjustment).readonly(), next: nextAfter })
  .meta({ id: 'AdjustmentList' });

export const minorInput = z
  .string()
  .regex(/^-?[0-9]{1,16}$/, 'expected whole minor units of the currency, such as "1250" for 12.50 EUR')
  .transform(BigInt);

export const proposal = z
  .strictObject({
    currency: z.string().describe('ISO 4217 code.'),
    amountMinor: minorInput.describe('Whole minor units in digits: positive in favour of the organization.'),
    reason: z.string().trim().min(1).max(500),
    seller: z
      .string()
      .optional()
      .describe('The slug of the seller; default: the one of publishers that name no other.'),
  })
  .meta({ id: 'AdjustmentProposal' });

export const adjustmentReference = z
  .object({ id, state: z.enum(['proposed', 'approved', 'refused']) })
  .meta({ id: 'AdjustmentReference' });
