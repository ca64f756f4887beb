import { type BillingPeriod, type Invoice, type InvoiceLine, burnCredits } from '#domain';
import {
  type ProofSpan,
  type Transaction,
  listClosedPeriods,
  listGrantsBurnedBy,
  listInvoiceLines,
  listInvoicesOfPeriod,
} from '#persistence';
import { UsageArchiveError } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import { ratePeriodFromLedger } from '../period/rate-from-ledger.js';
import type { PeriodLine, RatedPeriod } from '../period/rate-period.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const PAGE = 200;

/**
 * Every closed period has one invoice that is not void, or a last one that is, as its hours of usage and its plan give it: rated anew, each line has the same quantity and
 * the same amount, and the lines add up to the subtotal.
 */
export async function checkLines(
  context: ServiceContext,
  transaction: Transaction,
  span: ProofSpan | null,
): Promise<CheckResult> {
  let checked = 0;
  let after: BillingPeriod | null = null;
  for (;;) {
    const page: BillingPeriod[] = await listClosedPeriods(transaction, { span, after, limit: PAGE });
    for (const period of page) {
      const result = await comparePeriod(context, transaction, period).catch((error: unknown) => {
        if (!(error instanceof UsageArchiveError)) throw error;
        return { checked: 0, difference: describeUnreadable(period, error) };
      });
      checked += result.checked;
      if (result.difference) return checkResult('lines', checked, result.difference);
    }
    if (page.length < PAGE) return checkResult('lines', checked, null);
    after = page.at(-1)!;
  }
}

async function comparePeriod(
  context: ServiceContext,
  transaction: Transaction,
  period: BillingPeriod,
): Promise<{ checked: number; difference: Finding | null }> {
  const invoices = await listInvoicesOfPeriod(transaction, period);
  const invoice = invoices.at(-1);
  const rated = await ratePeriodFromLedger(context, transaction, period, invoice?.id);
  const twice = invoices.slice(0, -1).find(({ state }) => state !== 'void');
  if (invoice && twice) return { checked: 0, difference: describeTwice(twice, invoice) };
  if (!invoice) return { checked: 0, difference: rated && describeMissingInvoice(period, rated.subtotalMinor) };
  const all = await listInvoiceLines(transaction, invoice.id);
  const isBurn = ({ kind, amountMinor }: InvoiceLine) => kind === 'prepaid_credit' && amountMinor < 0n;
  const lines = all.filter((line) => !isBurn(line));
  const credits = all.filter(isBurn);
  const expected = rated?.lines ?? [];
  const positions = Math.max(lines.length, expected.length);
  for (let index = 0; index < positions; index++) {
    const difference = compareLine(invoice, index + 1, expected[index], lines[index]);
    if (difference) return { checked: index, difference };
  }
  const difference =
    compareSubtotal(invoice, all) ??
    compareExcess(invoice, rated) ??
    (credits.length > 0 ? await compareCredits(transaction, invoice, lines, credits) : null);
  return { checked: all.length, difference };
}

/** Burned anew, the grants as they were before pay the same: in the burn order, and as far as they go. */
async function compareCredits(
  transaction: Transaction,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  credits: readonly InvoiceLine[],
): Promise<Finding | null> {
  const { currency, periodEnd } = invoice;
  const { apiProductId, grants } = await listGrantsBurnedBy(transaction, invoice.id);
  const burned = burnCredits({ currency, apiProductId, lines, grants, atMs: periodEnd.getTime() - 1 });
  const describe = (taken: readonly (readonly [grantId: string | null, amountMinor: bigint])[]) =>
    taken.map(([grantId, amountMinor]) => `${amountMinor} of ${grantId}`).join(', ');
  const expected = describe(burned.lines.map(({ grantId, amountMinor }) => [grantId, amountMinor]));
  const actual = describe(credits.map(({ creditGrantId, amountMinor }) => [creditGrantId, amountMinor]));
  if (expected === actual) return null;
  const message = `The credit lines of invoice ${nameInvoice(invoice)} are not what its grants of credits pay.`;
  return { row: `invoice ${invoice.id}`, expected, actual, message };
}

