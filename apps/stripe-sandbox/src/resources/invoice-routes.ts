import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import {
  boolean,
  clearable,
  hash,
  integer,
  list,
  oneOf,
  required,
  text,
  type ParamReaders,
  type Params,
} from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { refuseIncompatible } from './automatic-tax.js';
import { currency } from './currency.js';
import { chooseDiscounts, discountChoices } from './discount.js';
import { renderLine } from './invoice-line.js';
import { addUpInvoice } from './invoice-totals.js';
import { chooseTaxRates, taxRateChoices } from './tax.js';
import { customerOf, putCustomer } from './customer.js';
import { finalizeInvoice } from './finalize-invoice.js';
import {
  automaticTax,
  blankInvoice,
  draftOf,
  invoiceOf,
  putInvoice,
  renderInvoice,
  waitForInvoice,
  type Invoice,
} from './invoice.js';
import { attachPayment, markUncollectible, payInvoice, payOutOfBand, voidInvoice } from './pay-invoice.js';
import { paymentMethodOfCustomer } from './payment-method.js';
import { includePendingItems } from './pending-items.js';
import { previewInvoice } from './preview-invoice.js';
import { previousOf } from './previous-attributes.js';
import { atClockOf } from './test-clock.js';
import { withPresentUsage } from './usage-lines.js';

const writable = {
  auto_advance: boolean,
  automatic_tax: hash({ enabled: boolean }),
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer,
  default_payment_method: clearable(text()),
  default_tax_rates: taxRateChoices,
  description: clearable(text(1500)),
  discounts: discountChoices,
  footer: clearable(text()),
  metadata,
  number: clearable(text(26)),
};

const previewItem = {
  amount: integer,
  currency,
  description: text(),
  discountable: boolean,
  discounts: discountChoices,
  metadata,
  period: hash({ end: integer, start: integer }),
  tax_rates: taxRateChoices,
};

const createReaders = {
  ...writable,
  currency,
  customer: text(),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
};

/** An endpoint that does something with one invoice, by the clock that it lives by. */
function invoiceRoute<R extends ParamReaders>(
  path: string,
  readers: R,
  run: (call: Call, params: Params<R>, invoice: Invoice) => object,
): Route {
  return route('POST', path, readers, (call, params, id) => {
    const invoice = invoiceOf(call, id);
    return run(atClockOf(call, invoice), params, invoice);
  });
}

