import {
  type DocumentedRefund,
  NotFoundError,
  type ProviderRefund,
  type Refund,
  canMoveRefund,
  formatMoney,
} from '#domain';
import type { RefundState } from '#domain';
import {
  type Actor,
  type RefundChange,
  type Transaction,
  appendToAuditLog,
  findPayer,
  findRefundNote,
  insertBalanceEntry,
  lockInvoice,
  lockRefund,
  updateRefund,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type PaymentAlarms, alarmStaff } from '../payment/payment-alarms.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Writes down what the provider says has become of a refund; returns the state that it is in then. Whatever order such reports
 * come in and however often, the refund ends in the same state. One that failed is in the balance in the same step, and the
 * audit log and a mail to finance and operators raise the alarm.
 * @throws NotFoundError `refund_not_found`
 */
export function recordRefund(
  context: ServiceContext,
  refundId: string,
  found: ProviderRefund | DocumentedRefund,
  alarms: PaymentAlarms | null,
): Promise<RefundState> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const current = await lockRefund(transaction, refundId);
    if (!current) throw new NotFoundError('refund');
    const providerCreditNoteId = 'providerCreditNoteId' in found ? found.providerCreditNoteId : null;
    const known: RefundChange = {
      ...(current.providerRefundId === null && { providerRefundId: found.providerRefundId }),
      ...(current.providerCreditNoteId === null && { providerCreditNoteId }),
    };
    if (!canMoveRefund(current.state, found.state)) {
      await updateRefund(transaction, refundId, known);
      return current.state;
    }
    const at = context.clock.now();
    await updateRefund(transaction, refundId, {
      ...known,
      state: found.state,
      ...(found.state === 'succeeded'
        ? { succeededAt: at }
        : {
            failedAt: at,
            failureCode: found.failure?.code ?? 'unknown',
            failureMessage: found.failure?.message ?? 'The payment provider does not say why.',
          }),
    });
    if (found.state === 'failed') {
      await keepFailed(context, transaction, current, at);
      if (alarms) await alarmOfFailed(context, transaction, current, found, alarms);
    }
    await audit(context, transaction, current, found);
    return found.state;
  });
}

async function keepFailed(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, invoiceId, creditNoteId, currency, amountMinor }: Refund,
  createdAt: Date,
): Promise<void> {
  const { sellerSlug, number } = await findRefundNote(transaction, creditNoteId);
  await insertBalanceEntry(transaction, {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    amountMinor,
    kind: 'refund_failed',
    reason: `The refund of credit note ${number} did not reach the card.`,
    invoiceId,
    refundId: id,
    actor: system,
    createdAt,
  });
}

async function alarmOfFailed(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, invoiceId, amountMinor, currency }: Refund,
  { providerRefundId, failure }: ProviderRefund,
  alarms: PaymentAlarms,
): Promise<void> {
  const invoice = await lockInvoice(transaction, invoiceId);
  const mail = alarms.refundFailed({
    organization: (await findPayer(transaction, organizationId))?.name ?? '',
    invoice: invoice?.number ?? invoiceId,
    invoiceId,
    amount: formatMoney(amountMinor, currency),
    providerRefundId,
    reason: failure?.message ?? 'The payment provider does not say why.',
  });
  await alarmStaff(context, transaction, mail);
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, invoiceId, amountMinor, currency, state }: Refund,
  found: ProviderRefund,
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: system,
    action: found.state,
    noun: 'refund',
    nounId: id,
    details: {
      invoiceId,
      from: state,
      amountMinor: amountMinor.toString(),
      currency,
      providerRefundId: found.providerRefundId,
      ...(found.failure && { failureCode: found.failure.code, failureMessage: found.failure.message }),
    },
    createdAt: context.clock.now(),
  });
}
