import { type BankTransfer, ConflictError, InvalidError, type Invoice, NotFoundError, dueMinor } from '#domain';
import {
  type Actor,
  type Transaction,
  insertBankTransfer,
  lockBalance,
  lockBankTransfer,
  lockInvoice,
  lockInvoices,
  readTransferParts,
  updateInvoice,
} from '#persistence';
import { keepOverpayment } from '../balance/return-to-balance.js';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { invoiceEvent } from '../invoice/invoice-events.js';
import { emitEvent } from '../webhook/emit-events.js';
import { requestCollection } from '../payment/retry-collection.js';
import { auditTransfer, insertTransferEntry, insertTransferPayment } from './record-transfer.js';

export interface ReverseTransferInput {
  readonly transferId: string;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Takes back a transfer that was recorded wrongly, by a row of its own over the same amount below zero: the invoices that it
 * paid are due again, past due where their day has passed, and what of it was in the balance is taken of it. Returns the id of
 * that row.
 * @throws InvalidError `reversal_reason_missing`; NotFoundError `bank_transfer_not_found`; ConflictError `transfer_reversed`,
 *   `transfer_used` when its money was spent since, which the message names, `transfer_told` when the payment provider has the
 *   invoice as paid
 */
export async function reverseTransfer(
  context: ServiceContext,
  { transferId, reason, actor }: ReverseTransferInput,
): Promise<string> {
  const why = reason.trim();
  if (why === '') throw new InvalidError('reversal_reason_missing', 'reason: say why the transfer is taken back.');
  return context.unitOfWork.inSystem(async (transaction) => {
    const found = await lockBankTransfer(transaction, transferId);
    if (!found) throw new NotFoundError('bank_transfer');
    if (found.isReversed || found.reversesId !== null)
      throw new ConflictError('transfer_reversed', 'The transfer was taken back before, or takes another back itself.');
    const { isReversed: _, ...transfer } = found;
    const reversal: BankTransfer = {
      ...transfer,
      id: context.ids.next(),
      amountMinor: -transfer.amountMinor,
      reversesId: transfer.id,
      reason: why,
      createdAt: context.clock.now(),
    };
    await insertBankTransfer(transaction, reversal, actor);
    const { payments, keptMinor } = await readTransferParts(transaction, transfer.id);
    const invoices = await lockInvoices(
      transaction,
      payments.map(({ invoiceId }) => invoiceId),
    );
    for (const { invoiceId, amountMinor } of payments) {
      const invoice = invoices.find(({ id }) => id === invoiceId)!;
      await takeBack(context, transaction, invoice, { reversal, amountMinor, actor });
    }
    if (keptMinor > 0n) {
      await requireInBalance(transaction, transfer, keptMinor);
      await insertTransferEntry(context, transaction, reversal, {
        amountMinor: -keptMinor,
        reason: 'A transfer was recorded wrongly.',
        actor,
      });
    }
    await auditTransfer(context, transaction, transfer, {
      actor,
      action: 'reversed',
      details: { reversalId: reversal.id, reason: why },
    });
    return reversal.id;
  });
}

async function takeBack(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  {
    reversal,
    amountMinor,
    actor,
  }: { readonly reversal: BankTransfer; readonly amountMinor: bigint; readonly actor: Actor },
): Promise<void> {
  const { state, number, kind, providerInvoiceId } = invoice;
  if (state === 'paid' && kind === 'credit_purchase')
    throw new ConflictError(
      'transfer_used',
      `Invoice ${number} has granted the credits that it is for: they stay paid.`,
    );
  if (state === 'paid' && providerInvoiceId !== null)
    throw new ConflictError(
      'transfer_told',
      `The payment provider was told that invoice ${number} is paid, and cannot forget it: settle what is owed with the organization by another invoice.`,
    );
  if (state === 'void') await requireInBalance(transaction, reversal, amountMinor);
  await insertTransferPayment(context, transaction, invoice, reversal, -amountMinor);
  const current = (await lockInvoice(transaction, invoice.id))!;
  if (state === 'paid') await reopen(context, transaction, current);
  else if (current.paymentMethod === 'card' && (state === 'issued' || state === 'past_due'))
    await requestCollection(context, transaction, { ...current, attempt: current.attempt + 1 });
  await keepOverpayment(context, transaction, invoice.id, actor);
  await auditInvoice(context, transaction, invoice, {
    actor,
    action: 'payment_reversed',
    details: { reversalId: reversal.id, amountMinor: amountMinor.toString(), from: state },
  });
}

/** One of which something is due again: past due when its day has passed. One that was overpaid may still be paid. */
async function reopen(context: ServiceContext, transaction: Transaction, invoice: Invoice): Promise<void> {
  if (dueMinor({ ...invoice, state: 'issued' }) === 0n) return;
  const at = context.clock.now();
  const isOverdue = invoice.pastDueSince !== null || (invoice.dueAt !== null && invoice.dueAt < at);
  await updateInvoice(transaction, invoice.id, { state: 'issued', paidAt: null });
  if (isOverdue && invoice.paymentMethod === 'transfer') {
    await updateInvoice(transaction, invoice.id, { state: 'past_due', pastDueSince: invoice.pastDueSince ?? at });
    await emitEvent(context, transaction, invoiceEvent('invoice.past_due', invoice));
  }
  if (invoice.paymentMethod === 'card')
    await requestCollection(context, transaction, { ...invoice, state: 'issued', attempt: invoice.attempt + 1 });
}

async function requireInBalance(
  transaction: Transaction,
  key: Pick<BankTransfer, 'organizationId' | 'sellerSlug' | 'currency'>,
  neededMinor: bigint,
): Promise<void> {
  const balanceMinor = await lockBalance(transaction, key);
  if (balanceMinor >= neededMinor) return;
  throw new ConflictError(
    'transfer_used',
    `${neededMinor} minor units of ${key.currency} of the transfer went to the balance, and only ${balanceMinor} are left of that: ` +
      'invoices have used it. Adjust the balance first.',
  );
}
