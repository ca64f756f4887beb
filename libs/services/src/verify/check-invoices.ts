import {
  type Invoice,
  type InvoiceTax,
  awaitsTax,
  dueMinor,
  isInvoiceIssued,
  isTaxedByProvider,
  sumOfTaxes,
  taxMinorOf,
} from '#domain';
import {
  type InvoiceSurroundings,
  type NumberSeries,
  type ProofSpan,
  type Transaction,
  listInvoiceTaxesOf,
  listInvoicesForProof,
  readInvoiceSurroundings,
  readNumberSeries,
} from '#persistence';
import { nameInvoice } from './check-lines.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const PAGE = 200;

/**
 * Numbers have no gap and none is invented; every invoice that is no draft, or waits for its tax, belongs to a closed period, each of its taxes is
 * that of its subtotal at the rate that it names where the seller taxes it, its total is both together, and its state agrees with its dates and
 * payments.
 */
export async function checkInvoices(transaction: Transaction, span: ProofSpan | null): Promise<CheckResult> {
  const broken = await describeNumbers(transaction);
  if (broken) return checkResult('invoices', 0, broken);
  let checked = 0;
  for await (const page of pagesOfInvoices(transaction, span)) {
    const ids = page.map(({ id }) => id);
    const surroundings = await readInvoiceSurroundings(transaction, ids);
    const taxesOf = await listInvoiceTaxesOf(transaction, ids);
    const byInvoice = new Map(surroundings.map((one) => [one.invoiceId, one] as const));
    for (const invoice of page) {
      const difference =
        compareTaxes(invoice, taxesOf.get(invoice.id) ?? []) ?? compareInvoice(invoice, byInvoice.get(invoice.id)!);
      if (difference) return checkResult('invoices', checked, difference);
      checked += 1;
    }
  }
  return checkResult('invoices', checked, null);
}

/** Invoices in the order of their ids, a page at a time. */
export async function* pagesOfInvoices(
  transaction: Transaction,
  span: ProofSpan | null,
): AsyncGenerator<readonly Invoice[]> {
  let after: string | null = null;
  for (;;) {
    const page: Invoice[] = await listInvoicesForProof(transaction, { span, after, limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}

async function describeNumbers(transaction: Transaction): Promise<Finding | null> {
  for (const series of await readNumberSeries(transaction)) {
    const broken = describeSeries(series);
    if (broken) return broken;
  }
  return null;
}

function describeSeries({ seller, count, missing, highest, drawn }: NumberSeries): Finding | null {
  if (missing !== null) {
    return {
      row: `invoice number ${missing} of seller ${seller}`,
      expected: 'an invoice with this number',
      actual: `none, while there is one with number ${highest}`,
      message: 'The series of invoice numbers has a gap.',
    };
  }
  if (highest === drawn && count === drawn) return null;
  return {
    row: `seller ${seller} last_invoice_sequence`,
    expected: `${highest}, as ${count} invoices have numbers up to it`,
    actual: `${drawn}`,
    message: 'The invoices with a number are not those that numbers were drawn for.',
  };
}

/** One of before taxes has none, and no tax. */
function compareTaxes(invoice: Invoice, taxes: readonly InvoiceTax[]): Finding | null {
  const { subtotalMinor, taxMinor, taxTreatment, excessCreditMinor, excessTaxMinor, currency } = invoice;
  for (const tax of isTaxedByProvider(invoice) ? [] : taxes) {
    const expected = describeTax({
      ...tax,
      category: taxTreatment?.category ?? tax.category,
      taxableMinor: subtotalMinor,
      taxMinor: taxMinorOf(subtotalMinor, tax.percent, currency),
    });
    if (expected !== describeTax(tax)) return describe(invoice, expected, describeTax(tax));
  }
  // What the provider has computed is compared with what it says now.
  const onExcess = isTaxedByProvider(invoice)
    ? excessTaxMinor
    : taxes.reduce((sum, { percent }) => sum + taxMinorOf(excessCreditMinor, percent, currency), 0n);
  const facts: readonly (readonly [expected: string, actual: string])[] = [
    [taxTreatment && !awaitsTax(invoice) ? 'taxes' : 'no taxes', taxes.length > 0 ? 'taxes' : 'no taxes'],
    [`tax ${sumOfTaxes(taxes)}`, `tax ${taxMinor}`],
    [`tax ${onExcess} on its excess credit`, `tax ${excessTaxMinor} on its excess credit`],
  ];
  const wrong = facts.find(([expected, actual]) => expected !== actual);
  return wrong ? describe(invoice, ...wrong) : null;
}

function describeTax({ position, category, percent, taxableMinor, taxMinor }: InvoiceTax): string {
  return `tax ${position} (${category}) of ${taxableMinor} at ${percent} %: ${taxMinor}`;
}

function compareInvoice(
  invoice: Invoice,
  { periodState, periodEnd, paidMinor, creditedMinor }: InvoiceSurroundings,
): Finding | null {
  const { state, subtotalMinor, taxMinor, totalMinor, number, issuedAt, paidAt } = invoice;
  const isIssued = isInvoiceIssued(state);
  const facts: readonly (readonly [expected: string, actual: string])[] = [
    [`total ${subtotalMinor + taxMinor}`, `total ${totalMinor}`],
    ...(invoice.kind === 'period' ? factsOfPeriod(invoice, periodState, periodEnd) : []),
    [isIssued ? 'issued at some time' : 'never issued', issuedAt ? 'issued at some time' : 'never issued'],
    [isIssued && totalMinor > 0n ? 'a number' : 'no number', number === null ? 'no number' : 'a number'],
    [state === 'paid' ? 'paid at some time' : 'never paid', paidAt ? 'paid at some time' : 'never paid'],
    [`payments of ${paidMinor}`, `payments of ${invoice.paidMinor}`],
    [`credit notes of ${creditedMinor}`, `credit notes of ${invoice.creditedMinor}`],
  ];
  const wrong = facts.find(([expected, actual]) => expected !== actual);
  if (wrong) return describe(invoice, ...wrong);
  if (!isIssued || state === 'void') return null;
  // Whatever was paid beyond what is due is in the balance, as the proof of balances says.
  const due = dueMinor({ ...invoice, state: 'issued' });
  if (state === 'paid')
    return due === 0n ? null : describe(invoice, 'nothing due', `${due} due, with payments of ${paidMinor}`);
  return due > 0n ? null : describe(invoice, 'state paid', `state ${state}, with a payment of ${paidMinor}`);
}

/** One that is no draft is of a closed period, and ends with it. */
function factsOfPeriod(
  invoice: Invoice,
  periodState: InvoiceSurroundings['periodState'],
  periodEnd: Date | null,
): (readonly [expected: string, actual: string])[] {
  return [
    [`period end ${periodEnd?.toISOString()}`, `period end ${invoice.periodEnd.toISOString()}`],
    [
      invoice.state === 'draft' && !awaitsTax(invoice) ? 'period not closed' : 'period closed',
      periodState === 'closed' ? 'period closed' : 'period not closed',
    ],
  ];
}

function describe(invoice: Invoice, expected: string, actual: string): Finding {
  const message = `Invoice ${nameInvoice(invoice)} (${invoice.state}) contradicts itself.`;
  return { row: `invoice ${invoice.id}`, expected, actual, message };
}
