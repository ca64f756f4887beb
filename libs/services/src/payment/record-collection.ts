import { type CollectedInvoice, type Invoice, type InvoiceState, canMoveInvoice } from '#domain';
import {
  type Actor,
  type InvoiceChange,
  type Transaction,
  appendToAuditLog,
  insertPaymentIfMissing,
  lockInvoice,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Writes down what the provider says has become of an invoice. Whatever order such reports come in and however often,
 * the invoice ends in the same state: what is paid stays paid.
 */
export function recordCollection(
  context: ServiceContext,
  invoice: Invoice,
  collected: CollectedInvoice,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const current = await lockInvoice(transaction, invoice.id);
    if (!current || current.generation !== invoice.generation) return;
    await recordPayment(context, transaction, invoice, collected);
    const change = changeAfter(context, current, collected, invoice.attempt);
    if (change) await applyChange(context, transaction, current, change);
    else if (current.state === 'void' && !collected.failure) {
      await audit(context, transaction, current, 'paid_while_void', { providerInvoiceId: collected.providerInvoiceId });
    }
  });
}

/** Moves an invoice to a state that the provider reports, when it may go there; otherwise nothing changes. */
export function recordInvoiceState(
  context: ServiceContext,
  invoiceId: string,
  state: InvoiceState,
  change: InvoiceChange = {},
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const current = await lockInvoice(transaction, invoiceId);
    if (!current || !canMoveInvoice(current.state, state)) return;
    await applyChange(context, transaction, current, { ...change, state });
  });
}

function changeAfter(
  context: ServiceContext,
  current: Invoice,
  { providerInvoiceId, hostedUrl, failure }: CollectedInvoice,
  attempt: number,
): InvoiceChange | null {
  const now = context.clock.now();
  const provider = { providerInvoiceId, hostedUrl };
  if (!failure) {
    if (!canMoveInvoice(current.state, 'paid')) return null;
    return { ...provider, state: 'paid', paidAt: now, failureCode: null, failureMessage: null, failedAt: null };
  }
  // The failure of an attempt that another has followed says nothing about that one.
  if (current.state === 'paid' || current.state === 'void' || current.attempt !== attempt) return null;
  const failed = { failureCode: failure.code, failureMessage: failure.message, failedAt: now };
  return { ...provider, ...failed, state: 'past_due' };
}

async function applyChange(
  context: ServiceContext,
  transaction: Transaction,
  current: Invoice,
  change: InvoiceChange,
): Promise<void> {
  await updateInvoice(transaction, current.id, change);
  await audit(context, transaction, current, change.state ?? 'updated', {
    from: current.state,
    attempt: current.attempt,
    ...(change.failureCode && { failureCode: change.failureCode }),
  });
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId }: Invoice,
  action: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: system,
    action,
    noun: 'invoice',
    nounId: id,
    details,
    createdAt: context.clock.now(),
  });
}

async function recordPayment(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  { paymentId, failure, totalMinor }: CollectedInvoice,
): Promise<void> {
  if (paymentId === null) return;
  await insertPaymentIfMissing(transaction, {
    id: context.ids.next(),
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    providerPaymentId: paymentId,
    attempt: invoice.attempt,
    state: failure ? 'failed' : 'succeeded',
    amountMinor: totalMinor,
    currency: invoice.currency,
    failureCode: failure?.code ?? null,
    failureMessage: failure?.message ?? null,
    createdAt: context.clock.now(),
  });
}
