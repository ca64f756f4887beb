import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { hash, integer, list, oneOf, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';
import { createCreditNote, renderCreditNote } from './credit-note.js';
import { invoiceOf } from './invoice.js';
import { refundOf } from './refund.js';

export const creditNoteRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/credit_notes',
    {
      amount: integer,
      email_type: oneOf('credit_note', 'none'),
      invoice: text(),
      memo: text(5000),
      metadata,
      out_of_band_amount: integer,
      reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
      refund_amount: integer,
      refunds: list(hash({ amount_refunded: integer, refund: text(), type: oneOf('refund') })),
    },
    (call, params) => {
      const invoice = invoiceOf(call, required(params.invoice, 'invoice'), 'invoice');
      const note = createCreditNote(call, invoice, {
        amount: required(params.amount, 'amount'),
        memo: params.memo ?? null,
        metadata: mergeMetadata({}, params.metadata),
        out_of_band_amount: params.out_of_band_amount ?? 0,
        reason: params.reason ?? null,
        refund_amount: params.refund_amount ?? 0,
        refunds: (params.refunds ?? []).map(({ refund, amount_refunded: amount }, index) => ({
          refund: refundOf(call, required(refund, `refunds[${index}][refund]`), `refunds[${index}][refund]`),
          amount: amount ?? null,
        })),
      });
      return renderCreditNote(note);
    },
  ),

  route('GET', '/v1/credit_notes/{id}', {}, (call, _params, id) => {
    const note = call.store.get('credit_notes', id);
    if (note === undefined) throw noSuch('credit_note', id, 'id');
    return renderCreditNote(note);
  }),

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
    (_call, note) => renderCreditNote(note),
  ),
];
