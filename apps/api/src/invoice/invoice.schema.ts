import { MAX_REVIEW_HOURS } from '#services';
import { z } from 'zod';
import { ratedLine } from '../catalog/plan.schema.js';
import { tax, taxTreatment } from '../tax/tax.schema.js';
import {
  id,
  instant,
  instantInput,
  money,
  organizationReference,
  productReference,
  searchInput,
} from '../contract/value.schema.js';

export const invoiceState = z.enum([
  'draft',
  'review',
  'locked',
  'issued',
  'paid',
  'past_due',
  'uncollectible',
  'void',
]);

const invoiceLine = ratedLine.extend({ id, position: z.int() }).meta({ id: 'InvoiceLine' });

const payment = z
  .object({
    id,
    state: z.enum(['succeeded', 'failed']),
    method: z
      .enum(['card', 'transfer', 'out_of_band', 'chargeback'])
      .describe(
        '`out_of_band`: settled at the payment provider, by no payment that it knows of. `chargeback`: taken back by the bank of a card, below zero.',
      ),
    amount: money,
    createdAt: instant,
    failureMessage: z.string().nullable(),
  })
  .meta({ id: 'Payment' });

const refund = z
  .object({
    id,
    state: z
      .enum(['pending', 'succeeded', 'failed'])
      .describe('What failed is in the balance. A bank can still return what has succeeded.'),
    amount: money,
    providerRefundId: z.string().nullable(),
    failureMessage: z.string().nullable(),
    createdAt: instant,
    succeededAt: instant.nullable(),
    failedAt: instant.nullable(),
  })
  .meta({ id: 'Refund', description: 'What of a credit note goes to the card that paid.' });

const creditNote = z
  .object({
    id,
    number: z.string(),
    subtotal: money,
    tax: money,
    total: money,
    reduced: money.describe('What it took off what was due.'),
    refunded: money.describe('What goes to the card that paid; the rest of the total went to the balance.'),
    refund: refund.nullable().describe('Null when nothing goes to the card.'),
    reason: z.string(),
    issuedAt: instant,
  })
  .meta({ id: 'CreditNote', description: 'What was taken back of an invoice.' });

const bankAccount = z
  .object({
    iban: z.string(),
    bic: z.string().nullable(),
    referenceText: z.string().nullable().describe('What payers write before the number of the invoice.'),
  })
  .meta({ id: 'BankAccount' });

const replacement = z
  .object({ id, number: z.string().nullable().describe('Null for one that is in review.') })
  .meta({ id: 'InvoiceReplacement', description: 'Another invoice, by its name.' });

const carriedInvoice = z
  .object({ id, number: z.string(), amount: money.describe('What was due of it then.') })
  .meta({ id: 'CarriedInvoice', description: 'An invoice that was too little to be charged by itself.' });