function describeUnreadable({ subscriptionId, startsAt }: BillingPeriod, { day, message }: UsageArchiveError): Finding {
  return {
    row: `usage_archive ${day}`,
    expected: `the events of the period of ${subscriptionId} from ${startsAt.toISOString()}`,
    actual: 'no archive that can be read',
    message,
  };
}

function compareLine(
  invoice: Invoice,
  position: number,
  expected: PeriodLine | undefined,
  actual: InvoiceLine | undefined,
): Finding | null {
  const row = `invoice_line ${actual?.id ?? `${invoice.id}, position ${position}`}`;
  if (!expected || !actual) {
    return {
      row,
      expected: expected ? describeLine(expected) : 'none',
      actual: actual ? describeLine(actual) : 'none',
      message: `Invoice ${nameInvoice(invoice)} does not have the lines that its usage gives.`,
    };
  }
  if (describeLine(expected) === describeLine(actual)) return null;
  return {
    row,
    expected: describeLine(expected),
    actual: describeLine(actual),
    message: `A line of invoice ${nameInvoice(invoice)} is not what its usage and plan give.`,
  };
}

function compareSubtotal(invoice: Invoice, lines: readonly InvoiceLine[]): Finding | null {
  const sum = lines.reduce((total, line) => total + line.amountMinor, 0n);
  if (sum === invoice.subtotalMinor) return null;
  return {
    row: `invoice ${invoice.id}`,
    expected: `subtotal ${sum}, the sum of its lines`,
    actual: `subtotal ${invoice.subtotalMinor}`,
    message: `The lines of invoice ${nameInvoice(invoice)} do not add up to its subtotal.`,
  };
}

function compareExcess(invoice: Invoice, rated: RatedPeriod | null): Finding | null {
  const expected = rated?.excessCreditMinor ?? 0n;
  if (expected === invoice.excessCreditMinor) return null;
  return {
    row: `invoice ${invoice.id}`,
    expected: `excess credit ${expected}, what its lines give back beyond what they charge`,
    actual: `excess credit ${invoice.excessCreditMinor}`,
    message: `Invoice ${nameInvoice(invoice)} does not keep for the balance what its usage gives.`,
  };
}

function describeTwice(first: Invoice, second: Invoice): Finding {
  return {
    row: `invoice ${first.id}`,
    expected: `state void, as ${second.id} is of the same period`,
    actual: `state ${first.state}`,
    message: `Invoice ${nameInvoice(first)} and ${nameInvoice(second)} bill the same period.`,
  };
}

function describeMissingInvoice({ subscriptionId, startsAt }: BillingPeriod, subtotalMinor: bigint): Finding {
  return {
    row: `billing_period ${subscriptionId} from ${startsAt.toISOString()}`,
    expected: `an invoice with subtotal ${subtotalMinor}`,
    actual: 'no invoice',
    message: 'A closed period that must be invoiced has no invoice.',
  };
}

/** Everything that a line says of money and of where it comes from, in one text. */
function describeLine(line: PeriodLine | InvoiceLine): string {
  const { position, kind, meter, quantity, unroundedAmount, amountMinor, phaseId, planVersionId, periodStart } = line;
  return JSON.stringify({
    position,
    kind,
    meter,
    quantity,
    unroundedAmount,
    amountMinor: amountMinor.toString(),
    phaseId,
    planVersionId,
    periodStart: periodStart.toISOString(),
    inputHash: line.inputHash,
    breakdown: line.breakdown.map(({ from, upTo, units, unitAmount, flatAmount, amount, basis, converted }) => [
      from,
      upTo,
      units,
      unitAmount,
      flatAmount,
      amount,
      ...(basis === undefined ? [] : [basis, converted ?? null]),
    ]),
  });
}

export function nameInvoice({ id, number }: Invoice): string {
  return number ?? id;
}
