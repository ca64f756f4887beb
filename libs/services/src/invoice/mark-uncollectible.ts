import { ConflictError, InvalidError, type Invoice, NotFoundError, isCarried } from '#domain';
import { type Actor, type Transaction, appendToOutbox, lockCollectedTogether, updateInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';
import { emitEvent } from '../webhook/emit-events.js';
import { auditInvoice } from './audit-invoice.js';
import { invoiceEvent } from './invoice-events.js';

/**
 * Gives a past-due invoice up, or one that was carried and that no other is expected after, here at once and at the payment provider by a job: no card is charged for it any more. It is
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
    const { invoice } = await lockCollectedTogether(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    requireUncollectible(invoice);
    await giveUpInvoice(context, transaction, invoice, { reason: why, actor });
  });
}

/** @throws ConflictError `invoice_not_past_due` */
export function requireUncollectible(invoice: Pick<Invoice, 'state' | 'carriedAt' | 'joinsInvoiceId'>): void {
  const { state } = invoice;
  if (state === 'past_due' || isCarried(invoice)) return;
  throw new ConflictError(
    'invoice_not_past_due',
    `The invoice is ${state}: only one that is past due, or carried to a next invoice, can be given up.`,
  );
}

/** The same for an invoice that is locked, in the transaction of the caller; what was carried into it is given up with it. */
export async function giveUpInvoice(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<void> {
  await updateInvoice(transaction, invoice.id, { state: 'uncollectible' });
  const entry = { actor, action: 'uncollectible', details: { from: invoice.state, reason } };
  await auditInvoice(context, transaction, invoice, entry);
  await emitEvent(context, transaction, invoiceEvent('invoice.uncollectible', invoice));
  const { joined } = await lockCollectedTogether(transaction, invoice.id);
  await giveUpJoined(context, transaction, joined, { reason, actor });
  await appendToOutbox(transaction, settleInvoiceMessage(context, invoice.id), context.clock.now());
}

/** Gives up what is collected with an invoice that is given up: nobody is asked for it any more. */
export async function giveUpJoined(
  context: ServiceContext,
  transaction: Transaction,
  joined: readonly Invoice[],
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<void> {
  for (const invoice of joined) {
    if (invoice.state !== 'issued') continue;
    await updateInvoice(transaction, invoice.id, { state: 'uncollectible' });
    const entry = { actor, action: 'uncollectible', details: { from: invoice.state, reason } };
    await auditInvoice(context, transaction, invoice, entry);
    await emitEvent(context, transaction, invoiceEvent('invoice.uncollectible', invoice));
  }
}
