import type { ListedInvoice } from '#persistence';
import { type Refund, askedMinor, dueMinor, isCarried } from '#domain';
import { type InvoiceDetails, RECONCILE_HOLD } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import { toTax } from '../tax/to-tax.js';
import type { invoice } from './invoice.schema.js';

/** An invoice as finance sees it; with lines and payments when they were read. */
export function toInvoice(found: ListedInvoice & Partial<InvoiceDetails>): z.input<typeof invoice> {
  const { currency } = found;
  return {
    ...found,
    seller: { slug: found.sellerSlug, ...found.seller, bankAccount: found.seller.bankAccount ?? null },
    subtotal: toMoney(found.subtotalMinor, currency),
    tax: toMoney(found.taxMinor, currency),
    total: toMoney(found.totalMinor, currency),
    isHeld: found.failureCode === RECONCILE_HOLD,
    balanceApplied: toMoney(found.balanceAppliedMinor, currency),
    credited: toMoney(found.creditedMinor, currency),
    paid: toMoney(found.paidMinor, currency),
    due: toMoney(dueMinor(found), currency),
    chargedBack: toMoney(found.chargedBackMinor, currency),
    isCarried: isCarried(found),
    carriedIn: toMoney(found.carriedInMinor, currency),
    asked: toMoney(found.carriedAt === null ? askedMinor(found) : 0n, currency),
    carriedInvoices: found.carriedInvoices?.map(({ id, number, amountMinor }) => ({
      id,
      number,
      amount: toMoney(amountMinor, currency),
    })),
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

/** The same as its payer sees it, who is not told what the payment provider has differently. */
export function toPayersInvoice(found: ListedInvoice & Partial<InvoiceDetails>): z.input<typeof invoice> {
  const shown = toInvoice(found);
  return shown.isHeld ? { ...shown, failureMessage: null } : shown;
}
