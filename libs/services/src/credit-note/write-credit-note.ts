import {
  ConflictError,
  type CreditNote,
  type CreditNoteLine,
  type CreditedLine,
  InvalidError,
  type Invoice,
  type InvoiceTax,
  creditLines,
  creditedTaxes,
  dueMinor,
  formatInvoiceNumber,
  isInvoiceUnpaid,
  roundingStepMinor,
  sumOfTaxes,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  appendToOutbox,
  drawCreditNoteSequence,
  insertBalanceEntry,
  insertCreditNote,
  listCreditNotes,
  listCreditableLines,
  listInvoiceTaxes,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { invoiceEvent } from '../invoice/invoice-events.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';
import { emitEvent } from '../webhook/emit-events.js';

/** What a credit note would be, before it is written. Amounts are minor units of the invoice's currency. */
export interface DraftedCreditNote {
  readonly lines: readonly CreditNoteLine[];
  readonly taxes: readonly InvoiceTax[];
  readonly subtotalMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** What it takes off what is due; the rest is given back. */
  readonly reducedMinor: bigint;
}

/**
 * The credit note of lines of an invoice, or with null of all that is left of it; writes nothing. The tax goes with the lines,
 * in the share that they have.
 * @throws ConflictError `invoice_not_issued`; InvalidError `credit_note_invalid` that names the field
 */
export async function draftCreditNote(
  transaction: Transaction,
  invoice: Invoice,
  asked: readonly CreditedLine[] | null,
): Promise<DraftedCreditNote> {
  if (!isInvoiceUnpaid(invoice.state) && invoice.state !== 'paid')
    throw new ConflictError(
      'invoice_not_issued',
      `The invoice is ${invoice.state}: only one that is issued and not void can be credited.`,
    );
  const earlier = await listCreditNotes(transaction, invoice.id);
  const beforeMinor = earlier.reduce((sum, note) => sum + note.subtotalMinor, 0n);
  const leftMinor = invoice.subtotalMinor - beforeMinor;
  const lines = creditLines(await listCreditableLines(transaction, invoice.id), leftMinor, asked);
  const subtotalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  checkStep(invoice, subtotalMinor);
  const taxes = creditedTaxes(await listInvoiceTaxes(transaction, invoice.id), invoice, {
    beforeMinor,
    creditedMinor: subtotalMinor,
  });
  const taxMinor = sumOfTaxes(taxes);
  const totalMinor = subtotalMinor + taxMinor;
  const due = dueMinor(invoice);
  return { lines, taxes, subtotalMinor, taxMinor, totalMinor, reducedMinor: totalMinor < due ? totalMinor : due };
}

/**
 * Writes a drafted credit note with the next number of its seller's series. It takes off what is due first, here at once and at
 * the payment provider by a job, and an invoice of which nothing is due then is paid. What of the rest does not go to the card
 * is in the payer's balance in the same step.
 */
export async function writeCreditNote(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  draft: DraftedCreditNote,
  { refundedMinor, reason, actor }: { readonly refundedMinor: bigint; readonly reason: string; readonly actor: Actor },
): Promise<CreditNote> {
  const { lines, taxes, ...amounts } = draft;
  const { prefix, sequence } = await drawCreditNoteSequence(transaction, invoice.sellerSlug);
  const { organizationId, sellerSlug, currency } = invoice;
  const note: CreditNote = {
    id: context.ids.next(),
    organizationId,
    invoiceId: invoice.id,
    sellerSlug,
    number: formatCreditNoteNumber(prefix, sequence),
    currency,
    ...amounts,
    refundedMinor,
    reason,
    issuedAt: context.clock.now(),
  };
  await insertCreditNote(transaction, note, lines, taxes, actor);
  if (note.reducedMinor > 0n) await reduceDue(context, transaction, invoice, note, actor);
  const keptMinor = note.totalMinor - note.reducedMinor - refundedMinor;
  if (keptMinor > 0n) await addToBalance(context, transaction, note, keptMinor, actor);
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action: 'issued',
    noun: 'credit_note',
    nounId: note.id,
    details: {
      number: note.number,
      invoiceId: invoice.id,
      totalMinor: note.totalMinor.toString(),
      reducedMinor: note.reducedMinor.toString(),
      refundedMinor: refundedMinor.toString(),
      reason,
    },
    createdAt: note.issuedAt,
  });
  await emitEvent(context, transaction, {
    organizationId,
    type: 'credit_note.issued',
    data: {
      creditNoteId: note.id,
      invoiceId: invoice.id,
      number: note.number,
      currency,
      totalMinor: note.totalMinor.toString(),
    },
  });
  return note;
}

/** The invoice asks for less, and is paid when nothing is left to ask for. */
async function reduceDue(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  { number, reducedMinor, issuedAt }: CreditNote,
  actor: Actor,
): Promise<void> {
  if (dueMinor(invoice) === reducedMinor) {
    await updateInvoice(transaction, invoice.id, { state: 'paid', paidAt: issuedAt, ...noFailure });
    const details = { from: invoice.state, creditNote: number };
    await auditInvoice(context, transaction, invoice, { actor, action: 'paid', details });
    await emitEvent(context, transaction, invoiceEvent('invoice.paid', invoice));
  }
  await appendToOutbox(transaction, settleInvoiceMessage(context, invoice.id), issuedAt);
}

const noFailure = { failureCode: null, failureMessage: null, failedAt: null };

function addToBalance(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, sellerSlug, currency, invoiceId, reason, issuedAt }: CreditNote,
  amountMinor: bigint,
  actor: Actor,
): Promise<void> {
  return insertBalanceEntry(transaction, {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    amountMinor,
    kind: 'credit_note',
    reason,
    invoiceId,
    creditNoteId: id,
    actor,
    createdAt: issuedAt,
  });
}

/** "INV-CN-000001": the numbers of invoices have no such part, so the two series never meet. */
function formatCreditNoteNumber(prefix: string, sequence: number): string {
  return formatInvoiceNumber(prefix, sequence).replace(/-(?=[0-9]+$)/, '-CN-');
}

/** What is left to collect of the invoice that uses the balance must be an amount that the provider takes. */
function checkStep({ currency }: Invoice, subtotalMinor: bigint): void {
  const step = BigInt(roundingStepMinor(currency));
  if (subtotalMinor % step === 0n) return;
  throw new InvalidError(
    'credit_note_invalid',
    `lines: amounts of ${currency} are collected in steps of ${step} minor units only.`,
  );
}
