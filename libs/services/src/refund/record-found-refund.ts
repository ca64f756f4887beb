import { type ProviderRefund, formatMoney } from '#domain';
import { type Actor, findPayer, listCardPayments, lockInvoice, saveFoundRefund } from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { type PaymentAlarms, alarmStaff } from '../payment/payment-alarms.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Writes down a refund of one of our payments that somebody made in the provider's own pages; finance and operators are told of a
 * new one in the same transaction. Of a charge that has paid several invoices it is of the first payment that it fits into: that of the
 * invoice that was charged, then of those that were carried into it. Returns whether it is new; one of a payment that is none of ours is passed over.
 */
export function recordFoundRefund(
  context: ServiceContext,
  { providerRefundId, providerPaymentId, amountMinor, state }: ProviderRefund,
  alarms: PaymentAlarms | null,
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (providerRefundId === null || providerPaymentId === null) return false;
    const payments = await listCardPayments(transaction, providerPaymentId);
    const payment = payments.find((one) => one.amountMinor >= amountMinor) ?? payments[0];
    if (!payment) return false;
    const { organizationId, invoiceId, currency } = payment;
    const foundAt = context.clock.now();
    const found = {
      providerRefundId,
      organizationId,
      invoiceId,
      paymentId: payment.id,
      currency,
      amountMinor,
      state,
      foundAt,
    };
    if (!(await saveFoundRefund(transaction, found)) || state === 'failed') return false;
    const invoice = (await lockInvoice(transaction, invoiceId))!;
    const details = { providerRefundId, amountMinor: amountMinor.toString(), currency };
    await auditInvoice(context, transaction, invoice, { actor: system, action: 'refund_found', details });
    const notice = {
      organization: (await findPayer(transaction, organizationId))?.name ?? '',
      invoice: invoice.number ?? invoice.id,
      invoiceId,
      amount: formatMoney(amountMinor, currency),
      providerRefundId,
    };
    if (alarms) await alarmStaff(context, transaction, alarms.refundFound(notice));
    return true;
  });
}
