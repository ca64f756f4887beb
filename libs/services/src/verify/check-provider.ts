import {
  type CreditNote,
  type Invoice,
  type InvoiceLine,
  type InvoiceTax,
  type Payment,
  type PaymentProvider,
  PaymentProviderError,
  type ProviderInvoice,
  type Refund,
  TollgateError,
  askedMinor,
  isTaxedByProvider,
} from '#domain';
import {
  type InvoicesForProof,
  type ProofSpan,
  type Transaction,
  findInvoiceByProviderId,
  listCarriedInto,
  listCreditNotes,
  listInvoiceLines,
  listInvoiceTaxes,
  listInvoicesForProof,
  listOrphans,
  listPayments,
  listRefunds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { pagesOf } from '../table/table.js';
import { providerLines } from '../payment/provider-lines.js';
import { nameInvoice } from './check-lines.js';
import { findDisputeDifferences } from './check-provider-disputes.js';
import { findFeeDifferences } from './check-provider-fees.js';
import { findRefundDifferences } from './check-provider-refunds.js';
import { inPages } from './in-pages.js';
import { type CheckResult, type Finding, Findings } from './verify-report.js';

const PAGE = 100;

/**
 * The payment provider has no invoice that is paid by transfer, and every other one that was handed to it with the same number,
 * currency, lines, taxes, subtotal, total, credit notes, payments by card, refunds and state. It has no other invoice of our
 * organizations, but for drafts, void ones and those over nothing, no refund or dispute of our payments that is another here, and took
 * no other fees of them than the books have. With a span the invoices of its periods are looked at, and of everything else, as of
 * invoices of other periods, what is of the forty days before now: what is changed at the provider after its period is noticed. Goes
 * on after a difference, and names them all; see `Findings`. A provider that does not answer is the last difference: then nothing
 * more is proven.
 */
export async function checkProvider(
  context: ServiceContext,
  provider: PaymentProvider,
  span: ProofSpan | null,
): Promise<CheckResult> {
  const findings = new Findings('provider');
  const since = span && new Date(context.clock.nowMs() - LOOK_BACK_MS);
  let checked = 0;
  try {
    for await (const page of pagesOf<InvoiceWithParts>(PAGE, (after, limit) =>
      readPage(context, { span, issuedSince: since }, after?.invoice.id ?? null, limit),
    )) {
      for (const { invoice, ...parts } of page) {
        if (invoice.providerInvoiceId === null) continue;
        const finding = await checkInvoice(
          context,
          provider,
          { ...invoice, providerInvoiceId: invoice.providerInvoiceId },
          parts,
        );
        if (finding) findings.add(finding);
        checked += 1;
      }
    }
    for await (const finding of findOrphans(context, provider, since)) findings.add(finding);
    for await (const finding of findRefundDifferences(context, provider, since)) findings.add(finding);
    for await (const finding of findDisputeDifferences(context, provider, since)) findings.add(finding);
    for await (const finding of findFeeDifferences(context, provider, since)) findings.add(finding);
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    findings.add({
      row: 'the payment provider',
      expected: 'an answer',
      actual: error.message,
      message: 'The payment provider does not answer: what it has is not proven.',
    });
  }
  return findings.result(checked);
}

const LOOK_BACK_MS = 40 * 86_400_000;

async function checkInvoice(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: Invoice & { readonly providerInvoiceId: string },
  parts: InvoiceParts,
): Promise<Finding | null> {
  if (invoice.paymentMethod === 'transfer') return unexpectedAtProvider(invoice);
  const { providerInvoiceId } = invoice;
  return (
    (await compareAtProvider(provider, providerInvoiceId, invoice, parts)) &&
    (await compareAgain(context, provider, providerInvoiceId))
  );
}

/** Invoices that the provider has, and nobody here knows of. */
async function* findOrphans(
  context: ServiceContext,
  provider: PaymentProvider,
  since: Date | null,
): AsyncGenerator<Finding> {
  for await (const page of inPages(provider.listInvoices(since))) {
    // One over nothing asks nobody for anything: the provider makes them where it rates usage.
    const found = page.filter(({ status, totalMinor }) => status !== 'draft' && status !== 'void' && totalMinor !== 0n);
    const orphans = await context.unitOfWork.inSystemSnapshot((transaction) => listOrphans(transaction, found));
    for (const orphan of orphans)
      yield {
        row: `invoice ${orphan} at the provider`,
        expected: 'an invoice of ours',
        actual: 'none',
        message: 'The provider has an invoice of one of our organizations that nobody here knows of.',
      };
  }
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
  readonly creditNotes: readonly CreditNote[];
}

const noParts: InvoiceParts = { lines: [], taxes: [], refunds: [], payments: [], creditNotes: [] };

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
    return { invoice, parts: await partsOf(transaction, invoice) };
  });
  return compareAtProvider(provider, providerInvoiceId, again.invoice, again.parts);
}

/** Payments and refunds are with the invoice that was charged: so are those of invoices that were carried into it. */
async function partsOf(transaction: Transaction, { id, carriedAt }: Invoice): Promise<InvoiceParts> {
  const lines = await listInvoiceLines(transaction, id);
  const taxes = await listInvoiceTaxes(transaction, id);
  if (carriedAt !== null) return { ...noParts, lines, taxes };
  const refunds = await listRefunds(transaction, id);
  const payments = await listPayments(transaction, id);
  for (const carried of await listCarriedInto(transaction, id)) {
    refunds.push(...(await listRefunds(transaction, carried.id)));
    payments.push(...(await listPayments(transaction, carried.id)));
  }
  return { lines, taxes, refunds, payments, creditNotes: await listCreditNotes(transaction, id) };
}

