import { mergeMetadata, metadata, type MetadataChange } from '../http/metadata.js';
import { boolean, hash, integer, list, oneOf, required, text, type Params } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { chooseDiscounts, discountChoices } from './discount.js';
import { addLine, removeLines } from './draft-lines.js';
import { newInvoiceItem, renderInvoiceItem } from './invoice-item.js';
import type { InvoiceLine } from './invoice-line.js';
import { addUpInvoice } from './invoice-totals.js';
import { draftOf, invoiceOf, putInvoice, renderInvoice, type Invoice } from './invoice.js';
import { previousOf } from './previous-attributes.js';
import { chooseTaxRates, taxRateChoices } from './tax.js';
import { atClockOf } from './test-clock.js';

const lineReaders = {
  amount: integer,
  description: text(),
  discountable: boolean,
  discounts: discountChoices,
  metadata,
  period: hash({ end: integer, start: integer }),
  tax_rates: taxRateChoices,
};
const addReaders = { ...lineReaders, invoice_item: text() };
const updateReaders = { ...lineReaders, id: text() };
const removeReaders = { behavior: oneOf('delete', 'unassign'), id: text() };

export const invoiceLineRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/invoices/{id}/add_lines',
    { invoice_metadata: metadata, lines: list(hash(addReaders)) },
    (outer, params, id) =>
      change(outer, id, params.invoice_metadata, (call, invoice) => {
        for (const [index, line] of required(params.lines, 'lines').entries())
          add(call, invoice, line, `lines[${index}]`);
      }),
  ),

  route(
    'POST',
    '/v1/invoices/{id}/update_lines',
    { invoice_metadata: metadata, lines: list(hash(updateReaders)) },
    (outer, params, id) =>
      change(outer, id, params.invoice_metadata, (call, invoice) => {
        for (const [index, line] of required(params.lines, 'lines').entries()) {
          update(call, invoice, line, `lines[${index}]`);
        }
        addUpInvoice(call, invoice.id);
      }),
  ),

  route(
    'POST',
    '/v1/invoices/{id}/remove_lines',
    { invoice_metadata: metadata, lines: list(hash(removeReaders)) },
    (outer, params, id) =>
      change(outer, id, params.invoice_metadata, (call, invoice) => {
        for (const [index, line] of required(params.lines, 'lines').entries()) {
          remove(call, invoice, line, `lines[${index}]`);
        }
      }),
  ),
];

/** Does something with the lines of a draft, all or nothing, and says that the draft was updated. */
function change(
  outer: Call,
  id: string,
  changes: MetadataChange | undefined,
  work: (call: Call, invoice: Invoice) => void,
): object {
  const before = draftOf(outer, id);
  const call = atClockOf(outer, before);
  work(call, before);
  const current = invoiceOf(call, id);
  const invoice = putInvoice(call, current, { metadata: mergeMetadata(current.metadata, changes) });
  const rendered = renderInvoice(call, invoice);
  call.emit('invoice.updated', rendered, previousOf(before, invoice));
  return rendered;
}

function add(call: Call, invoice: Invoice, line: Params<typeof addReaders>, name: string): void {
  const { customer } = invoice;
  if (line.invoice_item !== undefined) {
    const pending = call.store.get('invoice_items', line.invoice_item);
    if (pending?.customer !== customer) throw noSuch('invoiceitem', line.invoice_item, `${name}[invoice_item]`);
    if (pending.invoice !== null) throw invalidRequest('The item is on an invoice already.', `${name}[invoice_item]`);
    if (pending.currency !== invoice.currency) {
      throw invalidRequest('The item has another currency than the invoice.', `${name}[invoice_item]`);
    }
    const attached = call.store.put('invoice_items', { ...pending, invoice: invoice.id });
    addLine(call, invoiceOf(call, invoice.id), attached);
    return;
  }
  const fields = {
    amount: required(line.amount, `${name}[amount]`),
    currency: invoice.currency,
    customer,
    description: line.description ?? null,
    discountable: line.discountable ?? true,
    invoice: invoice.id,
    metadata: mergeMetadata({}, line.metadata),
    period: periodOf(line.period, name) ?? { end: call.now, start: call.now },
    tax_rates: chooseTaxRates(call, line.tax_rates ?? null, `${name}[tax_rates]`),
    test_clock: invoice.test_clock,
  };
  const blank = newInvoiceItem(fields, call.now);
  const owner = { customer, invoice_item: blank.id };
  const discounts = chooseDiscounts(call, owner, invoice.currency, line.discounts ?? null);
  const item = call.store.put('invoice_items', { ...blank, discounts });
  addLine(call, invoiceOf(call, invoice.id), item);
  call.emit('invoiceitem.created', renderInvoiceItem(call, item));
}

