import {
  type Dispute,
  type Invoice,
  type Payment,
  type ProviderDispute,
  canMoveDispute,
  disputedMinor,
  formatMoney,
  isDisputeClosed,
} from '#domain';
import {
  type Actor,
  type Transaction,
  findCardPayment,
  findPayer,
  insertDunningStep,
  lockDispute,
  lockInvoice,
  saveDispute,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyDunningStanding } from '../dunning/dunning-standing.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { type DisputeNotice, type PaymentAlarms, alarmStaff } from '../payment/payment-alarms.js';
import { giveChargebackBack } from './charge-back.js';

const system: Actor = { kind: 'system', id: null };

/** `none`: it is of no payment of ours. */
export type RecordedDispute = 'none' | 'opened' | 'changed' | 'unchanged';

/**
 * Writes down what the provider says of a dispute; whatever order such reports come in and however often, it ends the same. A new
 * one marks its invoice as disputed and lets dunning of it rest; each step is in the history of the invoice and in the audit log, and
 * finance and operators are told in the same transaction. Money that comes back after a decision is given to the invoice again.
 */
export function recordDispute(
  context: ServiceContext,
  found: ProviderDispute,
  alarms: PaymentAlarms | null,
): Promise<RecordedDispute> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { providerDisputeId, providerPaymentId } = found;
    const payment = providerPaymentId === null ? null : await findCardPayment(transaction, providerPaymentId);
    if (!payment) return 'none';
    const invoice = (await lockInvoice(transaction, payment.invoiceId))!;
    const current = await lockDispute(transaction, { providerDisputeId });
    const next = current ? changed(context, current, found, payment) : opened(context, found, payment);
    if (current && isSame(current, next)) return 'unchanged';
    await saveDispute(transaction, next);
    if (current?.decidedAt && current.reinstatedAt === null && next.reinstatedAt !== null)
      await giveChargebackBack(context, transaction, next);
    const tell = async (what: DisputeNotice['what']) => {
      await note(context, transaction, next, what);
      await auditInvoice(context, transaction, invoice, auditOf(next, what));
      if (alarms)
        await alarmStaff(context, transaction, alarms.dispute(await noticeOf(transaction, invoice, next, what)));
    };
    if (!current || (current.isInquiry && !next.isInquiry)) await tell('opened');
    if (isDisputeClosed(next.state) && current?.state !== next.state) await tell(next.state as DisputeNotice['what']);
    await applyDunningStanding(context, transaction, { organizationId: next.organizationId, actor: system });
    return current ? 'changed' : 'opened';
  });
}

type DisputedPayment = Pick<Payment, 'id' | 'organizationId' | 'invoiceId' | 'amountMinor' | 'currency'>;

function opened(context: ServiceContext, found: ProviderDispute, payment: DisputedPayment): Dispute {
  const at = context.clock.now();
  const { currency } = payment;
  return {
    id: context.ids.next(),
    organizationId: payment.organizationId,
    invoiceId: payment.invoiceId,
    paymentId: payment.id,
    providerDisputeId: found.providerDisputeId,
    ...describedBy(found),
    currency,
    amountMinor: disputedMinor(found, payment),
    isInquiry: found.isInquiry,
    state: found.state,
    openedAt: found.openedAt,
    recordedAt: at,
    withdrawnAt: found.isWithdrawn ? at : null,
    reinstatedAt: null,
    closedAt: isDisputeClosed(found.state) ? at : null,
    resolution: null,
    resolutionReason: null,
    proposedBy: null,
    proposedAt: null,
    decidedBy: null,
    decidedAt: null,
  };
}

/** What the provider says that is older than what is known changes nothing. */
function changed(context: ServiceContext, current: Dispute, found: ProviderDispute, payment: DisputedPayment): Dispute {
  const isNewer = canMoveDispute(current, found);
  if (!isNewer && (found.state !== current.state || found.isInquiry !== current.isInquiry)) return current;
  const at = context.clock.now();
  const withdrawnAt = current.withdrawnAt ?? (found.isWithdrawn ? at : null);
  const isReinstated = current.withdrawnAt !== null && !found.isWithdrawn && found.state !== 'lost';
  const isUndecided = current.decidedAt === null && found.state !== 'lost';
  return {
    ...current,
    ...describedBy(found),
    amountMinor: current.withdrawnAt === null ? disputedMinor(found, payment) : current.amountMinor,
    isInquiry: found.isInquiry,
    state: found.state,
    withdrawnAt,
    reinstatedAt: current.reinstatedAt ?? (isReinstated ? at : null),
    closedAt: isDisputeClosed(found.state) ? ((isNewer ? null : current.closedAt) ?? at) : null,
    // What was proposed about a lost one is void once it is not lost.
    ...(isUndecided && noResolution),
  };
}

const noResolution = { resolution: null, resolutionReason: null, proposedBy: null, proposedAt: null } as const;

function describedBy({ url, reason, evidenceDueAt }: ProviderDispute) {
  return { providerUrl: url, reason, evidenceDueAt };
}

function isSame(current: Dispute, next: Dispute): boolean {
  const keys = Object.keys(next) as (keyof Dispute)[];
  return keys.every((key) => textOf(current[key]) === textOf(next[key]));
}

function textOf(value: Dispute[keyof Dispute]): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

async function note(
  context: ServiceContext,
  transaction: Transaction,
  dispute: Dispute,
  what: DisputeNotice['what'],
): Promise<void> {
  const { organizationId, invoiceId, reason, isInquiry, amountMinor, currency } = dispute;
  const amount = formatMoney(amountMinor, currency);
  const words = reason.replaceAll('_', ' ');
  await insertDunningStep(transaction, {
    id: context.ids.next(),
    organizationId,
    invoiceId,
    kind: what === 'opened' ? 'disputed' : 'dispute_closed',
    at: context.clock.now(),
    attempt: null,
    note: what === 'opened' ? `${isInquiry ? 'Inquiry about' : 'Over'} ${amount}: ${words}` : `${amount}: ${what}`,
  });
}

function auditOf(
  { id, providerDisputeId, amountMinor, currency, reason, isInquiry }: Dispute,
  what: DisputeNotice['what'],
) {
  const details = {
    disputeId: id,
    providerDisputeId,
    amountMinor: amountMinor.toString(),
    currency,
    reason,
    isInquiry,
  };
  return { actor: system, action: what === 'opened' ? 'disputed' : `dispute_${what}`, details };
}

async function noticeOf(
  transaction: Transaction,
  { id, number, organizationId }: Invoice,
  { amountMinor, currency, reason, isInquiry, evidenceDueAt, providerUrl }: Dispute,
  what: DisputeNotice['what'],
): Promise<DisputeNotice> {
  return {
    what,
    organization: (await findPayer(transaction, organizationId))?.name ?? '',
    invoice: number ?? id,
    invoiceId: id,
    amount: formatMoney(amountMinor, currency),
    reason: reason.replaceAll('_', ' '),
    isInquiry,
    evidenceDueAt,
    providerUrl,
  };
}
