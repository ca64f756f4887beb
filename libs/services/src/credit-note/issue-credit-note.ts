import {
  ConflictError,
  type CreditNote,
  type CreditedLine,
  InvalidError,
  type Invoice,
  NotFoundError,
  creditLines,
  creditedTaxes,
  formatInvoiceNumber,
  roundingStepMinor,
  sumOfTaxes,
} from '#domain';
import {
  type Actor,
  appendToAuditLog,
  drawCreditNoteSequence,
  insertBalanceEntry,
  insertCreditNote,
  listCreditNotes,
  listCreditableLines,
  listInvoiceTaxes,
  lockInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface IssueCreditNoteInput {
  readonly invoiceId: string;
  /** Null for all that is left of the invoice. */
  readonly lines: readonly CreditedLine[] | null;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Gives back a part of a paid invoice, or all that is left of it: a credit note with the next number of its seller's series,
 * whose sum is in the payer's balance in the same step. The tax goes back with the lines, in the share that they have.
 * @throws NotFoundError `invoice_not_found`; ConflictError `invoice_not_paid`; InvalidError `credit_note_invalid` that
 *   names the field
 */
export function issueCreditNote(context: ServiceContext, input: IssueCreditNoteInput): Promise<CreditNote> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, input.invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (invoice.state !== 'paid')
      throw new ConflictError(
        'invoice_not_paid',
        `The invoice is ${invoice.state}: only one that is paid can be credited.`,
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
      reason,
      issuedAt: context.clock.now(),
    };
    await insertCreditNote(transaction, note, lines, taxes, input.actor);
    await insertBalanceEntry(transaction, {
      id: context.ids.next(),
      organizationId,
      sellerSlug,
      currency,
      amountMinor: totalMinor,
      kind: 'credit_note',
      reason,
      invoiceId: invoice.id,
      adjustmentId: null,
      creditNoteId: note.id,
      actor: input.actor,
      createdAt: note.issuedAt,
    });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor: input.actor,
      action: 'issued',
      noun: 'credit_note',
      nounId: note.id,
      details: { number: note.number, invoiceId: invoice.id, totalMinor: totalMinor.toString(), reason },
      createdAt: note.issuedAt,
    });
    return note;
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
