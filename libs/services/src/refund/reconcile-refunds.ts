import { type PaymentProvider, type RefundState, isUuid } from '#domain';
import { type UnsettledRefund, findRefundIdByProvider, listUnsettledRefunds, lockRefund } from '#persistence';
import type { ServiceContext } from '../context.js';
import { askAboutEach } from '../payment/ask-about-each.js';
import { pagesOf } from '../table/table.js';
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
 * made up for; returns how many failed. For an hourly timer; safe to repeat. Stops when the provider is away; a refund that it
 * refuses to show does not keep the others waiting.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileRefunds(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  const since = new Date(context.clock.nowMs() - RETURNABLE_MS);
  let failed = 0;
  const pages = pagesOf<UnsettledRefund>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listUnsettledRefunds(transaction, since, after?.id ?? null, limit)),
  );
  await askAboutEach(pages, async ({ id, providerRefundId }) => {
    const state =
      providerRefundId === null
        ? await refundPayment(context, provider, id)
        : await applyProviderRefund(context, provider, providerRefundId);
    if (state === 'failed') failed += 1;
  });
  return failed;
}
