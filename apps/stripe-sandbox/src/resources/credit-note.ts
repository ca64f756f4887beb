import type { Metadata } from '../http/metadata.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import {
  renderCreditNoteLine,
  totalOfLine,
  type CreditNoteLine,
  type StoredCreditNoteLine,
} from './credit-note-line.js';
import { changeBalance } from './customer-balance.js';
import type { DiscountAmount, PretaxCreditAmount } from './pretax-credit.js';
import { totalTaxes, type TaxAmount } from './tax.js';
import { settleInvoice } from './finalize-invoice.js';
import { cancelInvoicePayment, changeRequestedAmount, openPaymentOf } from './invoice-payment.js';
import { putInvoice, type Invoice } from './invoice.js';
import { cancelPaymentIntent, changeIntentAmount } from './payment-intent.js';
import { chargeToRefund, createRefund, type Refund } from './refund.js';

const untouched = {
  amount_shipping: 0,
  customer_account: null,
  livemode: false,
  shipping_cost: null,
} as const;

/** As stored: without its lines, which `renderCreditNote` adds. */
export type CreditNote = typeof untouched & {
  readonly id: string;
  readonly object: 'credit_note';
  readonly amount: number;
  readonly created: number;
  readonly currency: string;
  readonly customer: string;
  readonly customer_balance_transaction: string | null;
  readonly discount_amount: number;
  readonly discount_amounts: readonly DiscountAmount[];
  readonly effective_at: number;
  readonly invoice: string;
  readonly memo: string | null;
  readonly metadata: Metadata;
  readonly number: string;
  readonly out_of_band_amount: number | null;
  readonly pdf: string;
  readonly post_payment_amount: number;
  readonly pre_payment_amount: number;
  readonly pretax_credit_amounts: readonly PretaxCreditAmount[];
  readonly reason: CreditNoteReason | null;
  readonly refunds: readonly LinkedRefund[];
  readonly status: 'issued' | 'void';
  readonly subtotal: number;
  readonly subtotal_excluding_tax: number;
  readonly total: number;
  readonly total_excluding_tax: number;
  readonly total_taxes: readonly TaxAmount[];
  readonly type: 'mixed' | 'post_payment' | 'pre_payment';
  readonly voided_at: number | null;
};

export interface LinkedRefund {
  readonly amount_refunded: number;
  readonly payment_record_refund: null;
  readonly refund: string;
  readonly type: 'refund';
}

export type CreditNoteReason = 'duplicate' | 'fraudulent' | 'order_change' | 'product_unsatisfactory';

export interface CreditNoteChoices extends Pick<CreditNote, 'memo' | 'metadata' | 'reason'> {
  /** What is credited: an amount that is a line of its own, or lines. */
  readonly lines: readonly CreditNoteLine[];
  /** Of what is beyond the rest to be paid: what goes to the customer's balance. */
  readonly credit_amount: number;
  readonly out_of_band_amount: number;
  /** To be refunded by this note; 0 for nothing. */
  readonly refund_amount: number;
  /** Refunds there are, and how much of each belongs to this note; null for all that belongs to no other. */
  readonly refunds: readonly { readonly refund: Refund; readonly amount: number | null }[];
}

/**
 * Credits a finalized invoice: first what remains to be paid of it, which makes it paid when nothing remains; what goes
 * beyond is refunded to the card, goes to the customer's balance, or must be given back outside of Stripe.
 */
export function createCreditNote(call: Call, invoice: Invoice, choices: CreditNoteChoices): CreditNote {
  const planned = planCreditNote(call, invoice, choices);
  for (const [index, line] of choices.lines.entries()) {
    const id = newId('cnli');
    call.store.put('credit_note_lines', { id, credit_note: planned.id, position: index, ...line });
  }
  const balance =
    choices.credit_amount === 0
      ? undefined
      : changeBalance(call, invoice.customer, -choices.credit_amount, {
          credit_note: planned.id,
          currency: invoice.currency,
          invoice: invoice.id,
          type: 'credit_note',
        });
  const note = call.store.put('credit_notes', {
    ...planned,
    customer_balance_transaction: balance?.id ?? null,
    refunds:
      choices.refund_amount === 0
        ? planned.refunds
        : [...planned.refunds, refundFor(call, invoice, choices.refund_amount)],
  });
  call.emit('credit_note.created', renderCreditNote(call, note));
  reduce(call, invoice, note.pre_payment_amount, note.post_payment_amount);
  return note;
}

