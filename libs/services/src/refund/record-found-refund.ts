import { type FoundRefund, type Invoice, type ProviderRefund, formatMoney, spreadTakenBack } from '#domain';
import {
  type Actor,
  type Transaction,
  findPayer,
  followFoundRefund,
  insertFoundRefund,
  listCardPayments,
  lockInvoices,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { type PaymentAlarms, type RefundNotice, alarmStaff } from '../payment/payment-alarms.js';
import { takenFrom } from '../payment/taken-from.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Writes down a refund of our payments that somebody made in the provider's own pages; finance and operators are told of a new one in
 * the same transaction. Of a charge that has paid several invoices it is one of each, over its part: of the invoice that was charged
 * first, then of those that were carried into it, the oldest first, each at most what was not refunded or disputed before. The parts are
 * decided once. Returns whether it is new; one of a payment that is none of ours is passed over.
 */
export function recordFoundRefund(
  context: ServiceContext,
  { providerRefundId, providerPaymentId, amountMinor, state }: ProviderRefund,
  alarms: PaymentAlarms | null,
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (providerRefundId === null || providerPaymentId === null) return false;
    const payments = await listCardPayments(transaction, providerPaymentId);
    const invoices = await lockInvoices(
      transaction,
      payments.map(({ invoiceId }) => invoiceId),
    );
    if (payments.length === 0 || (await followFoundRefund(transaction, providerRefundId, state))) return false;
    const parts = spreadTakenBack(amountMinor, await takenFrom(transaction, payments));
    const found = payments.flatMap(({ id: paymentId, organizationId, invoiceId, currency }, index) => {
      const part = parts[index]!;
      const foundAt = context.clock.now();
      const row = {
        providerRefundId,
        organizationId,
        invoiceId,
        paymentId,
        currency,
        amountMinor: part,
        state,
        foundAt,
      };
      return part === 0n ? [] : [row];
    });
    for (const part of found) await insertFoundRefund(transaction, part);
    if (state === 'failed') return false;
    for (const part of found) {
      const invoice = invoices.find(({ id }) => id === part.invoiceId)!;
      const details = { providerRefundId, amountMinor: part.amountMinor.toString(), currency: part.currency };
      await auditInvoice(context, transaction, invoice, { actor: system, action: 'refund_found', details });
    }
    if (alarms)
      await alarmStaff(
        context,
        transaction,
        alarms.refundFound(await noticeOf(transaction, providerRefundId, found, invoices)),
      );
    return true;
  });
}

/** People are told of a refund once: of all of it, with the invoices that it is of. */
async function noticeOf(
  transaction: Transaction,
  providerRefundId: string,
  found: readonly FoundRefund[],
  invoices: readonly Invoice[],
): Promise<RefundNotice> {
  const [{ organizationId, invoiceId, currency }] = found as readonly [FoundRefund];
  const numbers = found.map((part) => invoices.find(({ id }) => id === part.invoiceId)?.number ?? part.invoiceId);
  const amountMinor = found.reduce((sum, part) => sum + part.amountMinor, 0n);
  return {
    organization: (await findPayer(transaction, organizationId))?.name ?? '',
    invoice: numbers.join(', '),
    invoiceId,
    amount: formatMoney(amountMinor, currency),
    providerRefundId,
  };
}
