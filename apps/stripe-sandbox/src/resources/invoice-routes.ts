import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, hash, integer, oneOf, required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { currency } from './currency.js';
import { customerOf, putCustomer } from './customer.js';
import { finalizeInvoice } from './finalize-invoice.js';
import { addLine } from './invoice-line.js';
import { blankInvoice, draftOf, invoiceOf, putInvoice, renderInvoice, type Invoice } from './invoice.js';
import { markUncollectible, payInvoice, payOutOfBand, voidInvoice } from './pay-invoice.js';
import { paymentMethodOfCustomer } from './payment-method.js';
import { previousOf } from './previous-attributes.js';

const writable = {
  auto_advance: boolean,
  automatic_tax: hash({ enabled: boolean }),
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer,
  default_payment_method: clearable(text()),
  description: clearable(text(1500)),
  footer: clearable(text()),
  metadata,
  number: clearable(text(26)),
};

const createReaders = {
  ...writable,
  currency,
  customer: text(),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
};

export const invoiceRoutes: readonly Route[] = [
  route('POST', '/v1/invoices', createReaders, (call, params) => {
    const customer = customerOf(call, required(params.customer, 'customer'), 'customer');
    const invoiceCurrency = params.currency ?? customer.currency ?? 'usd';
    const choices = {
      auto_advance: false,
      collection_method: 'charge_automatically',
      currency: invoiceCurrency,
      default_payment_method: null,
      description: null,
      due_date: null,
      footer: null,
      metadata: {},
      number: null,
    } as const;
    const blank = blankInvoice(customer, choices, call.now);
    const draft = call.store.put('invoices', changed(call, blank, params));
    putCustomer(call, customer.id, { currency: customer.currency ?? invoiceCurrency });
    if (params.pending_invoice_items_behavior === 'include') includePendingItems(call, draft);
    const rendered = renderInvoice(call, invoiceOf(call, draft.id));
    call.emit('invoice.created', rendered);
    return rendered;
  }),

  route('GET', '/v1/invoices/{id}', {}, (call, _params, id) => renderInvoice(call, invoiceOf(call, id))),

  route('POST', '/v1/invoices/{id}', writable, (call, params, id) => {
    const before = invoiceOf(call, id);
    refuseFrozenFields(before, params);
    const invoice = putInvoice(call, before, changed(call, before, params));
    const rendered = renderInvoice(call, invoice);
    call.emit('invoice.updated', rendered, previousOf(before, invoice));
    return rendered;
  }),

  route('DELETE', '/v1/invoices/{id}', {}, (call, _params, id) => {
    const rendered = renderInvoice(call, draftOf(call, id));
    for (const line of call.store.childrenOf('invoice_lines', id)) {
      call.store.delete('invoice_items', line.parent.invoice_item_details.invoice_item);
      call.store.delete('invoice_lines', line.id);
    }
    call.store.delete('invoices', id);
    call.emit('invoice.deleted', rendered);
    return { id, object: 'invoice', deleted: true };
  }),

  listRoute(
    '/v1/invoices',
    'invoice',
    {
      collection_method: oneOf('charge_automatically', 'send_invoice'),
      created: createdFilter,
      customer: text(),
      status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
    },
    (call, params) =>
      (params.customer === undefined ? call.store.all('invoices') : call.store.childrenOf('invoices', params.customer))
        .filter((invoice) => params.status === undefined || invoice.status === params.status)
        .filter((invoice) => invoice.collection_method === (params.collection_method ?? invoice.collection_method))
        .filter((invoice) => params.created?.(invoice.created) ?? true),
    renderInvoice,
  ),

  listRoute('/v1/invoices/{id}/lines', 'line_item', {}, (call, _params, id) =>
    call.store.childrenOf('invoice_lines', invoiceOf(call, id).id),
  ),

  route('POST', '/v1/invoices/{id}/finalize', { auto_advance: boolean }, (call, params, id) =>
    renderInvoice(call, finalizeInvoice(call, invoiceOf(call, id), params.auto_advance)),
  ),

  route(
    'POST',
    '/v1/invoices/{id}/pay',
    { off_session: boolean, paid_out_of_band: boolean, payment_method: text() },
    (call, params, id) => {
      const invoice = invoiceOf(call, id);
      const pay = params.paid_out_of_band ? payOutOfBand : payInvoice;
      return renderInvoice(call, pay(call, invoice, params.payment_method));
    },
  ),

  route('POST', '/v1/invoices/{id}/void', {}, (call, _params, id) =>
    renderInvoice(call, voidInvoice(call, invoiceOf(call, id))),
  ),

  route('POST', '/v1/invoices/{id}/mark_uncollectible', {}, (call, _params, id) =>
    renderInvoice(call, markUncollectible(call, invoiceOf(call, id))),
  ),
];

/** After finalization an invoice is a document: only what the customer never sees may change. */
function refuseFrozenFields(invoice: Invoice, params: Params<typeof writable>): void {
  if (invoice.status === 'draft') return;
  const free = new Set(['auto_advance', 'default_payment_method', 'expand', 'metadata']);
  const frozen = Object.keys(params).find((key) => !free.has(key));
  if (frozen === undefined) return;
  throw invalidRequest(`Finalized invoices can't be updated in this way`, frozen, 'invoice_not_editable');
}

function changed(call: Call, invoice: Invoice, params: Params<typeof writable>): Invoice {
  if (params.automatic_tax?.enabled) {
    throw invalidRequest('This simulation of Stripe computes no tax.', 'automatic_tax[enabled]');
  }
  const method = params.default_payment_method;
  if (typeof method === 'string') paymentMethodOfCustomer(call, method, invoice.customer, 'default_payment_method');
  const number = params.number === undefined ? invoice.number : params.number;
  if (number !== null && number !== invoice.number) refuseTakenNumber(call, number);
  const collection = params.collection_method ?? invoice.collection_method;
  if (collection === 'send_invoice' && params.days_until_due === undefined && invoice.due_date === null) {
    throw invalidRequest('If invoice `collection_method`=`send_invoice`, you must set `due_date` or `days_until_due`.');
  }
  const days = params.days_until_due;
  return {
    ...invoice,
    auto_advance: params.auto_advance ?? invoice.auto_advance,
    collection_method: collection,
    default_payment_method: method === undefined ? invoice.default_payment_method : method,
    description: params.description === undefined ? invoice.description : params.description,
    due_date: days === undefined ? invoice.due_date : call.now + days * 24 * 3600,
    footer: params.footer === undefined ? invoice.footer : params.footer,
    metadata: mergeMetadata(invoice.metadata, params.metadata),
    number,
  };
}

function refuseTakenNumber(call: Call, number: string): void {
  const taken = call.store.all('invoices').some((other) => other.number === number);
  if (taken) throw invalidRequest(`The invoice number ${number} is already in use.`, 'number');
}

function includePendingItems(call: Call, draft: Invoice): void {
  const pending = call.store
    .childrenOf('invoice_items', draft.customer)
    .filter((item) => item.invoice === null && item.currency === draft.currency);
  for (const item of pending.reverse()) {
    const attached = call.store.put('invoice_items', { ...item, invoice: draft.id });
    addLine(call, invoiceOf(call, draft.id), attached);
  }
}
