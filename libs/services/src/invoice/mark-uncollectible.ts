import { ConflictError, InvalidError, type Invoice, NotFoundError } from '#domain';
import { type Actor, type Transaction, appendToOutbox, lockInvoice, updateInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';
import { auditInvoice } from './audit-invoice.js';

/**
 * Gives a past-due invoice up, here at once and at the payment provider by a job: no card is charged for it any more. It is
 * still owed, and may be paid or made void later.
 * @throws NotFoundError `invoice_not_found`; InvalidError `uncollectible_reason_missing`; ConflictError `invoice_not_past_due`
 */
export async function markUncollectible(
  context: ServiceContext,
  { invoiceId, reason, actor }: { readonly invoiceId: string; readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const why = reason.trim();
  if (why === '') throw new InvalidError('uncollectible_reason_missing', 'reason: say why it is given up.');
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    requireUncollectible(invoice);
    await giveUpInvoice(context, transaction, invoice, { reason: why, actor });
  });
}

/** @throws ConflictError `invoice_not_past_due` */
export function requireUncollectible({ state }: Pick<Invoice, 'state'>): void {
  if (state === 'past_due') return;
  throw new ConflictError(
    'invoice_not_past_due',
    `The invoice is ${state}: only one that is past due can be given up.`,
  );
}

/** The same for an invoice that is locked and past due, in the transaction of the caller. */
export async function giveUpInvoice(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<void> {
  await updateInvoice(transaction, invoice.id, { state: 'uncollectible' });
  const entry = { actor, action: 'uncollectible', details: { from: invoice.state, reason } };
  await auditInvoice(context, transaction, invoice, entry);
  await appendToOutbox(transaction, settleInvoiceMessage(context, invoice.id), context.clock.now());
}
