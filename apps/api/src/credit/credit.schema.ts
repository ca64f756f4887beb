import { z } from 'zod';
import { minorInput } from '../balance/balance.schema.js';
import { nextAfter } from '../contract/page.schema.js';
import { id, instant, instantInput, money, organizationReference } from '../contract/value.schema.js';

const seller = z.object({ slug: z.string(), name: z.string() }).meta({ id: 'SellerReference' });
const source = z.enum(['purchased', 'promotional', 'adjustment']);

const creditStore = z
  .object({
    seller,
    remaining: money.describe('Granted, and neither burned by an invoice nor expired.'),
    pending: money.describe('What the periods under way would burn of it if they ended now.'),
    available: money.describe('The rest.'),
    runsOutAt: instant
      .nullable()
      .describe('An estimate of when nothing is left, if usage goes on like this; null when it is not within a year.'),
  })
  .meta({ id: 'CreditStore', description: 'Prepaid credits with a seller, in one currency.' });

const creditGrant = z
  .object({
    id,
    seller,
    source,
    amount: money,
    remaining: money,
    priority: z.int().describe('The lowest burns first.'),
    product: z.object({ id, title: z.string() }).nullable().describe('The only product whose usage it pays.'),
    meter: z.string().nullable().describe('The only meter whose usage it pays.'),
    reason: z.string(),
    grantedAt: instant,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'CreditGrant' });

const creditEntry = z
  .object({
    grantId: id,
    number: z.int().describe('Counts the entries of a grant.'),
    kind: z
      .enum(['burned', 'returned', 'expired'])
      .describe(
        '`returned`: of an invoice that became void; with a date, as usage that they had paid gave something back.',
      ),
    amount: money.describe('Below zero for what is gone.'),
    remaining: money.describe('What was left of the grant then.'),
    reason: z.string().describe('Of the grant.'),
    invoiceId: id.nullable(),
    invoiceNumber: z.string().nullable(),
    createdAt: instant.nullable().describe('Null for what came back, or was taken back, when its invoice became void.'),
  })
  .meta({ id: 'CreditEntry' });

const creditPack = z
  .object({
    slug: z.string(),
    title: z.string(),
    price: money.nullable().describe('Before tax; null when the buyer chooses the amount.'),
    credits: money.nullable().describe('What it grants.'),
    minimum: money.nullable(),
    maximum: money.nullable(),
    validDays: z.int().nullable().describe('From the payment on; null for ever.'),
  })
  .meta({ id: 'CreditPack' });

const creditOffer = z
  .object({
    subscriptionId: id,
    product: z.object({ id, title: z.string() }),
    seller: z.string().describe('The slug of the seller.'),
    currency: z.string(),
    packs: z.array(creditPack).readonly(),
  })
  .meta({ id: 'CreditOffer', description: 'What a product sells of credits, in the currency of the plan.' });

const purchaseUnderWay = z
  .object({
    invoiceId: id,
    invoiceNumber: z.string().nullable(),
    title: z.string(),
    price: money.describe('Before tax.'),
    origin: z.enum(['person', 'top_up']),
    hasFailed: z.boolean().describe('The last attempt to collect it failed.'),
    isOnPage: z.boolean().describe('It waits to be paid on the payment provider’s page.'),
  })
  .meta({ id: 'CreditPurchaseUnderWay' });

const topUp = z
  .object({
    seller: z.string().describe('The slug of the seller.'),
    subscriptionId: id,
    pack: z.string(),
    amount: money.nullable().describe('Of a pack whose amount the buyer chooses.'),
    threshold: money,
    monthlyLimit: money.describe('The most that is charged in a calendar month (UTC), before tax.'),
    state: z.enum(['active', 'stopped']).describe('Stopped after a payment that failed.'),
  })
  .meta({ id: 'CreditTopUp' });

const chosenPack = z.strictObject({
  subscriptionId: id.describe('The subscription whose product sells the pack.'),
  pack: z.string().describe('Slug of the pack.'),
  amountMinor: minorInput
    .nullable()
    .default(null)
    .describe('Whole minor units, of a pack that leaves the amount to the buyer.'),
});

export const creditPurchase = chosenPack
  .extend({
    payment: z
      .enum(['saved_card', 'page'])
      .default('saved_card')
      .describe('Charged to the saved card at once, or paid by the buyer on the payment provider’s page.'),
  })
  .meta({ id: 'CreditPurchase' });

const paymentUrl = z
  .string()
  .nullable()
  .describe('The payment provider’s page; null when nothing is to be paid there.');

export const creditPurchaseInvoice = z
  .object({ id, number: z.string().nullable(), paymentUrl })
  .meta({ id: 'CreditPurchaseInvoice', description: 'The credits are there when it is paid.' });

export const creditPaymentPage = z.object({ paymentUrl }).meta({ id: 'CreditPaymentPage' });

export const topUpInput = chosenPack
  .extend({
    thresholdMinor: minorInput.describe('Credits are bought when less is left, in whole minor units.'),
    monthlyLimitMinor: minorInput.describe('The most that is charged in a calendar month (UTC), before tax.'),
  })
  .meta({ id: 'CreditTopUpInput' });

export const topUpKey = z.strictObject({ seller: z.string(), currency: z.string() });

export const creditStatement = z
  .object({
    offers: z.array(creditOffer).readonly(),
    purchases: z.array(purchaseUnderWay).readonly().describe('Those that are not paid yet.'),
    topUps: z.array(topUp).readonly(),
    stores: z.array(creditStore).readonly(),
    grants: z
      .array(creditGrant)
      .readonly()
      .describe('Those with something left first, in the order in which they burn.'),
    entries: z.array(creditEntry).readonly().describe('The newest hundred.'),
  })
  .meta({ id: 'CreditStatement' });

export const creditProposal = z
  .strictObject({
    currency: z.string().describe('ISO 4217 code.'),
    amountMinor: minorInput.describe('Whole minor units in digits, more than 0.'),
    reason: z.string().trim().min(1).max(200).describe('The organization sees it.'),
    source: z.enum(['promotional', 'adjustment']).default('promotional'),
    priority: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('The lowest burns first; default 10. Bought credits have 50.'),
    product: z.string().optional().describe('Slug of the only product whose usage they pay.'),
    meter: z.string().optional().describe('Slug of the only meter of that product.'),
    expiresAt: instantInput.optional(),
    seller: z
      .string()
      .optional()
      .describe('The slug of the seller; default: the product’s, or the one of publishers that name no other.'),
  })
  .meta({ id: 'CreditProposalInput' });

export const creditProposalReference = z
  .object({ id, state: z.enum(['proposed', 'approved', 'refused']) })
  .meta({ id: 'CreditProposalReference' });

const listedCreditProposal = z
  .object({
    id,
    organization: organizationReference,
    seller: z.string().describe('The slug of the seller.'),
    source,
    amount: money,
    reason: z.string(),
    expiresAt: instant.nullable(),
    state: z.enum(['proposed', 'approved', 'refused']),
    proposedBy: z.string().describe('The name of the person; "command line" for the operator there.'),
    isOwn: z.boolean().describe('True when you proposed them: above the limit another person must approve them.'),
    proposedAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'CreditProposal', description: 'Credits that finance gives; above a limit two people are needed.' });

export const creditProposalList = z
  .object({ proposals: z.array(listedCreditProposal).readonly(), next: nextAfter })
  .meta({ id: 'CreditProposalList' });
