import {
  ConflictError,
  type CreditNote,
  type CreditedLine,
  InvalidError,
  type Invoice,
  NotFoundError,
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
  lockInvoice,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';

export interface IssueCreditNoteInput {
  readonly invoiceId: string;
  /** Null for all that is left of the invoice. */
  readonly lines: readonly CreditedLine[] | null;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Takes back a part of an issued invoice, or all that is left of it: a credit note with the next number of its seller's series.
 * The tax goes with the lines, in the share that they have. It takes off what is due first, here at once and at the payment
 * provider by a job, and an invoice of which nothing is due then is paid. The rest is in the payer's balance in the same step.
 * @throws NotFoundError `invoice_not_found`; ConflictError `invoice_not_issued`; InvalidError `credit_note_invalid` that
 *   names the field
 */
export function issueCreditNote(context: ServiceContext, input: IssueCreditNoteInput): Promise<CreditNote> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, input.invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (!isInvoiceUnpaid(invoice.state) && invoice.state !== 'paid')
      throw new ConflictError(
        'invoice_not_issued',
        `The invoice is ${invoice.state}: only one that is issued and not void can be credited.`,
      );
    const reason = input.reason.trim();
    if (reason === '') throw new InvalidError('credit_note_invalid', 'reason: say why it is given back.');
    const earlier = await listCreditNotes(transaction, invoice.id);
    const beforeMinor = earlier.reduce((sum, note) => sum + note.subtotalMinor, 0n);
    const leftMinor = invoice.subtotalMinor - beforeMinor;
    const lines = creditLines(await listCreditableLines(transaction, invoice.id), leftMinor, input.lines);
    const subtotalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    checkStep(invoice, subtotalMinor);
    const taxes = creditedTaxes(await listInvoiceTaxes(transaction, invoice.id), invoice, {
      beforeMinor,
      creditedMinor: subtotalMinor,
    });
    const taxMinor = sumOfTaxes(taxes);
    const totalMinor = subtotalMinor + taxMinor;
    const due = dueMinor(invoice);
    const reducedMinor = totalMinor < due ? totalMinor : due;
    const { prefix, sequence } = await drawCreditNoteSequence(transaction, invoice.sellerSlug);
    const { organizationId, sellerSlug, currency } = invoice;
    const note: CreditNote = {
      id: context.ids.next(),
      organizationId,
      invoiceId: invoice.id,
      sellerSlug,
      number: formatCreditNoteNumber(prefix, sequence),
      currency,
      subtotalMinor,
      taxMinor,
      totalMinor,
      reducedMinor,
      reason,
      issuedAt: context.clock.now(),
    };
    await insertCreditNote(transaction, note, lines, taxes, input.actor);
    if (reducedMinor > 0n) await reduceDue(context, transaction, invoice, note, input.actor);
    if (totalMinor > reducedMinor) await addToBalance(context, transaction, note, input.actor);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor: input.actor,
      action: 'issued',
      noun: 'credit_note',
      nounId: note.id,
      details: {
        number: note.number,
        invoiceId: invoice.id,
        totalMinor: totalMinor.toString(),
        reducedMinor: reducedMinor.toString(),
        reason,
      },
      createdAt: note.issuedAt,
    });
    return note;
  });
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
  }
  await appendToOutbox(transaction, settleInvoiceMessage(context, invoice.id), issuedAt);
}

const noFailure = { failureCode: null, failureMessage: null, failedAt: null };

function addToBalance(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, sellerSlug, currency, invoiceId, totalMinor, reducedMinor, reason, issuedAt }: CreditNote,
  actor: Actor,
): Promise<void> {
  return insertBalanceEntry(transaction, {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    amountMinor: totalMinor - reducedMinor,
    kind: 'credit_note',
    reason,
    invoiceId,
    adjustmentId: null,
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
