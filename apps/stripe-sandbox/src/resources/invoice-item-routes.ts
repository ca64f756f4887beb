import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, hash, integer, oneOf, required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { currency, refuseTooMuch } from './currency.js';
import { customerOf } from './customer.js';
import { taxCode } from './automatic-tax.js';
import { newInvoiceItem, renderInvoiceItem, type InvoiceItem } from './invoice-item.js';
import { chooseDiscounts, discountChoices } from './discount.js';
import { chooseTaxRates, taxRateChoices } from './tax.js';
import { addLine, changeLine, removeLine } from './draft-lines.js';
import { draftOf } from './invoice.js';
import { atClockOf } from './test-clock.js';

const changeable = {
  amount: integer,
  description: text(),
  discountable: boolean,
  discounts: discountChoices,
  metadata,
  period: hash({ end: integer, start: integer }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_code: clearable(taxCode),
  tax_rates: taxRateChoices,
};

const createReaders = { ...changeable, currency, customer: text(), invoice: text() };

export const invoiceItemRoutes: readonly Route[] = [
  route('POST', '/v1/invoiceitems', createReaders, (outer, params) => {
    const customer = customerOf(outer, required(params.customer, 'customer'), 'customer');
    const call = atClockOf(outer, customer);
    const invoice = params.invoice === undefined ? undefined : draftOf(call, params.invoice, 'invoice');
    if (invoice && invoice.customer !== customer.id) {
      throw invalidRequest(`Invoice ${invoice.id} does not belong to customer ${customer.id}.`, 'invoice');
    }
    const itemCurrency = required(params.currency ?? invoice?.currency, 'currency');
    if (invoice && invoice.currency !== itemCurrency) {
      throw invalidRequest(
        `The currency of the invoice item (${itemCurrency}) must be that of its invoice (${invoice.currency}).`,
        'currency',
      );
    }
    const blank = newInvoiceItem(
      {
        amount: amountOf(params.amount, itemCurrency),
        currency: itemCurrency,
        customer: customer.id,
        description: params.description ?? null,
        discountable: params.discountable ?? params.amount! >= 0,
        invoice: invoice?.id ?? null,
        metadata: mergeMetadata({}, params.metadata),
        period: periodOf(params.period, call.now),
        ...taxChoices(params),
        tax_rates: chooseTaxRates(call, params.tax_rates ?? null, 'tax_rates'),
        test_clock: customer.test_clock,
      },
      call.now,
    );
    const owner = { customer: customer.id, invoice_item: blank.id };
    const discounts = chooseDiscounts(call, owner, itemCurrency, params.discounts ?? null);
    const item = call.store.put('invoice_items', { ...blank, discounts });
    if (invoice) addLine(call, invoice, item);
    const rendered = renderInvoiceItem(call, item);
    call.emit('invoiceitem.created', rendered);
    return rendered;
  }),

  route('GET', '/v1/invoiceitems/{id}', {}, (call, _params, id) => renderInvoiceItem(call, existing(call, id))),

  route('POST', '/v1/invoiceitems/{id}', changeable, (outer, params, id) => {
    const before = existing(outer, id);
    const call = atClockOf(outer, before);
    const draft = before.invoice === null ? undefined : draftOf(call, before.invoice, 'invoice');
    const item = call.store.put('invoice_items', changed(call, before, params));
    if (draft) changeLine(call, draft, item);
    return renderInvoiceItem(call, item);
  }),

  listRoute(
    '/v1/invoiceitems',
    'invoiceitem',
    { created: createdFilter, customer: text(), invoice: text(), pending: boolean },
    (call, params) =>
      (params.customer === undefined
        ? call.store.all('invoice_items')
        : call.store.childrenOf('invoice_items', params.customer)
      )
        .filter((item) => params.invoice === undefined || item.invoice === params.invoice)
        .filter((item) => params.pending === undefined || (item.invoice === null) === params.pending)
        .filter((item) => params.created?.(item.date) ?? true),
    renderInvoiceItem,
  ),

  route('DELETE', '/v1/invoiceitems/{id}', {}, (call, _params, id) => {
    const item = existing(call, id);
    if (item.invoice !== null) removeLine(call, draftOf(call, item.invoice, 'invoice'), id);
    call.store.delete('invoice_items', id);
    call.emit('invoiceitem.deleted', renderInvoiceItem(call, item));
    return { id, object: 'invoiceitem', deleted: true };
  }),
];

function existing(call: Call, id: string): InvoiceItem {
  const item = call.store.get('invoice_items', id);
  if (item === undefined) throw noSuch('invoiceitem', id, 'id');
  return item;
}

function changed(call: Call, item: InvoiceItem, params: Params<typeof changeable>): InvoiceItem {
  const { amount, discounts, period, tax_rates: rates } = params;
  const ofPrice = item.pricing.price_details !== undefined;
  if (amount !== undefined && ofPrice) {
    throw invalidRequest('What an item of a subscription comes to follows from its price.', 'amount');
  }
  const price = amount === undefined ? {} : { amount: amountOf(amount, item.currency), net_amount: amount };
  const owner = { customer: item.customer, invoice_item: item.id };
  return {
    ...item,
    ...price,
    description: params.description ?? item.description,
    discountable: params.discountable ?? item.discountable,
    discounts:
      discounts === undefined ? item.discounts : chooseDiscounts(call, owner, item.currency, discounts, item.discounts),
    metadata: mergeMetadata(item.metadata, params.metadata),
    period: period === undefined ? item.period : periodOf(period, call.now),
    pricing: amount === undefined ? item.pricing : { ...item.pricing, unit_amount_decimal: String(amount) },
    ...taxChoices(params),
    tax_rates: rates === undefined ? item.tax_rates : chooseTaxRates(call, rates, 'tax_rates'),
  };
}

function taxChoices({ tax_behavior: behavior, tax_code: code }: Params<typeof changeable>) {
  return {
    ...(behavior !== undefined && { own_tax_behavior: behavior }),
    ...(code !== undefined && { own_tax_code: code }),
  };
}

function amountOf(amount: number | undefined, code: string): number {
  const value = required(amount, 'amount');
  refuseTooMuch(Math.abs(value), code, 'amount');
  return value;
}

function periodOf(
  period: Params<{ end: typeof integer; start: typeof integer }> | undefined,
  now: number,
): InvoiceItem['period'] {
  if (period === undefined) return { end: now, start: now };
  const start = required(period.start, 'period[start]');
  const end = required(period.end, 'period[end]');
  if (end < start) throw invalidRequest('The end of the period must not be before its start.', 'period[end]');
  return { end, start };
}
