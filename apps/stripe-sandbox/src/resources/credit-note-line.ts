import { mergeMetadata, type Metadata, type MetadataChange } from '../http/metadata.js';
import { required } from '../http/params.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { roundedShare } from './exact.js';
import type { InvoiceLine } from './invoice-line.js';
import { sumInvoice } from './invoice-sums.js';
import type { PretaxCreditAmount } from './pretax-credit.js';
import type { Invoice } from './invoice.js';
import { chooseTaxRates, sumRatesOf, taxAmountOf, taxRatesOf, type TaxAmount } from './tax.js';

/** A line of what is credited: one in the words of the request, or a part of one of the invoice. */
export interface CreditNoteLine {
  /** Minor units, before discounts and exclusive taxes. */
  readonly amount: number;
  readonly description: string | null;
  /** The line of the invoice that this is a part of. */
  readonly invoiceLine: string | null;
  readonly metadata: Metadata;
  readonly pretaxCredits: readonly PretaxCreditAmount[];
  readonly quantity: number | null;
  /** Ids. */
  readonly taxRates: readonly string[];
  readonly taxes: readonly TaxAmount[];
  readonly unitAmount: number | null;
}

/** As stored, in the order of the request. */
export interface StoredCreditNoteLine extends CreditNoteLine {
  readonly id: string;
  readonly credit_note: string;
  readonly position: number;
}

/** A line as the request says it. */
export interface LineRequest {
  readonly amount?: number;
  readonly description?: string;
  readonly invoice_line_item?: string;
  readonly metadata?: MetadataChange;
  readonly quantity?: number;
  readonly tax_rates?: readonly string[] | null;
  readonly type?: 'custom_line_item' | 'invoice_line_item';
  readonly unit_amount?: number;
}

/** The lines of the request, with the taxes of those in its own words rounded together. */
export function planLines(call: Call, invoice: Invoice, requests: readonly LineRequest[]): CreditNoteLine[] {
  const lines: CreditNoteLine[] = [];
  for (const [index, request] of requests.entries()) {
    const type = required(request.type, `lines[${index}][type]`);
    if (type === 'custom_line_item' && invoice.automatic_tax.enabled) {
      throw invalidRequest('An invoice with automatic tax is credited by its own lines only.', `lines[${index}][type]`);
    }
    const line =
      type === 'custom_line_item'
        ? customLine(call, request, `lines[${index}]`)
        : partOfLine(call, invoice, request, lines, `lines[${index}]`);
    lines.push(line);
  }
  const exempt = invoice.customer_tax_exempt;
  const sums = sumInvoice(
    lines.map(({ amount, taxRates }) => ({
      amount,
      discountable: false,
      discounts: [],
      credits: [],
      taxRates: sumRatesOf(call, taxRates),
    })),
    [],
    exempt !== 'none',
  );
  return lines.map((line, index) =>
    line.invoiceLine === null
      ? { ...line, taxes: sums.lines[index]!.taxes.map((tax) => taxAmountOf(tax, exempt)) }
      : line,
  );
}

/** A line over a part of an invoice's total, with the same part of its taxes. */
export function shareOfTotal(invoice: Invoice, amount: number, description: string | null): CreditNoteLine {
  const part = (whole: number): number => roundedShare(BigInt(whole), BigInt(amount), BigInt(invoice.total));
  const taxes = invoice.total_taxes.map((tax) => ({
    ...tax,
    amount: part(tax.amount),
    taxable_amount: part(tax.taxable_amount),
  }));
  const onTop = taxes.reduce((sum, tax) => sum + tax.amount, 0);
  const taxRates = taxes.map(({ tax_rate_details: details }) => details.tax_rate);
  return { ...plainLine(description, 1, amount - onTop), taxes, taxRates };
}

/** What a line takes off what is owed: without its discounts, and with the taxes that come on top. */
export function totalOfLine({ amount, pretaxCredits, taxes }: CreditNoteLine): number {
  const before = pretaxCredits.reduce((sum, each) => sum + each.amount, 0);
  const onTop = taxes.filter(({ tax_behavior: behavior }) => behavior === 'exclusive');
  return amount - before + onTop.reduce((sum, each) => sum + each.amount, 0);
}

export function renderCreditNoteLine(call: Call, line: CreditNoteLine & { readonly id: string }): object {
  const discounts = line.pretaxCredits.flatMap((each) =>
    each.type === 'discount' ? [{ amount: each.amount, discount: each.discount }] : [],
  );
  return {
    id: line.id,
    object: 'credit_note_line_item',
    amount: line.amount,
    description: line.description,
    discount_amount: discounts.reduce((sum, { amount }) => sum + amount, 0),
    discount_amounts: discounts,
    ...(line.invoiceLine !== null && { invoice_line_item: line.invoiceLine }),
    livemode: false,
    metadata: line.metadata,
    pretax_credit_amounts: line.pretaxCredits,
    quantity: line.quantity,
    tax_rates: taxRatesOf(call, line.taxRates),
    taxes: line.taxes,
    type: line.invoiceLine === null ? 'custom_line_item' : 'invoice_line_item',
    unit_amount: line.unitAmount,
    unit_amount_decimal: line.unitAmount === null ? null : String(line.unitAmount),
  };
}