function update(call: Call, invoice: Invoice, asked: Params<typeof updateReaders>, name: string): void {
  const line = lineOf(call, invoice, asked.id, name);
  const itemId = line.parent.invoice_item_details?.invoice_item;
  const item = itemId === undefined ? undefined : call.store.get('invoice_items', itemId);
  if (asked.amount !== undefined && item === undefined) {
    throw invalidRequest('What a line of a subscription comes to follows from its price.', `${name}[amount]`);
  }
  const period = periodOf(asked.period, name);
  const owner = { customer: invoice.customer, ...(itemId !== undefined && { invoice_item: itemId }) };
  const shared = {
    ...(asked.amount !== undefined && { amount: asked.amount }),
    ...(asked.description !== undefined && { description: asked.description }),
    ...(asked.discountable !== undefined && { discountable: asked.discountable }),
    ...(asked.discounts !== undefined && {
      discounts: chooseDiscounts(call, owner, invoice.currency, asked.discounts, line.discounts),
    }),
    metadata: mergeMetadata(line.metadata, asked.metadata),
    ...(period && { period }),
  };
  const pricing =
    asked.amount === undefined ? line.pricing : { ...line.pricing, unit_amount_decimal: String(asked.amount) };
  const rates = asked.tax_rates === undefined ? undefined : chooseTaxRates(call, asked.tax_rates, `${name}[tax_rates]`);
  call.store.put('invoice_lines', {
    ...line,
    ...shared,
    pricing,
    subtotal: asked.amount ?? line.subtotal,
    ...(rates && { own_tax_rates: rates }),
  });
  if (item === undefined) return;
  const net = asked.amount === undefined ? {} : { net_amount: asked.amount };
  call.store.put('invoice_items', { ...item, ...shared, ...net, pricing, ...(rates && { tax_rates: rates }) });
}

function remove(call: Call, invoice: Invoice, asked: Params<typeof removeReaders>, name: string): void {
  const line = lineOf(call, invoice, asked.id, name);
  const item = call.store.get('invoice_items', line.parent.invoice_item_details?.invoice_item ?? '');
  if (item === undefined) {
    throw invalidRequest('A line of a subscription cannot be removed from its invoice.', `${name}[id]`);
  }
  removeLines(call, invoice.id, [line]);
  if (required(asked.behavior, `${name}[behavior]`) === 'unassign') {
    call.store.put('invoice_items', { ...item, invoice: null });
    return;
  }
  call.store.delete('invoice_items', item.id);
  call.emit('invoiceitem.deleted', renderInvoiceItem(call, item));
}

function lineOf(call: Call, invoice: Invoice, id: string | undefined, name: string): InvoiceLine {
  const line = call.store.get('invoice_lines', required(id, `${name}[id]`));
  if (line?.invoice !== invoice.id) throw noSuch('invoice line item', id!, `${name}[id]`);
  return line;
}

function periodOf(period: Params<{ end: typeof integer; start: typeof integer }> | undefined, name: string) {
  if (period === undefined) return undefined;
  const start = required(period.start, `${name}[period][start]`);
  const end = required(period.end, `${name}[period][end]`);
  if (end < start) throw invalidRequest('The end of the period must not be before its start.', `${name}[period][end]`);
  return { end, start };
}
