import { ConflictError, type Dispute, type Invoice, canMoveInvoice, dueMinor } from '#domain';
import {
  type Actor,
  type Transaction,
  insertPaymentIfMissing,
  lockBalance,
  lockInvoice,
  sumOverpayments,
  updateInvoice,
} from '#persistence';
import { overpaidMinor } from '#domain';
import { keepOverpayment } from '../balance/return-to-balance.js';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { invoiceEvent } from '../invoice/invoice-events.js';
import { emitEvent } from '../webhook/emit-events.js';
import { giveUpInvoice } from '../invoice/mark-uncollectible.js';

/** The failure of an invoice whose payment a bank has taken back. */
const CHARGED_BACK = 'charged_back';
const MESSAGE = 'The bank of the card has taken the payment back.';
const system: Actor = { kind: 'system', id: null };

/**
 * Takes the payment of a lost dispute back, in the transaction that decides on it: the invoice is past due again, and given up where
 * that was decided. No card is charged for it any more.
 * @throws ConflictError `dispute_balance_used` when its money had gone on to the balance, and is used there
 */
export async function chargeBack(
  context: ServiceContext,
  transaction: Transaction,
  dispute: Dispute,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const invoice = (await lockInvoice(transaction, dispute.invoiceId))!;
  await requireInBalance(transaction, invoice, dispute.amountMinor);
  await insertChargeback(context, transaction, invoice, dispute, -dispute.amountMinor);
  const current = (await lockInvoice(transaction, invoice.id))!;
  const at = context.clock.now();
  const isDue = dueMinor({ ...current, state: 'issued' }) > 0n;
  if (invoice.state === 'paid' && isDue)
    await updateInvoice(transaction, invoice.id, { state: 'issued', paidAt: null });
  if (isDue && (invoice.state === 'paid' || invoice.state === 'issued')) {
    await updateInvoice(transaction, invoice.id, {
      state: 'past_due',
      pastDueSince: current.pastDueSince ?? at,
      failureCode: CHARGED_BACK,
      failureMessage: MESSAGE,
      failedAt: at,
    });
    await emitEvent(context, transaction, invoiceEvent('invoice.past_due', invoice));
  }
  await keepOverpayment(context, transaction, invoice.id, actor);
  const { id: disputeId, amountMinor } = dispute;
  const details = { disputeId, amountMinor: amountMinor.toString(), from: invoice.state, reason };
  await auditInvoice(context, transaction, invoice, { actor, action: 'charged_back', details });
  const after = (await lockInvoice(transaction, invoice.id))!;
  if (dispute.resolution === 'written_off' && after.state === 'past_due')
    await giveUpInvoice(context, transaction, after, { reason, actor });
}

/** The bank has given the money back after all: it pays the invoice again, and what is not due of it goes to the balance. */
export async function giveChargebackBack(
  context: ServiceContext,
  transaction: Transaction,
  dispute: Dispute,
): Promise<void> {
  const invoice = (await lockInvoice(transaction, dispute.invoiceId))!;
  await insertChargeback(context, transaction, invoice, dispute, dispute.amountMinor);
  const current = (await lockInvoice(transaction, invoice.id))!;
  if (dueMinor(current) === 0n && canMoveInvoice(current.state, 'paid')) {
    const paid = {
      state: 'paid',
      paidAt: context.clock.now(),
      failureCode: null,
      failureMessage: null,
      failedAt: null,
    };
    await updateInvoice(transaction, invoice.id, { ...paid, state: 'paid' });
    await emitEvent(context, transaction, invoiceEvent('invoice.paid', invoice));
  }
  await keepOverpayment(context, transaction, invoice.id, system);
  const details = { disputeId: dispute.id, amountMinor: dispute.amountMinor.toString(), from: invoice.state };
  await auditInvoice(context, transaction, invoice, { actor: system, action: 'chargeback_returned', details });
}

async function insertChargeback(
  context: ServiceContext,
  transaction: Transaction,
  { id: invoiceId, organizationId, attempt, currency }: Invoice,
  { id: disputeId }: Dispute,
  amountMinor: bigint,
): Promise<void> {
  await insertPaymentIfMissing(transaction, {
    id: context.ids.next(),
    organizationId,
    invoiceId,
    method: 'chargeback',
    bankTransferId: null,
    disputeId,
    providerPaymentId: null,
    attempt,
    state: 'succeeded',
    amountMinor,
    currency,
    failureCode: null,
    failureMessage: null,
    createdAt: context.clock.now(),
  });
}

/** What of the payment went to the balance must be there still. */
async function requireInBalance(transaction: Transaction, invoice: Invoice, amountMinor: bigint): Promise<void> {
  const after = { ...invoice, paidMinor: invoice.paidMinor - amountMinor };
  const neededMinor = (await sumOverpayments(transaction, invoice.id)) - overpaidMinor(after);
  if (neededMinor <= 0n) return;
  const balanceMinor = await lockBalance(transaction, invoice);
  if (balanceMinor >= neededMinor) return;
  throw new ConflictError(
    'dispute_balance_used',
    `${neededMinor} minor units of ${invoice.currency} of the disputed payment went to the balance, and only ${balanceMinor} are left ` +
      'of that: invoices have used it. Adjust the balance first.',
  );
}