export const invoiceRoutes: readonly Route[] = [
  route('POST', '/v1/invoices', createReaders, (outer, params) => {
    const customer = customerOf(outer, required(params.customer, 'customer'), 'customer');
    const call = atClockOf(outer, customer);
    const invoiceCurrency = params.currency ?? customer.currency ?? 'usd';
    const blank = blankInvoice(customer, { currency: invoiceCurrency }, call.now);
    const draft = call.store.put('invoices', changed(call, blank, params));
    putCustomer(call, customer.id, { currency: customer.currency ?? invoiceCurrency });
    if (params.pending_invoice_items_behavior === 'include') includePendingItems(call, draft);
    waitForInvoice(call, draft);
    const rendered = renderInvoice(call, invoiceOf(call, draft.id));
    call.emit('invoice.created', rendered);
    return rendered;
  }),

  route(
    'POST',
    '/v1/invoices/create_preview',
    {
      currency,
      customer: text(),
      discounts: discountChoices,
      invoice_items: list(hash(previewItem)),
      subscription: text(),
    },
    (call, params) => previewInvoice(call, params),
  ),

  route('GET', '/v1/invoices/{id}', {}, (call, _params, id) =>
    renderInvoice(call, withPresentUsage(call, invoiceOf(call, id))),
  ),

  invoiceRoute('/v1/invoices/{id}', writable, (call, params, before) => {
    refuseFrozenFields(before, params);
    const changes = putInvoice(call, before, changed(call, before, params));
    const invoice = changes.status === 'draft' ? addUpInvoice(call, changes.id) : changes;
    waitForInvoice(call, invoice);
    const rendered = renderInvoice(call, invoice);
    call.emit('invoice.updated', rendered, previousOf(before, invoice));
    return rendered;
  }),

  route('DELETE', '/v1/invoices/{id}', {}, (call, _params, id) => {
    const draft = draftOf(call, id);
    if (draft.parent !== null) {
      throw invalidRequest(
        'You can only delete draft invoices that are not for a subscription. Finalize and void it instead.',
      );
    }
    const rendered = renderInvoice(call, draft);
    for (const line of call.store.childrenOf('invoice_lines', id)) {
      const item = line.parent.invoice_item_details?.invoice_item;
      if (item !== undefined) call.store.delete('invoice_items', item);
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
      subscription: text(),
    },
    (call, params) =>
      (params.customer === undefined ? call.store.all('invoices') : call.store.childrenOf('invoices', params.customer))
        .filter((invoice) => params.status === undefined || invoice.status === params.status)
        .filter((invoice) => invoice.collection_method === (params.collection_method ?? invoice.collection_method))
        .filter(
          ({ parent }) =>
            params.subscription === undefined || parent?.subscription_details.subscription === params.subscription,
        )
        .filter((invoice) => params.created?.(invoice.created) ?? true),
    renderInvoice,
  ),

  listRoute(
    '/v1/invoices/{id}/lines',
    'line_item',
    {},
    (call, _params, id) => call.store.childrenOf('invoice_lines', withPresentUsage(call, invoiceOf(call, id)).id),
    (_call, line) => renderLine(line),
  ),

  invoiceRoute('/v1/invoices/{id}/finalize', { auto_advance: boolean }, (call, params, draft) => {
    const invoice = finalizeInvoice(call, draft, params.auto_advance);
    return renderInvoice(call, awaitCollection(call, invoice));
  }),

  invoiceRoute('/v1/invoices/{id}/send', {}, (call, _params, before) => {
    if (before.status !== 'draft' && before.status !== 'open') {
      throw invalidRequest(`This invoice is ${before.status}, and cannot be sent.`, undefined, 'invoice_not_editable');
    }
    if (before.collection_method !== 'send_invoice') {
      throw invalidRequest('You can only manually send an invoice with `collection_method=send_invoice`.');
    }
    if (before.customer_email === null) {
      throw invalidRequest(
        'The customer has no email address, so the invoice cannot be sent.',
        undefined,
        'missing_email',
      );
    }
    const invoice = before.status === 'draft' ? finalizeInvoice(call, before) : before;
    call.emit('invoice.sent', renderInvoice(call, invoice));
    return renderInvoice(call, invoice);
  }),

  invoiceRoute(
    '/v1/invoices/{id}/pay',
    { off_session: boolean, paid_out_of_band: boolean, payment_method: text() },
    (call, params, invoice) => {
      const pay = params.paid_out_of_band ? payOutOfBand : payInvoice;
      return renderInvoice(call, pay(call, invoice, params.payment_method));
    },
  ),

  invoiceRoute('/v1/invoices/{id}/attach_payment', { payment_intent: text() }, (call, params, invoice) =>
    renderInvoice(call, attachPayment(call, invoice, required(params.payment_intent, 'payment_intent'))),
  ),

  invoiceRoute('/v1/invoices/{id}/void', {}, (call, _params, invoice) =>
    renderInvoice(call, voidInvoice(call, invoice)),
  ),

  invoiceRoute('/v1/invoices/{id}/mark_uncollectible', {}, (call, _params, invoice) =>
    renderInvoice(call, markUncollectible(call, invoice)),
  ),
];

/** After finalization an invoice is a document: only what the customer never sees may change. */
function refuseFrozenFields(invoice: Invoice, params: Params<typeof writable>): void {
  if (invoice.status === 'draft') return;
  const free = new Set(['auto_advance', 'default_payment_method', 'metadata']);
  const frozen = Object.keys(params).find((key) => !free.has(key));
  if (frozen === undefined) return;
  throw invalidRequest(`Finalized invoices can't be updated in this way`, frozen, 'invoice_not_editable');
}

const hour = 3600;

/** An invoice that advances by itself is charged an hour after it was finalized. */
function awaitCollection(call: Call, invoice: Invoice): Invoice {
  const isCharged = invoice.auto_advance && invoice.collection_method === 'charge_automatically';
  if (invoice.status !== 'open' || !isCharged) return invoice;
  const waiting = putInvoice(call, invoice, { next_payment_attempt: call.now + hour });
  waitForInvoice(call, waiting);
  return waiting;
}

function changed(call: Call, invoice: Invoice, params: Params<typeof writable>): Invoice {
  const taxed =
    params.automatic_tax === undefined
      ? invoice.automatic_tax
      : automaticTax(required(params.automatic_tax.enabled, 'automatic_tax[enabled]'));
  for (const line of call.store.childrenOf('invoice_lines', invoice.id)) {
    const item = { ...line, tax_rates: line.own_tax_rates ?? [] };
    refuseIncompatible({ automatic_tax: taxed }, item, 'automatic_tax[enabled]');
  }
  if (taxed.enabled && (params.default_tax_rates ?? invoice.default_tax_rates).length > 0) {
    throw invalidRequest('You cannot set `default_tax_rates` with automatic tax.', 'default_tax_rates');
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
  const advances = params.auto_advance ?? invoice.auto_advance;
  const finalizesAt =
    advances && invoice.status === 'draft' ? (invoice.automatically_finalizes_at ?? call.now + hour) : null;
  return {
    ...invoice,
    auto_advance: advances,
    automatic_tax: taxed,
    automatically_finalizes_at: finalizesAt,
    collection_method: collection,
    default_payment_method: method === undefined ? invoice.default_payment_method : method,
    default_tax_rates:
      params.default_tax_rates === undefined
        ? invoice.default_tax_rates
        : chooseTaxRates(call, params.default_tax_rates, 'default_tax_rates'),
    description: params.description === undefined ? invoice.description : params.description,
    discounts:
      params.discounts === undefined
        ? invoice.discounts
        : chooseDiscounts(
            call,
            { customer: invoice.customer, invoice: invoice.id },
            invoice.currency,
            params.discounts,
            invoice.discounts,
          ),
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
