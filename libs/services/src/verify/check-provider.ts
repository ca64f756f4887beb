import {
  type Invoice,
  type InvoiceLine,
  type InvoiceTax,
  type Payment,
  type PaymentProvider,
  type ProviderInvoice,
  type ProviderInvoiceHead,
  type Refund,
  TollgateError,
  collectedMinor,
} from '#domain';
import {
  type ProofSpan,
  type Transaction,
  findInvoiceByProviderId,
  listInvoiceLines,
  listInvoiceTaxes,
  listInvoicesForProof,
  listOrphans,
  listPayments,
  listRefunds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { providerLines } from '../payment/provider-lines.js';
import { nameInvoice } from './check-lines.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const PAGE = 100;

/**
 * The payment provider has no invoice that is paid by transfer, and every other one that was handed to it with the same number,
 * currency, lines, taxes, subtotal, total, credit notes, payments by card, refunds and state. It has no other invoice of our
 * organizations, but for drafts and void ones: of a span those of the forty days before now are looked at.
 * A provider that does not answer is a difference too: then nothing is proven.
 */
export async function checkProvider(
  context: ServiceContext,
  provider: PaymentProvider,
  span: ProofSpan | null,
): Promise<CheckResult> {
  let checked = 0;
  let after: string | null = null;
  for (;;) {
    const page: InvoiceWithParts[] = await readPage(context, span, after);
    for (const { invoice, ...parts } of page) {
      if (invoice.providerInvoiceId === null) continue;
      if (invoice.paymentMethod === 'transfer') return checkResult('provider', checked, unexpectedAtProvider(invoice));
      const difference =
        (await compareAtProvider(provider, invoice.providerInvoiceId, invoice, parts)) &&
        (await compareAgain(context, provider, invoice.providerInvoiceId));
      if (difference) return checkResult('provider', checked, difference);
      checked += 1;
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.invoice.id;
  }
  return checkResult('provider', checked, await findOrphan(context, provider, span));
}

const ORPHANS_SINCE_MS = 40 * 86_400_000;

/** An invoice that the provider has, and nobody here knows of. */
async function findOrphan(
  context: ServiceContext,
  provider: PaymentProvider,
  span: ProofSpan | null,
): Promise<Finding | null> {
  const since = span && new Date(context.clock.nowMs() - ORPHANS_SINCE_MS);
  const orphansOf = (found: readonly ProviderInvoiceHead[]) =>
    context.unitOfWork.inSystemSnapshot((transaction) => listOrphans(transaction, found));
  const page: ProviderInvoiceHead[] = [];
  const orphans: string[] = [];
  try {
    for await (const found of provider.listInvoices(since)) {
      if (found.status === 'draft' || found.status === 'void') continue;
      page.push(found);
      if (page.length === PAGE) orphans.push(...(await orphansOf(page.splice(0))));
      if (orphans.length > 0) break;
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    const message = 'The provider does not show its invoices.';
    return { row: 'invoices at the provider', expected: 'a list of them', actual: error.message, message };
  }
  orphans.push(...(await orphansOf(page)));
  const [orphan] = orphans;
  if (orphan === undefined) return null;
  return {
    row: `invoice ${orphan} at the provider`,
    expected: 'an invoice of ours',
    actual: 'none',
    message: 'The provider has an invoice of one of our organizations that nobody here knows of.',
  };
}

function unexpectedAtProvider(invoice: Invoice): Finding {
  return {
    row: `invoice ${invoice.id}`,
    expected: 'no invoice at the provider: it is paid by transfer',
    actual: `invoice ${invoice.providerInvoiceId}`,
    message: `Invoice ${nameInvoice(invoice)} could be paid twice: by transfer and at the provider.`,
  };
}

interface InvoiceParts {
  readonly lines: readonly InvoiceLine[];
  readonly taxes: readonly InvoiceTax[];
  readonly refunds: readonly Refund[];
  readonly payments: readonly Payment[];
}

interface InvoiceWithParts extends InvoiceParts {
  readonly invoice: Invoice;
}

/** What differs may have been on its way from one side to the other: then it is the same a moment later. */
async function compareAgain(
  context: ServiceContext,
  provider: PaymentProvider,
  providerInvoiceId: string,
): Promise<Finding | null> {
  const again = await context.unitOfWork.inSystemSnapshot(async (transaction) => {
    const invoice = (await findInvoiceByProviderId(transaction, providerInvoiceId))!;
    return { invoice, parts: await partsOf(transaction, invoice.id) };
  });
  return compareAtProvider(provider, providerInvoiceId, again.invoice, again.parts);
}

async function partsOf(transaction: Transaction, invoiceId: string): Promise<InvoiceParts> {
  return {
    lines: await listInvoiceLines(transaction, invoiceId),
    taxes: await listInvoiceTaxes(transaction, invoiceId),
    refunds: await listRefunds(transaction, invoiceId),
    payments: await listPayments(transaction, invoiceId),
  };
}

/** In a transaction of its own, so that none is open while the provider is asked. */
function readPage(context: ServiceContext, span: ProofSpan | null, after: string | null): Promise<InvoiceWithParts[]> {
  return context.unitOfWork.inSystemSnapshot(async (transaction) => {
    const page: InvoiceWithParts[] = [];
    for (const invoice of await listInvoicesForProof(transaction, { span, after, limit: PAGE })) {
      if (invoice.providerInvoiceId === null) page.push({ invoice, lines: [], taxes: [], refunds: [], payments: [] });
      else page.push({ invoice, ...(await partsOf(transaction, invoice.id)) });
    }
    return page;
  });
}

async function compareAtProvider(
  provider: PaymentProvider,
  providerInvoiceId: string,
  invoice: Invoice,
  parts: InvoiceParts,
): Promise<Finding | null> {
  const row = `invoice ${invoice.id}, ${providerInvoiceId} at the provider`;
  let found: ProviderInvoice;
  let refunded: string;
  try {
    found = await provider.retrieveInvoice(providerInvoiceId);
    refunded = await describeProviderRefunds(provider, parts);
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    const message = `The provider does not show invoice ${nameInvoice(invoice)}.`;
    return { row, expected: 'the invoice', actual: error.message, message };
  }
  const facts: readonly (readonly [expected: string, actual: string])[] = [
    [`number ${invoice.number}`, `number ${found.number}`],
    [`currency ${invoice.currency}`, `currency ${found.currency}`],
    [`subtotal ${collectedMinor(invoice)}`, `subtotal ${found.subtotalMinor}`],
    [`total ${collectedMinor(invoice)}`, `total ${found.totalMinor}`],
    [`credit notes of ${creditedAtProvider(invoice, parts)}`, `credit notes of ${found.creditedMinor}`],
    [`payments ${describePayments(parts.payments)}`, `payments ${describeProviderPayments(found)}`],
    [`refunds ${describeRefunds(parts.refunds)}`, `refunds ${refunded}`],
    [`state ${stateAtProvider(invoice, found)}`, `state ${found.status}`],
    [`lines ${describeOwnLines(invoice, parts)}`, `lines ${describeProviderLines(found)}`],
  ];
  const wrong = facts.find(([expected, actual]) => expected !== actual);
  if (!wrong) return null;
  const message = `The provider has invoice ${nameInvoice(invoice)} differently.`;
  return { row, expected: wrong[0], actual: wrong[1], message };
}

/** What the provider calls the state of an invoice that it has. What was paid of a void one before is in the balance. */
function stateAtProvider({ state, paidMinor }: Invoice, found: ProviderInvoice): ProviderInvoice['status'] {
  if (state === 'void' && found.status === 'paid' && paidMinor > 0n) return 'paid';
  return state === 'paid' || state === 'void' || state === 'uncollectible' ? state : 'open';
}

/** Credit notes that took off what was due, and those that belong to a refund; what went to the balance stays here. */
function creditedAtProvider({ creditedMinor }: Invoice, { refunds }: InvoiceParts): bigint {
  return refunds
    .filter(({ providerCreditNoteId }) => providerCreditNoteId !== null)
    .reduce((sum, { amountMinor }) => sum + amountMinor, creditedMinor);
}

/** Those by card: what was paid otherwise, the provider has no payment of. */
function describePayments(payments: readonly Payment[]): string {
  return describeLines(
    payments
      .filter(({ method, state }) => method === 'card' && state === 'succeeded')
      .map(({ providerPaymentId, amountMinor }) => [providerPaymentId!, amountMinor] as const),
  );
}

function describeProviderPayments({ payments }: ProviderInvoice): string {
  return describeLines(payments.map(({ paymentId, amountMinor }) => [paymentId, amountMinor] as const));
}

/** Those that the provider has made. One that it refused is only here. */
function describeRefunds(refunds: readonly Refund[]): string {
  return refunds
    .filter(({ providerRefundId }) => providerRefundId !== null)
    .map(({ id, amountMinor, state }) => `${id}: ${amountMinor} ${state}`)
    .toSorted()
    .join(', ');
}

async function describeProviderRefunds(
  provider: PaymentProvider,
  { payments, refunds }: InvoiceParts,
): Promise<string> {
  if (refunds.length === 0) return '';
  const described: string[] = [];
  for (const { providerPaymentId, state } of payments) {
    if (providerPaymentId === null || state !== 'succeeded') continue;
    for (const refund of await provider.listRefunds(providerPaymentId))
      described.push(`${refund.refundId ?? 'not ours'}: ${refund.amountMinor} ${refund.state}`);
  }
  return described.toSorted().join(', ');
}

/** Lines over nothing are not sent. */
function describeOwnLines(invoice: Invoice, { lines, taxes }: InvoiceParts): string {
  return describeLines(
    providerLines(invoice, lines, taxes)
      .map(({ lineId, amountMinor }) => [lineId, amountMinor] as const)
      .filter(([, amount]) => amount !== 0n),
  );
}

function describeProviderLines({ lines }: ProviderInvoice): string {
  return describeLines(lines.map(({ lineId, amountMinor }) => [lineId ?? 'not ours', amountMinor] as const));
}

function describeLines(lines: readonly (readonly [id: string, amountMinor: bigint])[]): string {
  return lines
    .map(([id, amountMinor]) => `${id}: ${amountMinor}`)
    .toSorted()
    .join(', ');
}