/** The credit note as it would be, without creating it. */
export function planCreditNote(call: Call, invoice: Invoice, choices: CreditNoteChoices): CreditNote {
  const { out_of_band_amount: outOfBand, credit_amount: credit } = choices;
  const { lines } = choices;
  const amount = lines.reduce((sum, line) => sum + totalOfLine(line), 0);
  if (new Set(choices.refunds.map(({ refund }) => refund.id)).size < choices.refunds.length) {
    throw invalidRequest('A refund can be linked to a credit note only once.', 'refunds');
  }
  const linked = choices.refunds.map((each) => linkOf(call, invoice, each));
  refuseImpossible(call, invoice, amount, linked);
  const prePayment = Math.min(amount, invoice.amount_remaining);
  const postPayment = amount - prePayment;
  const refunded = choices.refund_amount + linked.reduce((sum, each) => sum + each.amount_refunded, 0);
  const given = outOfBand + credit + refunded;
  if (given !== postPayment) {
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${given}) must equal the post payment amount (${postPayment}).`,
    );
  }
  const sequence = call.store.childrenOf('credit_notes', invoice.id).length + 1;
  const id = newId('cn');
  return {
    ...untouched,
    id,
    object: 'credit_note',
    amount,
    created: call.now,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_balance_transaction: null,
    ...sumsOf(lines, amount),
    effective_at: call.now,
    invoice: invoice.id,
    memo: choices.memo,
    metadata: choices.metadata,
    number: `${invoice.number ?? invoice.id}-CN-${String(sequence).padStart(2, '0')}`,
    out_of_band_amount: outOfBand === 0 ? null : outOfBand,
    pdf: `${call.baseUrl}/i/${invoice.id}/pdf`,
    post_payment_amount: postPayment,
    pre_payment_amount: prePayment,
    reason: choices.reason,
    refunds: linked,
    status: 'issued',
    total: amount,
    type: typeOf(prePayment, postPayment),
    voided_at: null,
  };
}

function sumsOf(lines: readonly CreditNoteLine[], total: number) {
  const sum = (parts: readonly { readonly amount: number }[]): number =>
    parts.reduce((all, each) => all + each.amount, 0);
  const taxes = totalTaxes(lines.flatMap((line) => line.taxes));
  const pretax = lines.flatMap(({ pretaxCredits }) => pretaxCredits);
  const discounts = Map.groupBy(
    pretax.filter((each) => each.type === 'discount'),
    ({ discount }) => discount,
  );
  const subtotal = sum(lines);
  const discountAmounts = [...discounts].map(([discount, each]) => ({ amount: sum(each), discount }));
  return {
    discount_amount: sum(discountAmounts),
    discount_amounts: discountAmounts,
    pretax_credit_amounts: pretax,
    subtotal,
    subtotal_excluding_tax: subtotal - sum(taxes.filter(({ tax_behavior: behavior }) => behavior === 'inclusive')),
    total_excluding_tax: total - sum(taxes),
    total_taxes: taxes,
  };
}

/** Takes a credit note back: as long as its invoice is open, it asks for the whole amount again. */
export function voidCreditNote(call: Call, note: CreditNote): CreditNote {
  const invoice = call.store.get('invoices', note.invoice);
  if (note.status === 'void') throw invalidRequest('This credit note has been voided already.');
  if (invoice?.status !== 'open') {
    throw invalidRequest('You can only void a credit note of an open invoice.', undefined, 'status_transition_invalid');
  }
  const voided = call.store.put('credit_notes', { ...note, status: 'void', voided_at: call.now });
  reduce(call, invoice, -note.pre_payment_amount, 0);
  call.emit('credit_note.voided', renderCreditNote(call, voided));
  return voided;
}

/** The credit note as Stripe answers it, with its first ten lines. */
export function renderCreditNote(call: Call, note: CreditNote): object {
  const lines = creditNoteLinesOf(call, note.id).map((line) => renderCreditNoteLine(call, line));
  const url = `/v1/credit_notes/${note.id}/lines`;
  return { ...note, lines: { object: 'list', data: lines.slice(0, 10), has_more: lines.length > 10, url } };
}

export function creditNoteLinesOf(call: Call, noteId: string): StoredCreditNoteLine[] {
  return call.store.childrenOf('credit_note_lines', noteId).sort((a, b) => a.position - b.position);
}

/** A refund of the invoice's own payment, with no more than is in no note yet. */
function linkOf(call: Call, invoice: Invoice, { refund, amount }: CreditNoteChoices['refunds'][number]): LinkedRefund {
  if (!paymentIntentsOf(call, invoice.id).has(refund.payment_intent)) {
    throw invalidRequest(`The refund ${refund.id} is not of a payment of this invoice.`, 'refunds');
  }
  const left = refund.amount - linkedAmount(call, invoice.id, refund.id);
  const linked = amount ?? left;
  if (linked < 1 || linked > left) {
    throw invalidRequest(`Only ${left} of the refund ${refund.id} can be linked to a credit note.`, 'refunds');
  }
  return { amount_refunded: linked, payment_record_refund: null, refund: refund.id, type: 'refund' };
}

function refundFor(call: Call, invoice: Invoice, amount: number): LinkedRefund {
  const [intent] = paymentIntentsOf(call, invoice.id);
  if (intent === undefined) throw invalidRequest('The invoice has no payment to refund.', 'refund_amount');
  const charge = chargeToRefund(call, { payment_intent: intent });
  const refund = createRefund(call, charge, { amount, metadata: {}, reason: null });
  return { amount_refunded: amount, payment_record_refund: null, refund: refund.id, type: 'refund' };
}

function paymentIntentsOf(call: Call, invoiceId: string): Set<string> {
  const payments = call.store.childrenOf('invoice_payments', invoiceId);
  return new Set(payments.filter(({ status }) => status === 'paid').map(({ payment }) => payment.payment_intent));
}

function linkedAmount(call: Call, invoiceId: string, refundId: string): number {
  const links = call.store.childrenOf('credit_notes', invoiceId).flatMap(({ refunds }) => refunds);
  return links.reduce((sum, link) => sum + (link.refund === refundId ? link.amount_refunded : 0), 0);
}

/** What was refunded of the invoice and is in no credit note: Stripe takes it off what can be credited. */
function unlinkedRefunds(call: Call, invoiceId: string): number {
  return [...paymentIntentsOf(call, invoiceId)]
    .flatMap((intent) => call.store.childrenOf('refunds', intent))
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { id, amount }) => sum + amount - linkedAmount(call, invoiceId, id), 0);
}

function refuseImpossible(call: Call, invoice: Invoice, amount: number, linked: readonly LinkedRefund[]): void {
  if (invoice.status === 'draft' || invoice.status === 'void') {
    throw invalidRequest(
      `A credit note can only be created for an open, paid or uncollectible invoice. This invoice is ${invoice.status}.`,
      'invoice',
    );
  }
  if (amount < 1) throw invalidRequest('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount;
  const linking = linked.reduce((sum, each) => sum + each.amount_refunded, 0);
  const unlinked = Math.max(0, unlinkedRefunds(call, invoice.id) - linking);
  if (amount <= invoice.total - credited - unlinked) return;
  throw invalidRequest(
    `The sum of credit notes and refunds (${credited + unlinked + amount}) cannot be more than the total of the invoice (${invoice.total}).`,
    'amount',
  );
}

function typeOf(prePayment: number, postPayment: number): CreditNote['type'] {
  if (postPayment === 0) return 'pre_payment';
  return prePayment === 0 ? 'post_payment' : 'mixed';
}

function reduce(call: Call, invoice: Invoice, prePayment: number, postPayment: number): void {
  const remaining = invoice.amount_remaining - prePayment;
  const reduced = putInvoice(call, invoice, {
    amount_due: invoice.amount_due - prePayment,
    amount_remaining: remaining,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + prePayment,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + postPayment,
  });
  if (prePayment === 0) return;
  const open = openPaymentOf(call, invoice.id);
  if (remaining > 0) {
    if (open) changeIntentAmount(call, open.intent, remaining);
    if (open) changeRequestedAmount(call, open.payment, remaining);
    return;
  }
  if (open) cancelInvoicePayment(call, open.payment);
  if (open) cancelPaymentIntent(call, open.intent);
  settleInvoice(call, reduced, reduced.amount_paid);
}