/** A line in words, without taxes yet. */
export function plainLine(description: string | null, quantity: number, unitAmount: number): CreditNoteLine {
  return {
    amount: quantity * unitAmount,
    description,
    invoiceLine: null,
    metadata: {},
    pretaxCredits: [],
    quantity,
    taxRates: [],
    taxes: [],
    unitAmount,
  };
}

function customLine(call: Call, request: LineRequest, name: string): CreditNoteLine {
  const other = (['amount', 'invoice_line_item'] as const).find((key) => request[key] !== undefined);
  if (other !== undefined) {
    throw invalidRequest(`A line with \`type=custom_line_item\` has no ${other}.`, `${name}[${other}]`);
  }
  const quantity = request.quantity ?? 1;
  if (quantity < 1) throw invalidRequest('Invalid positive integer', `${name}[quantity]`);
  const unitAmount = required(request.unit_amount, `${name}[unit_amount]`);
  return {
    ...plainLine(request.description ?? null, quantity, unitAmount),
    metadata: mergeMetadata({}, request.metadata),
    taxRates: chooseTaxRates(call, request.tax_rates ?? null, `${name}[tax_rates]`),
  };
}

/** A part of a line of the invoice, with as much of its discounts and taxes: all parts together have all of them. */
function partOfLine(
  call: Call,
  invoice: Invoice,
  request: LineRequest,
  planned: readonly CreditNoteLine[],
  name: string,
): CreditNoteLine {
  for (const key of ['tax_rates', 'unit_amount'] as const) {
    if (request[key] === undefined) continue;
    throw invalidRequest(`A line with \`type=invoice_line_item\` has the ${key} of the invoice.`, `${name}[${key}]`);
  }
  const id = required(request.invoice_line_item, `${name}[invoice_line_item]`);
  const line = call.store.get('invoice_lines', id);
  if (line?.invoice !== invoice.id) throw noSuch('invoice line item', id, `${name}[invoice_line_item]`);
  const amount = partAmount(line, request, name);
  const before = creditedOf(call, invoice.id, id) + amountOf(planned, id);
  if (amount < 1 || before + amount > line.amount) {
    throw invalidRequest(
      `Of this line ${Math.max(0, line.amount - before)} can be credited; ${amount} was asked for.`,
      `${name}[amount]`,
    );
  }
  const part = (whole: number): number => shareOf(whole, before + amount, line) - shareOf(whole, before, line);
  return {
    ...plainLine(request.description ?? line.description, 1, amount),
    invoiceLine: id,
    metadata: mergeMetadata({}, request.metadata),
    pretaxCredits: line.pretax_credit_amounts.map((each) => ({ ...each, amount: part(each.amount) })),
    quantity: request.quantity ?? null,
    taxRates: line.taxes.map(({ tax_rate_details: details }) => details.tax_rate),
    taxes: line.taxes.map((tax) => ({
      ...tax,
      amount: part(tax.amount),
      taxable_amount: part(tax.taxable_amount),
    })),
    unitAmount: null,
  };
}

function partAmount(line: InvoiceLine, { amount, quantity }: LineRequest, name: string): number {
  if ((amount === undefined) === (quantity === undefined)) {
    throw invalidRequest('You must pass exactly one of `amount` and `quantity`.', `${name}[amount]`);
  }
  if (amount !== undefined) return amount;
  if (line.quantity === null || quantity! < 1 || quantity! > line.quantity) {
    throw invalidRequest('The quantity must be within that of the line.', `${name}[quantity]`);
  }
  return roundedShare(BigInt(line.amount), BigInt(quantity!), BigInt(line.quantity));
}

/** What other credit notes have credited of the line. */
function creditedOf(call: Call, invoiceId: string, lineId: string): number {
  const notes = call.store.childrenOf('credit_notes', invoiceId).filter(({ status }) => status === 'issued');
  return amountOf(
    notes.flatMap(({ id }) => call.store.childrenOf('credit_note_lines', id)),
    lineId,
  );
}

function amountOf(lines: readonly CreditNoteLine[], lineId: string): number {
  return lines.reduce((sum, line) => sum + (line.invoiceLine === lineId ? line.amount : 0), 0);
}

function shareOf(whole: number, credited: number, line: InvoiceLine): number {
  return roundedShare(BigInt(whole), BigInt(credited), BigInt(line.amount));
}
