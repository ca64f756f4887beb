import {
  type CollectedInvoice,
  type Invoice,
  type InvoiceState,
  canMoveInvoice,
  dueMinor,
  spreadCharge,
} from '#domain';
import {
  type Actor,
  type InvoiceChange,
  type Transaction,
  appendToOutbox,
  insertPaymentIfMissing,
  listOwnPayments,
  lockCollectedTogether,
  lockInvoice,
  updateInvoice,
} from '#persistence';
import { keepOverpayment } from '../balance/return-to-balance.js';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { invoiceData, invoiceEvent } from '../invoice/invoice-events.js';
import { giveUpJoined } from '../invoice/mark-uncollectible.js';
import { makeVoid } from '../invoice/void-invoice.js';
import { emitEvent } from '../webhook/emit-events.js';
import { settleInvoiceMessage } from './payment-jobs.js';
import { toDue } from './plan-collection.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Writes down what the provider says has become of an invoice. Whatever order such reports come in and however often,
 * the invoice ends in the same state: what is paid stays paid. A charge pays what was carried into it too, or nothing of it.
 */
export function recordCollection(
  context: ServiceContext,
  invoice: Invoice,
  collected: CollectedInvoice,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { invoice: current, joined } = await lockCollectedTogether(transaction, invoice.id);
    if (!current || current.generation !== invoice.generation) return;
    // There it stays paid, whatever a bank has taken back.
    if (collected.status === 'paid' && current.chargedBackMinor > 0n) return;
    await recordPayment(context, transaction, invoice, joined, collected);
    if (collected.status === 'paid') {
      await recordRest(context, transaction, invoice);
      for (const one of joined) await payJoined(context, transaction, one);
    }
    const change = changeAfter(context, current, collected, invoice.attempt);
    if (change) await applyChange(context, transaction, current, change);
    if (current.state === 'void') await recordOfVoid(context, transaction, current, collected);
    if (collected.status === 'paid') await keepOverpayment(context, transaction, invoice.id, system);
  });
}

/** Moves an invoice to a state that the provider reports, when it may go there; otherwise nothing changes. */
export function recordInvoiceState(
  context: ServiceContext,
  invoiceId: string,
  state: 'void' | 'uncollectible',
  providerInvoiceId: string,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { invoice: current, joined } = await lockCollectedTogether(transaction, invoiceId);
    if (!current || !canMoveInvoice(current.state, state)) return;
    await updateInvoice(transaction, invoiceId, { providerInvoiceId });
    if (state === 'void') return makeVoid(context, transaction, current, { voidReason: null, actor: system, joined });
    await applyChange(context, transaction, current, { state });
    await giveUpJoined(context, transaction, joined, { reason: 'Given up at the payment provider.', actor: system });
  });
}

/** What the provider made of an invoice that had become void here meanwhile. */
async function recordOfVoid(
  context: ServiceContext,
  transaction: Transaction,
  current: Invoice,
  { status, providerInvoiceId }: CollectedInvoice,
): Promise<void> {
  if (status === 'paid') await audit(context, transaction, current, 'paid_while_void', { providerInvoiceId });
  else await appendToOutbox(transaction, settleInvoiceMessage(context, current.id), context.clock.now());
}

function changeAfter(
  context: ServiceContext,
  current: Invoice,
  { providerInvoiceId, hostedUrl, pdfUrl: hostedPdfUrl, status, failure }: CollectedInvoice,
  attempt: number,
): InvoiceChange | null {
  const now = context.clock.now();
  const provider = { providerInvoiceId, hostedUrl, hostedPdfUrl };
  const isKnown =
    current.providerInvoiceId === providerInvoiceId &&
    current.hostedUrl === hostedUrl &&
    current.hostedPdfUrl === hostedPdfUrl;
  if (status === 'paid') {
    if (!canMoveInvoice(current.state, 'paid')) return isKnown ? null : provider;
    return { ...provider, state: 'paid', paidAt: now, failureCode: null, failureMessage: null, failedAt: null };
  }
  if (!failure) return isKnown ? null : provider;
  // The failure of an attempt that another has followed says nothing about that one.
  if ((current.state !== 'issued' && current.state !== 'past_due') || current.attempt !== attempt) return null;
  const failed = { failureCode: failure.code, failureMessage: failure.message, failedAt: now };
  return { ...provider, ...failed, state: 'past_due', pastDueSince: current.pastDueSince ?? now };
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
  const type = change.state !== current.state && change.state ? toldOf[change.state] : undefined;
  if (type) await emitEvent(context, transaction, invoiceEvent(type, current));
}

