import { NotFoundError, askedMinor, collectedMinor, dueMinor, formatMinor } from '#domain';
import {
  type InvoiceFilter,
  type InvoiceParts,
  type ListedInvoice,
  listInvoicePage,
  listInvoiceParts,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import type { InvoiceReference } from './find-invoices.js';
import { inScopeOf, issuedInvoicePages } from './invoice-tables.js';

/** Invoices whose lines are in memory at a time. */
const PAGE_SIZE = 100;

/**
 * The issued invoices that the filter selects as JSON lines, oldest first: each a document with its lines down to the tiers, its
 * payments and its credit notes. Amounts are strings in major units with all places of the currency, quantities and exact amounts
 * are decimal strings, instants ISO 8601 in UTC. No more than a page of them is in memory.
 */
export async function* exportInvoicesNdjson(
  context: ServiceContext,
  filter: InvoiceFilter = {},
  pageSize = PAGE_SIZE,
): AsyncGenerator<string, void, undefined> {
  for await (const invoices of issuedInvoicePages(context, filter, pageSize)) {
    const parts = await inScopeOf(context, filter, (transaction) =>
      listInvoiceParts(
        transaction,
        invoices.map(({ id }) => id),
      ),
    );
    yield invoices.map((invoice) => `${JSON.stringify(invoiceJson(invoice, parts))}\n`).join('');
  }
}

/** One invoice as `exportInvoicesNdjson` has it, of `parts` its own. */
export function invoiceJson(invoice: ListedInvoice, parts: InvoiceParts): Readonly<Record<string, unknown>> {
  const { id, currency } = invoice;
  const money = (amountMinor: bigint) => formatMinor(amountMinor, currency);
  const isOwn = ({ invoiceId }: { readonly invoiceId: string }) => invoiceId === id;
  return {
    id,
    number: invoice.number,
    state: invoice.state,
    issuedAt: invoice.issuedAt,
    dueAt: invoice.dueAt,
    pastDueSince: invoice.pastDueSince,
    paidAt: invoice.paidAt,
    paymentTerms: { method: invoice.paymentMethod, netDays: invoice.netDays },
    organization: invoice.organization,
    seller: { slug: invoice.sellerSlug, ...invoice.seller },
    buyer: invoice.buyer,
    product: invoice.product,
    subscriptionId: invoice.subscriptionId,
    periodStart: invoice.periodStart,
    periodEnd: invoice.periodEnd,
    currency,
    subtotal: money(invoice.subtotalMinor),
    tax: money(invoice.taxMinor),
    total: money(invoice.totalMinor),
    taxTreatment: invoice.taxTreatment,
    taxes: parts.taxes.filter(isOwn).map(({ category, name, percent, country, region, taxableMinor, taxMinor }) => ({
      category,
      name,
      percent,
      country,
      region,
      taxable: money(taxableMinor),
      tax: money(taxMinor),
    })),
    excessCredit: money(invoice.excessCreditMinor),
    excessTax: money(invoice.excessTaxMinor),
    balanceApplied: money(invoice.balanceAppliedMinor),
    collected: money(collectedMinor(invoice)),
    due: money(dueMinor(invoice)),
    carriedAt: invoice.carriedAt,
    collectedWith: invoice.collectedWith,
    carriedIn: money(invoice.carriedInMinor),
    asked: money(askedMinor(invoice)),
    lines: parts.lines.filter(isOwn).map((line) => ({
      id: line.id,
      position: line.position,
      kind: line.kind,
      meter: line.meter,
      description: line.description,
      plan: line.plan,
      periodStart: line.periodStart,
      quantity: line.quantity,
      unroundedAmount: line.unroundedAmount,
      amount: money(line.amountMinor),
      breakdown: line.breakdown,
      inputHash: line.inputHash,
    })),
    payments: parts.payments.filter(isOwn).map((payment) => ({
      id: payment.id,
      state: payment.state,
      amount: money(payment.amountMinor),
      createdAt: payment.createdAt,
      providerPaymentId: payment.providerPaymentId,
      failureCode: payment.failureCode,
      failureMessage: payment.failureMessage,
    })),
    creditNotes: parts.creditNotes.filter(isOwn).map((note) => ({
      id: note.id,
      number: note.number,
      subtotal: money(note.subtotalMinor),
      tax: money(note.taxMinor),
      total: money(note.totalMinor),
      refunded: money(note.refundedMinor),
      reason: note.reason,
      issuedAt: note.issuedAt,
    })),
  };
}

/**
 * One invoice as a JSON document, as `exportInvoicesNdjson` has it.
 * @throws NotFoundError `invoice_not_found`, also for an invoice of another organization.
 */
export function findInvoiceJson(
  context: ServiceContext,
  { invoiceId, organizationId }: InvoiceReference,
): Promise<{ readonly number: string | null; readonly document: Readonly<Record<string, unknown>> }> {
  return inScopeOf(context, { organizationId }, async (transaction) => {
    const [invoice] = await listInvoicePage(transaction, { invoiceId, organizationId }, { limit: 1 });
    if (!invoice) throw new NotFoundError('invoice');
    const document = invoiceJson(invoice, await listInvoiceParts(transaction, [invoiceId]));
    return { number: invoice.number, document };
  });
}
