import { type PaymentProvider, type RefundState, isUuid } from '#domain';
import { type UnsettledRefund, findRefundIdByProvider, listUnsettledRefunds, lockRefund } from '#persistence';
import type { ServiceContext } from '../context.js';
import { recordRefund } from './record-refund.js';
import { refundPayment } from './refund-payment.js';

const PAGE_SIZE = 100;
/** So long after a refund the bank may still return it. */
const RETURNABLE_MS = 40 * 86_400_000;

/**
 * Fetches a refund as the provider has it now and follows it; returns the state that ours is in. Null for one that is none of
 * ours: somebody made it at the provider.
 */
export async function applyProviderRefund(
  context: ServiceContext,
  provider: PaymentProvider,
  providerRefundId: string,
): Promise<RefundState | null> {
  const found = await provider.retrieveRefund(providerRefundId);
  const refundId = await context.unitOfWork.inSystem(async (transaction) => {
    const known = await findRefundIdByProvider(transaction, providerRefundId);
    if (known !== null || found.refundId === null || !isUuid(found.refundId)) return known;
    // Ours may not know yet what it is called there.
    const claimed = await lockRefund(transaction, found.refundId);
    return claimed?.providerRefundId === null && claimed.amountMinor === found.amountMinor ? claimed.id : null;
  });
  return refundId === null ? null : recordRefund(context, refundId, found);
}

/**
 * Asks the provider about every refund that is pending, or that its bank may still return, so that a webhook that was lost is
 * made up for; returns how many failed. For an hourly timer. Stops at the first error of the provider; safe to repeat.
 */
export async function reconcileRefunds(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  const since = new Date(context.clock.nowMs() - RETURNABLE_MS);
  let failed = 0;
  let after: string | null = null;
  for (;;) {
    const cursor = after;
    const page: readonly UnsettledRefund[] = await context.unitOfWork.inSystem((transaction) =>
      listUnsettledRefunds(transaction, since, cursor, PAGE_SIZE),
    );
    for (const { id, providerRefundId } of page) {
      const state =
        providerRefundId === null
          ? await refundPayment(context, provider, id)
          : await applyProviderRefund(context, provider, providerRefundId);
      if (state === 'failed') failed += 1;
    }
    if (page.length < PAGE_SIZE) return failed;
    after = page.at(-1)!.id;
  }
}
