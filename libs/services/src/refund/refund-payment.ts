import { NotFoundError, type PaymentProvider, type RefundState } from '#domain';
import { findRefundRequest } from '#persistence';
import type { ServiceContext } from '../context.js';
import type { PaymentAlarms } from '../payment/payment-alarms.js';
import { recordRefund } from './record-refund.js';

/**
 * Asks the payment provider for a refund and the credit note that belongs to it, and records what came of it. It may stop
 * anywhere and be repeated, also at the same time: the provider refunds once. Errors of the provider (`PaymentProviderError`)
 * leave everything as it was, for another call. Returns the state that the refund is in.
 * @throws NotFoundError `refund_not_found`
 */
export async function refundPayment(
  context: ServiceContext,
  provider: PaymentProvider,
  refundId: string,
  alarms: PaymentAlarms | null = null,
): Promise<RefundState> {
  const found = await context.unitOfWork.inSystem((transaction) => findRefundRequest(transaction, refundId));
  if (!found) throw new NotFoundError('refund');
  const { state, isDocumented, ...request } = found;
  if (state === 'failed' || (state === 'succeeded' && isDocumented)) return state;
  return recordRefund(context, refundId, await provider.refundPayment(request), alarms);
}
