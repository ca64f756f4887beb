import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { hash, integer, list, missingParam, oneOf, required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import {
  createCreditNote,
  creditNoteLinesOf,
  planCreditNote,
  renderCreditNote,
  voidCreditNote,
  type CreditNote,
  type CreditNoteChoices,
} from './credit-note.js';
import { plainLine, planLines, renderCreditNoteLine, shareOfTotal, type CreditNoteLine } from './credit-note-line.js';
import { taxRateChoices } from './tax.js';
import { invoiceOf, type Invoice } from './invoice.js';
import { previousOf } from './previous-attributes.js';
import { refundOf } from './refund.js';

const createReaders = {
  amount: integer,
  credit_amount: integer,
  email_type: oneOf('credit_note', 'none'),
  invoice: text(),
  lines: list(
    hash({
      amount: integer,
      description: text(),
      invoice_line_item: text(),
      metadata,
      quantity: integer,
      tax_rates: taxRateChoices,
      type: oneOf('custom_line_item', 'invoice_line_item'),
      unit_amount: integer,
    }),
  ),
  memo: text(5000),
  metadata,
  out_of_band_amount: integer,
  reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
  refund_amount: integer,
  refunds: list(hash({ amount_refunded: integer, refund: text(), type: oneOf('refund') })),
};

type CreateParams = Params<typeof createReaders>;

export const creditNoteRoutes: readonly Route[] = [
  route('POST', '/v1/credit_notes', createReaders, (call, params) => {
    const invoice = invoiceOf(call, required(params.invoice, 'invoice'), 'invoice');
    return renderCreditNote(call, createCreditNote(call, invoice, choicesOf(call, invoice, params)));
  }),

  route('GET', '/v1/credit_notes/preview', createReaders, (call, params) => {
    const invoice = invoiceOf(call, required(params.invoice, 'invoice'), 'invoice');
    const choices = choicesOf(call, invoice, params);
    const note = planCreditNote(call, invoice, choices);
    const data = choices.lines.map((line) => renderCreditNoteLine(call, { ...line, id: newId('cnli') }));
    const url = `/v1/credit_notes/preview/lines?invoice=${invoice.id}`;
    return { ...note, lines: { object: 'list', data, has_more: false, url } };
  }),

  route('GET', '/v1/credit_notes/{id}', {}, (call, _params, id) => renderCreditNote(call, existing(call, id))),

  route('POST', '/v1/credit_notes/{id}', { memo: text(5000), metadata }, (call, params, id) => {
    const before = existing(call, id);
    const note = call.store.put('credit_notes', {
      ...before,
      memo: params.memo ?? before.memo,
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    call.emit('credit_note.updated', renderCreditNote(call, note), previousOf(before, note));
    return renderCreditNote(call, note);
  }),

  route('POST', '/v1/credit_notes/{id}/void', {}, (call, _params, id) =>
    renderCreditNote(call, voidCreditNote(call, existing(call, id))),
  ),

  listRoute(
    '/v1/credit_notes/{id}/lines',
    'credit_note_line_item',
    {},
    (call, _params, id) => creditNoteLinesOf(call, existing(call, id).id),
    renderCreditNoteLine,
  ),

  listRoute(
    '/v1/credit_notes',
    'credit_note',
    { created: createdFilter, customer: text(), invoice: text() },
    (call, params) =>
      (params.invoice === undefined
        ? call.store.all('credit_notes')
        : call.store.childrenOf('credit_notes', params.invoice)
      )
        .filter((note) => note.customer === (params.customer ?? note.customer))
        .filter((note) => params.created?.(note.created) ?? true),
    renderCreditNote,
  ),
];

function existing(call: Call, id: string): CreditNote {
  const note = call.store.get('credit_notes', id);
  if (note === undefined) throw noSuch('credit_note', id, 'id');
  return note;
}

function choicesOf(call: Call, invoice: Invoice, params: CreateParams): CreditNoteChoices {
  return {
    credit_amount: params.credit_amount ?? 0,
    lines: linesOf(call, invoice, params),
    memo: params.memo ?? null,
    metadata: mergeMetadata({}, params.metadata),
    out_of_band_amount: params.out_of_band_amount ?? 0,
    reason: params.reason ?? null,
    refund_amount: params.refund_amount ?? 0,
    refunds: (params.refunds ?? []).map(({ refund, amount_refunded: amount }, index) => ({
      refund: refundOf(call, required(refund, `refunds[${index}][refund]`), `refunds[${index}][refund]`),
      amount: amount ?? null,
    })),
  };
}

/** An amount alone is a line that the memo describes; of a tax that was computed it gives back the share that it has of the total. */
function linesOf(call: Call, invoice: Invoice, { amount, lines, memo }: CreateParams): CreditNoteLine[] {
  if (lines === undefined) {
    if (amount === undefined) throw missingParam('amount');
    return [
      invoice.automatic_tax.enabled ? shareOfTotal(invoice, amount, memo ?? null) : plainLine(memo ?? null, 1, amount),
    ];
  }
  if (amount !== undefined) throw invalidRequest('You may only specify one of `amount` and `lines`.', 'amount');
  return planLines(call, invoice, lines);
}
