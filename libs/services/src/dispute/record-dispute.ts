import {
  type Dispute,
  type Invoice,
  type ProviderDispute,
  canMoveDispute,
  disputedMinor,
  formatMoney,
  isDisputeClosed,
  spreadTakenBack,
} from '#domain';
import {
  type Actor,
  type CardPayment,
  type Transaction,
  findDisputedParts,
  findPayer,
  insertDunningStep,
  listCardPayments,
  lockDispute,
  lockInvoices,
  saveDispute,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyDunningStanding } from '../dunning/dunning-standing.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { takenFrom } from '../payment/taken-from.js';
import { type DisputeNotice, type PaymentAlarms, alarmStaff } from '../payment/payment-alarms.js';
import { giveChargebackBack } from './charge-back.js';

const system: Actor = { kind: 'system', id: null };

/** `none`: it is of no payment of ours. */
export type RecordedDispute = 'none' | 'opened' | 'changed' | 'unchanged';

/**
 * Writes down what the provider says of a dispute; whatever order such reports come in and however often, it ends the same. A new
 * one marks its invoice as disputed and lets dunning of it rest; each step is in the history of the invoice and in the audit log, and
 * finance and operators are told in the same transaction. Money that comes back after a decision is given to the invoice again.
 * Of a charge that has paid several invoices it is one of each, over its part: of the invoice that was charged first, then of those that
 * were carried into it, the oldest first, each at most what was not refunded or disputed before.
 */
export function recordDispute(
  context: ServiceContext,
  found: ProviderDispute,
  alarms: PaymentAlarms | null,
): Promise<RecordedDispute> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { providerPaymentId } = found;
    const payments = providerPaymentId === null ? [] : await listCardPayments(transaction, providerPaymentId);
    const invoices = await lockInvoices(
      transaction,
      payments.map(({ invoiceId }) => invoiceId),
    );
    const outcomes: RecordedDispute[] = [];
    for (const [index, part] of (await partsOf(transaction, found, payments)).entries()) {
      const payment = payments[index]!;
      const invoice = invoices.find(({ id }) => id === payment.invoiceId)!;
      // People are told of a dispute once.
      outcomes.push(
        await recordPart(context, transaction, { found: part, payment, invoice }, index === 0 ? alarms : null),
      );
    }
    const [first] = payments;
    if (first && outcomes.some((outcome) => outcome !== 'unchanged' && outcome !== 'none'))
      await applyDunningStanding(context, transaction, { organizationId: first.organizationId, actor: system });
    return outcomes.find((outcome) => outcome !== 'unchanged') ?? outcomes[0] ?? 'none';
  });
}

/** The dispute as it is of each of the payments, in their order. It stays as it was spread, unless its amount has changed. */
async function partsOf(
  transaction: Transaction,
  found: ProviderDispute,
  payments: readonly CardPayment[],
): Promise<ProviderDispute[]> {
  const [first] = payments;
  // In another currency it cannot be told apart: then it is over all of them.
  if (!first || found.currency !== first.currency) return payments.map(() => found);
  const known = await findDisputedParts(transaction, found.providerDisputeId);
  const isKnown = [...known.values()].reduce((sum, amount) => sum + amount, 0n) === found.amountMinor;
  const amounts = isKnown
    ? payments.map(({ id }) => known.get(id) ?? 0n)
    : spreadTakenBack(found.amountMinor, await takenFrom(transaction, payments));
  return amounts.map((amountMinor) => ({ ...found, amountMinor }));
}

async function recordPart(
  context: ServiceContext,
  transaction: Transaction,
  {
    found,
    payment,
    invoice,
  }: { readonly found: ProviderDispute; readonly payment: CardPayment; readonly invoice: Invoice },
  alarms: PaymentAlarms | null,
): Promise<RecordedDispute> {
  const { providerDisputeId } = found;
  const current = await lockDispute(transaction, { providerDisputeId, paymentId: payment.id });
  // Nothing of it is over this payment, or no more: what is known keeps its amount.
  if (found.amountMinor === 0n && !current) return 'none';
  const part = found.amountMinor === 0n ? { ...found, amountMinor: current!.amountMinor } : found;
  const next = current ? changed(context, current, part, payment) : opened(context, part, payment);
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
  return current ? 'changed' : 'opened';
}

function opened(context: ServiceContext, found: ProviderDispute, payment: CardPayment): Dispute {
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
function changed(context: ServiceContext, current: Dispute, found: ProviderDispute, payment: CardPayment): Dispute {
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
