import {
  type CreditNote,
  type CreditedLine,
  InvalidError,
  type Invoice,
  NotFoundError,
  refundableMinor,
  roundingStepMinor,
} from '#domain';
import { type Actor, type Transaction, findRefundablePayment, lockInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { requireNoCheckout } from '../checkout/require-no-checkout.js';
import { requireNotJoined } from '../invoice/void-invoice.js';
import { type DraftedCreditNote, draftCreditNote, writeCreditNote } from './write-credit-note.js';

export interface IssueCreditNoteInput {
  readonly invoiceId: string;
  /** Null for all that is left of the invoice. */
  readonly lines: readonly CreditedLine[] | null;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Takes back a part of an issued invoice, or all that is left of it: a credit note that takes off what is due first. The rest is
 * in the payer's balance in the same step; `proposeRefund` sends it to the card instead.
 * @throws NotFoundError `invoice_not_found`; ConflictError `invoice_not_issued`, `invoice_joined`; InvalidError `credit_note_invalid` that
 *   names the field
 */
export function issueCreditNote(context: ServiceContext, input: IssueCreditNoteInput): Promise<CreditNote> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockCreditableInvoice(transaction, input.invoiceId);
    const reason = creditReason(input.reason);
    const draft = await draftCreditNote(transaction, invoice, input.lines);
    return writeCreditNote(context, transaction, invoice, draft, { refundedMinor: 0n, reason, actor: input.actor });
  });
}

/** A credit note that was not written, and where its money would go. */
export interface CreditNotePreview extends DraftedCreditNote {
  readonly invoiceId: string;
  readonly invoiceNumber: string | null;
  readonly currency: string;
  /** What of it could go to the card that paid; 0 when no card paid, or something is still due. The rest goes to the balance. */
  readonly refundableMinor: bigint;
}

/**
 * What a credit note, or a refund, would be: by the same functions, and nothing is written.
 * @throws as `issueCreditNote`
 */
export function previewCreditNote(
  context: ServiceContext,
  { invoiceId, lines }: Pick<IssueCreditNoteInput, 'invoiceId' | 'lines'>,
): Promise<CreditNotePreview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockCreditableInvoice(transaction, invoiceId);
    const draft = await draftCreditNote(transaction, invoice, lines);
    const payment = invoice.state === 'paid' ? await findRefundablePayment(transaction, invoiceId) : null;
    const step = roundingStepMinor(invoice.currency);
    return {
      ...draft,
      invoiceId,
      invoiceNumber: invoice.number,
      currency: invoice.currency,
      refundableMinor: payment ? refundableMinor(draft.totalMinor, payment, step) : 0n,
    };
  });
}

/** @throws NotFoundError `invoice_not_found`; ConflictError `invoice_joined` while it is collected with another, `invoice_on_payment_page` */
export async function lockCreditableInvoice(transaction: Transaction, invoiceId: string): Promise<Invoice> {
  const invoice = await lockInvoice(transaction, invoiceId);
  if (!invoice) throw new NotFoundError('invoice');
  requireNotJoined(invoice);
  await requireNoCheckout(transaction, invoiceId);
  return invoice;
}

/** @throws InvalidError `credit_note_invalid` */
export function creditReason(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new InvalidError('credit_note_invalid', 'reason: say why it is given back.');
  return reason;
}