export const invoice = z
  .object({
    id,
    number: z.string().nullable().describe('Null for a draft, and for an invoice over nothing.'),
    state: invoiceState,
    organization: organizationReference,
    product: productReference,
    seller: z
      .object({
        slug: z.string(),
        name: z.string(),
        addressLines: z.array(z.string()).readonly(),
        taxId: z.string().nullable(),
        country: z.string().nullable(),
        bankAccount: bankAccount.nullable().describe('Where transfers go.'),
      })
      .meta({ id: 'InvoiceSeller', description: 'The legal entity that invoices, as it was then.' }),
    buyer: z
      .object({
        name: z.string(),
        addressLines: z.array(z.string()).readonly(),
        country: z.string().nullable(),
        region: z.string().nullable(),
        postalCode: z.string().nullable().optional().describe('Absent on an invoice of before it was kept.'),
        taxIds: z.array(z.object({ country: z.string(), value: z.string() })).readonly(),
        purchaseOrderNumber: z.string().nullable(),
      })
      .meta({ id: 'InvoiceBuyer', description: 'Whom it is for, as they were then.' })
      .nullable(),
    taxTreatment: taxTreatment.nullable().describe('Null on an invoice of before taxes.'),
    periodStart: instant,
    periodEnd: instant,
    subtotal: money,
    tax: money,
    total: money,
    balanceApplied: money.describe('What was taken of the balance when it was issued.'),
    credited: money.describe('What credit notes took off what was due.'),
    paid: money.describe('What was paid of it, by card or otherwise.'),
    due: money.describe('What is left to pay.'),
    chargedBack: money.describe('What banks have taken back of its payments.'),
    isCarried: z
      .boolean()
      .describe('Too little to be charged: it waits to be collected with the next invoice, and is never past due.'),
    carriedAt: instant
      .nullable()
      .describe('When it was found to be less than the payment provider charges; null for others.'),
    collectedWith: replacement
      .nullable()
      .describe(
        'The invoice that it is, or was, collected with; null for one that was not carried, and while it waits.',
      ),
    carriedIn: money.describe('What is collected with it of invoices that were carried into it.'),
    asked: money.describe(
      'What the payment provider is to collect with it: its own amount and what is carried in; zero for one that was carried.',
    ),
    isDisputed: z.boolean().describe('A bank asks a payment of it back, and has not decided.'),
    reviewEndsAt: instant.nullable().describe('When it is issued at the latest; null for one that is not looked at.'),
    issuedAt: instant.nullable(),
    paymentMethod: z.enum(['card', 'transfer']).describe('How it is paid.'),
    netDays: z.int().describe('Days from issue to the last one on which a transfer is in time.'),
    dueAt: instant.nullable().describe('The last moment at which a payment is in time; null without a number.'),
    pastDueSince: instant.nullable().describe('Since when it is past due, or was before it was paid.'),
    paidAt: instant.nullable(),
    voidReason: z.string().nullable().describe('Why it was withdrawn.'),
    replaces: replacement.nullable().describe('The void invoice in whose place it was made.'),
    replacedBy: replacement.nullable().describe('The invoice that was made in the place of this void one.'),
    hostedUrl: z.string().nullable().describe('The payment provider’s page of the invoice.'),
    hostedPdfUrl: z.string().nullable().describe('The payment provider’s own document of the invoice, as a PDF.'),
    failureMessage: z
      .string()
      .nullable()
      .describe('Why the last attempt to collect it failed; of one that is held, only finance is told why.'),
    isHeld: z
      .boolean()
      .describe('The payment provider has it differently: nothing is charged until it is built anew there.'),
    carriedInvoices: z.array(carriedInvoice).readonly().optional(),
    lines: z.array(invoiceLine).readonly().optional(),
    taxes: z.array(tax).readonly().optional(),
    payments: z.array(payment).readonly().optional(),
    creditNotes: z.array(creditNote).readonly().optional(),
  })
  .meta({
    id: 'Invoice',
    description: 'Lines, payments and credit notes are in the answer about one invoice, not in lists.',
  });

export const invoiceList = z
  .object({
    invoices: z.array(invoice).readonly(),
    next: z.string().nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'InvoiceList' });

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: id.optional().describe('Invoices older than the one with this id.'),
});

/** What finance looks for among documents of all organizations. */
export const issuedQuery = z.strictObject({
  from: instantInput.optional().describe('Issued at this instant or later.'),
  to: instantInput.optional().describe('Issued before this instant.'),
  organizationId: id.optional().describe('Of this organization.'),
  search: searchInput
    .optional()
    .describe('A part of a number or of the name of the organization, or the whole id of the invoice.'),
});

export const invoiceFilterQuery = issuedQuery.extend({ state: invoiceState.optional() });

/** The same as a filter: what finance sees of an organization, in review too. */
export function toFinanceFilter<Query extends z.output<typeof issuedQuery>>({ organizationId, ...query }: Query) {
  return { ...query, payerId: organizationId };
}

export const invoicePageQuery = invoiceFilterQuery.extend(pageQuery.shape);

export const issuedInvoice = z
  .object({ id, number: z.string().nullable().describe('Null for an invoice over nothing.') })
  .meta({ id: 'IssuedInvoice' });

export const voidInput = z
  .strictObject({
    reason: z.string().trim().min(1).max(500),
    reissue: z.boolean().default(false).describe('Makes another invoice of the same period in its place.'),
  })
  .meta({ id: 'VoidInvoiceInput' });

export const reasonInput = z.strictObject({ reason: z.string().trim().min(1).max(500) }).meta({ id: 'ReasonInput' });

export const replacementReference = z
  .object({ replacementId: id.nullable().describe('The invoice that was made in its place, or null.') })
  .meta({ id: 'ReplacementReference' });

export const reviewWindow = z
  .strictObject({
    hours: z.int().min(0).max(MAX_REVIEW_HOURS).describe('How long invoices wait in review; 0 issues them at once.'),
  })
  .meta({ id: 'ReviewWindow' });
