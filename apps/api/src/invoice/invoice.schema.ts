import { z } from 'zod';
import { ratedLine } from '../catalog/plan.schema.js';
import { id, instant, instantInput, money, organizationReference, productReference } from '../contract/value.schema.js';

export const invoiceState = z.enum(['draft', 'issued', 'paid', 'past_due', 'void']);

const invoiceLine = ratedLine.extend({ position: z.int() }).meta({ id: 'InvoiceLine' });

const payment = z
  .object({
    id,
    state: z.enum(['succeeded', 'failed']),
    amount: money,
    createdAt: instant,
    failureMessage: z.string().nullable(),
  })
  .meta({ id: 'Payment' });

export const invoice = z
  .object({
    id,
    number: z.string().nullable().describe('Null for a draft, and for an invoice over nothing.'),
    state: invoiceState,
    organization: organizationReference,
    product: productReference,
    periodStart: instant,
    periodEnd: instant,
    subtotal: money,
    tax: money,
    total: money,
    issuedAt: instant.nullable(),
    paidAt: instant.nullable(),
    hostedUrl: z.string().nullable().describe('The payment provider’s page of the invoice.'),
    failureMessage: z.string().nullable().describe('Why the last attempt to collect it failed.'),
    lines: z.array(invoiceLine).readonly().optional(),
    payments: z.array(payment).readonly().optional(),
  })
  .meta({ id: 'Invoice', description: 'Lines and payments are in the answer about one invoice, not in lists.' });

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

export const invoiceFilterQuery = z.strictObject({
  state: invoiceState.optional(),
  from: instantInput.optional().describe('Issued at this instant or later.'),
  to: instantInput.optional().describe('Issued before this instant.'),
});

export const invoicePageQuery = invoiceFilterQuery.extend(pageQuery.shape);
