import type { ListedInvoice } from '#persistence';
import { type Refund, dueMinor } from '#domain';
import type { InvoiceDetails } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import { toTax } from '../tax/to-tax.js';
import type { invoice, invoiceList } from './invoice.schema.js';

/** An invoice as the API shows it; with lines and payments when they were read. */
export function toInvoice(found: ListedInvoice & Partial<InvoiceDetails>): z.input<typeof invoice> {
  const { currency } = found;
  return {
    ...found,
    seller: { ...found.seller, bankAccount: found.seller.bankAccount ?? null },
    subtotal: toMoney(found.subtotalMinor, currency),
    tax: toMoney(found.taxMinor, currency),
    total: toMoney(found.totalMinor, currency),
    balanceApplied: toMoney(found.balanceAppliedMinor, currency),
    credited: toMoney(found.creditedMinor, currency),
    paid: toMoney(found.paidMinor, currency),
    due: toMoney(dueMinor(found), currency),
    chargedBack: toMoney(found.chargedBackMinor, currency),
    lines: found.lines?.map((line) => ({ ...line, amount: toMoney(line.amountMinor, currency) })),
    taxes: found.taxes?.map((tax) => toTax(tax, currency)),
    creditNotes: found.creditNotes?.map((note) => ({
      ...note,
      subtotal: toMoney(note.subtotalMinor, note.currency),
      tax: toMoney(note.taxMinor, note.currency),
      total: toMoney(note.totalMinor, note.currency),
      reduced: toMoney(note.reducedMinor, note.currency),
      refunded: toMoney(note.refundedMinor, note.currency),
      refund: toRefund(found.refunds?.find(({ creditNoteId }) => creditNoteId === note.id)),
    })),
    payments: found.payments?.map((payment) => ({
      ...payment,
      amount: toMoney(payment.amountMinor, payment.currency),
    })),
  };
}

function toRefund(refund: Refund | undefined) {
  return refund ? { ...refund, amount: toMoney(refund.amountMinor, refund.currency) } : null;
}

export function toInvoiceList(page: {
  readonly invoices: readonly ListedInvoice[];
  readonly next: string | null;
}): z.input<typeof invoiceList> {
  return { invoices: page.invoices.map(toInvoice), next: page.next };
}