/** What organizations are told when an invoice comes into a state here. */
const toldOf: Readonly<Partial<Record<InvoiceState, 'invoice.paid' | 'invoice.past_due' | 'invoice.uncollectible'>>> = {
  paid: 'invoice.paid',
  past_due: 'invoice.past_due',
  uncollectible: 'invoice.uncollectible',
};

function audit(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  action: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return auditInvoice(context, transaction, invoice, { actor: system, action, details });
}

async function recordPayment(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  joined: readonly Invoice[],
  { paymentId, paymentMinor, failure }: CollectedInvoice,
): Promise<void> {
  if (paymentId === null) return;
  const attempt = { method: 'card', providerPaymentId: paymentId } as const;
  if (failure) {
    const isNew = await insertPaymentIfMissing(transaction, {
      ...paymentOf(context, invoice),
      ...attempt,
      state: 'failed',
      amountMinor: paymentMinor,
      failureCode: failure.code,
      failureMessage: failure.message,
    });
    if (!isNew) return;
    const data = { ...invoiceData(invoice), failureCode: failure.code };
    return emitEvent(context, transaction, { organizationId: invoice.organizationId, type: 'payment.failed', data });
  }
  if ((await listOwnPayments(transaction, [paymentId])).length > 0) return;
  const parts = spreadCharge(paymentMinor, invoice.id, joined.map(toDue));
  for (const one of [invoice, ...joined]) {
    const amountMinor = parts.get(one.id);
    if (amountMinor === undefined) continue;
    await insertPaymentIfMissing(transaction, {
      ...paymentOf(context, one),
      ...attempt,
      attempt: invoice.attempt,
      state: 'succeeded',
      amountMinor,
      failureCode: null,
      failureMessage: null,
    });
  }
}

/** One that is collected with another is paid when that is. */
async function payJoined(context: ServiceContext, transaction: Transaction, before: Invoice): Promise<void> {
  // There it stays paid, whatever a bank has taken back of it.
  if (before.chargedBackMinor > 0n) return;
  await recordRest(context, transaction, before);
  if (canMoveInvoice(before.state, 'paid')) {
    await applyChange(context, transaction, before, { state: 'paid', paidAt: context.clock.now() });
    await appendToOutbox(transaction, settleInvoiceMessage(context, before.id), context.clock.now());
  }
  await keepOverpayment(context, transaction, before.id, system);
}

/**
 * The provider says that it is paid: what no payment, credit note or transfer accounts for was settled there by other means,
 * such as a credit of the customer, or by somebody who marked it as paid.
 */
async function recordRest(context: ServiceContext, transaction: Transaction, invoice: Invoice): Promise<void> {
  const dueLeft = dueMinor((await lockInvoice(transaction, invoice.id))!);
  if (dueLeft === 0n) return;
  await insertPaymentIfMissing(transaction, {
    ...paymentOf(context, invoice),
    method: 'out_of_band',
    providerPaymentId: null,
    state: 'succeeded',
    amountMinor: dueLeft,
    failureCode: null,
    failureMessage: null,
  });
}

function paymentOf(context: ServiceContext, { id, organizationId, attempt, currency }: Invoice) {
  const createdAt = context.clock.now();
  const none = { bankTransferId: null, disputeId: null };
  return { id: context.ids.next(), organizationId, invoiceId: id, ...none, attempt, currency, createdAt };
}
