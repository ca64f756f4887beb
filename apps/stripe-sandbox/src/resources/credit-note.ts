import type { Metadata } from '../http/metadata.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { settleInvoice } from './finalize-invoice.js';
import { cancelInvoicePayment, changeRequestedAmount, openPaymentOf } from './invoice-payment.js';
import { putInvoice, type Invoice } from './invoice.js';
import { cancelPaymentIntent, changeIntentAmount } from './payment-intent.js';

const untouched = {
  amount_shipping: 0,
  customer_account: null,
  customer_balance_transaction: null,
  discount_amount: 0,
  discount_amounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  refunds: [],
  shipping_cost: null,
  status: 'issued',
  total_taxes: [],
  voided_at: null,
} as const;

/** As stored: without its line, which `renderCreditNote` adds. */
export type CreditNote = typeof untouched & {
  readonly id: string;
  readonly object: 'credit_note';
  readonly amount: number;
  readonly created: number;
  readonly currency: string;
  readonly customer: string;
  readonly effective_at: number;
  readonly invoice: string;
  readonly memo: string | null;
  readonly metadata: Metadata;
  readonly number: string;
  readonly out_of_band_amount: number | null;
  readonly pdf: string;
  readonly post_payment_amount: number;
  readonly pre_payment_amount: number;
  readonly reason: CreditNoteReason | null;
  readonly subtotal: number;
  readonly subtotal_excluding_tax: number;
  readonly total: number;
  readonly total_excluding_tax: number;
  readonly type: 'mixed' | 'post_payment' | 'pre_payment';
};

export type CreditNoteReason = 'duplicate' | 'fraudulent' | 'order_change' | 'product_unsatisfactory';

export interface CreditNoteChoices extends Pick<CreditNote, 'amount' | 'memo' | 'metadata' | 'reason'> {
  readonly out_of_band_amount: number;
}

/**
 * Credits a finalized invoice: first what remains to be paid of it, which makes it paid when nothing remains; what goes
 * beyond must be given back outside of Stripe, as the sandbox neither refunds nor credits a customer's balance by a note.
 */
export function createCreditNote(call: Call, invoice: Invoice, choices: CreditNoteChoices): CreditNote {
  const { amount, out_of_band_amount: outOfBand } = choices;
  refuseImpossible(invoice, amount);
  const prePayment = Math.min(amount, invoice.amount_remaining);
  const postPayment = amount - prePayment;
  if (outOfBand !== postPayment) {
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${outOfBand}) must equal the post payment amount (${postPayment}).`,
    );
  }
  const sequence = call.store.childrenOf('credit_notes', invoice.id).length + 1;
  const id = newId('cn');
  const note = call.store.put('credit_notes', {
    ...untouched,
    id,
    object: 'credit_note',
    amount,
    created: call.now,
    currency: invoice.currency,
    customer: invoice.customer,
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
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    type: typeOf(prePayment, postPayment),
  });
  call.emit('credit_note.created', renderCreditNote(note));
  reduce(call, invoice, prePayment, postPayment);
  return note;
}

/** The credit note as Stripe answers it. One over an amount has a single line of its own. */
export function renderCreditNote(note: CreditNote): object {
  const line = {
    id: note.id.replace('cn_', 'cnli_'),
    object: 'credit_note_line_item',
    amount: note.amount,
    description: note.memo,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: 1,
    tax_rates: [],
    taxes: [],
    type: 'custom_line_item',
    unit_amount: note.amount,
    unit_amount_decimal: String(note.amount),
  };
  return {
    ...note,
    lines: { object: 'list', data: [line], has_more: false, url: `/v1/credit_notes/${note.id}/lines` },
  };
}

function refuseImpossible(invoice: Invoice, amount: number): void {
  if (invoice.status === 'draft' || invoice.status === 'void') {
    throw invalidRequest(
      `A credit note can only be created for an open, paid or uncollectible invoice. This invoice is ${invoice.status}.`,
      'invoice',
    );
  }
  if (amount < 1) throw invalidRequest('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount;
  if (amount <= invoice.total - credited) return;
  throw invalidRequest(
    `The sum of credit notes (${credited + amount}) cannot be more than the total of the invoice (${invoice.total}).`,
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