/** In a transaction of its own, so that none is open while the provider is asked. */
function readPage(
  context: ServiceContext,
  which: InvoicesForProof,
  after: string | null,
  limit: number,
): Promise<InvoiceWithParts[]> {
  return context.unitOfWork.inSystemSnapshot(async (transaction) => {
    const page: InvoiceWithParts[] = [];
    for (const invoice of await listInvoicesForProof(transaction, { ...which, after, limit })) {
      if (invoice.providerInvoiceId === null) page.push({ invoice, ...noParts });
      else page.push({ invoice, ...(await partsOf(transaction, invoice)) });
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
    if (!(error instanceof TollgateError) || (error instanceof PaymentProviderError && error.retryable)) throw error;
    const message = `The provider does not show invoice ${nameInvoice(invoice)}.`;
    return { row, expected: 'the invoice', actual: error.message, message };
  }
  const facts: readonly (readonly [expected: string, actual: string])[] = [
    // One over nothing has none here; the provider numbers it by itself.
    [`number ${invoice.number ?? found.number}`, `number ${found.number}`],
    [`currency ${invoice.currency}`, `currency ${found.currency}`],
    [`subtotal ${untaxedMinor(invoice)}`, `subtotal ${found.subtotalMinor}`],
    [`total without its tax ${untaxedMinor(invoice)}`, `total without its tax ${found.totalExcludingTaxMinor}`],
    [`total ${atProviderMinor(invoice)}`, `total ${found.totalMinor}`],
    [`credit notes of ${creditedAtProvider(parts)}`, `credit notes of ${found.creditedMinor}`],
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

/** What the provider's invoice is over: nothing for one that was carried, as another one asks for it. */
function atProviderMinor(invoice: Invoice): bigint {
  return invoice.carriedAt === null ? askedMinor(invoice) : 0n;
}

/** Without the tax that the provider has computed; any other is in lines. */
function untaxedMinor(invoice: Invoice): bigint {
  return atProviderMinor(invoice) - (isTaxedByProvider(invoice) ? invoice.taxMinor : 0n);
}

/** What the provider calls the state of an invoice that it has. What was paid of a void one before is in the balance; what a bank has taken back stays paid there. */
function stateAtProvider(
  { state, paidMinor, chargedBackMinor }: Invoice,
  found: ProviderInvoice,
): ProviderInvoice['status'] {
  if (chargedBackMinor > 0n) return 'paid';
  if (state === 'void' && found.status === 'paid' && paidMinor > 0n) return 'paid';
  return state === 'paid' || state === 'void' || state === 'uncollectible' ? state : 'open';
}

/**
 * Credit notes that took off what was due, and those that belong to a refund; what went to the balance stays here, and what was
 * credited after a bank has taken the payment back.
 */
function creditedAtProvider({ creditNotes, payments, refunds }: InvoiceParts): bigint {
  const own = new Set(creditNotes.map(({ invoiceId }) => invoiceId));
  const chargedBackAt = payments.find(
    ({ method, invoiceId }) => method === 'chargeback' && own.has(invoiceId),
  )?.createdAt;
  const creditedMinor = creditNotes
    .filter(({ issuedAt }) => chargedBackAt === undefined || issuedAt < chargedBackAt)
    .reduce((sum, { reducedMinor }) => sum + reducedMinor, 0n);
  return refunds
    .filter(({ providerCreditNoteId }) => providerCreditNoteId !== null)
    .reduce((sum, { amountMinor }) => sum + amountMinor, creditedMinor);
}

/** Those by card, of one charge together: what was paid otherwise, the provider has no payment of. */
function describePayments(payments: readonly Payment[]): string {
  const charges = new Map<string, bigint>();
  for (const { method, state, providerPaymentId, amountMinor } of payments)
    if (method === 'card' && state === 'succeeded')
      charges.set(providerPaymentId!, (charges.get(providerPaymentId!) ?? 0n) + amountMinor);
  return describeLines([...charges]);
}

function describeProviderPayments({ payments }: ProviderInvoice): string {
  return describeLines(payments.map(({ paymentId, amountMinor }) => [paymentId, amountMinor] as const));
}

/** Those that the provider has made, the parts of one together. One that it refused is only here. */
function describeRefunds(refunds: readonly Refund[]): string {
  return [...Map.groupBy(refunds, ({ providerRefundId }) => providerRefundId)]
    .flatMap(([providerRefundId, parts]) => {
      const amountMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0n);
      return providerRefundId === null ? [] : [`${providerRefundId}: ${amountMinor} ${parts[0]!.state}`];
    })
    .toSorted()
    .join(', ');
}

/** Of those that are ours; `findRefundDifferences` names the others. */
async function describeProviderRefunds(
  provider: PaymentProvider,
  { payments, refunds }: InvoiceParts,
): Promise<string> {
  if (refunds.length === 0) return '';
  const known = new Set(refunds.map(({ providerRefundId }) => providerRefundId));
  const described: string[] = [];
  const paid = payments.filter(({ state }) => state === 'succeeded').map(({ providerPaymentId }) => providerPaymentId);
  for (const providerPaymentId of new Set(paid)) {
    if (providerPaymentId === null) continue;
    for (const { providerRefundId, amountMinor, state: found } of await provider.listRefunds(providerPaymentId))
      if (known.has(providerRefundId)) described.push(`${providerRefundId}: ${amountMinor} ${found}`);
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
