import { type PaymentProvider, type ProviderRefund, type RefundState, isUuid } from '#domain';
import { type UnsettledRefund, listRefundsByProvider, listUnsettledRefunds, lockRefund } from '#persistence';
import type { ServiceContext } from '../context.js';
import { askAboutEach } from '../payment/ask-about-each.js';
import { pagesOf } from '../table/table.js';
import type { PaymentAlarms } from '../payment/payment-alarms.js';
import { inPages } from '../verify/in-pages.js';
import { recordFoundRefund } from './record-found-refund.js';
import { recordRefund } from './record-refund.js';
import { refundPayment } from './refund-payment.js';

const PAGE_SIZE = 100;
/** So long after a refund the bank may still return it. */
const RETURNABLE_MS = 40 * 86_400_000;

/**
 * Fetches a refund as the provider has it now and follows it; returns the state that ours is in. Null for one that is none of
 * ours: what somebody made at the provider is written down for finance.
 */
export async function applyProviderRefund(
  context: ServiceContext,
  provider: PaymentProvider,
  providerRefundId: string,
  alarms: PaymentAlarms | null = null,
): Promise<RefundState | null> {
  return follow(context, await provider.retrieveRefund(providerRefundId), alarms);
}

/** The same for all refunds of a charge of the provider. */
export async function applyRefundsOfCharge(
  context: ServiceContext,
  provider: PaymentProvider,
  providerChargeId: string,
  alarms: PaymentAlarms | null,
): Promise<void> {
  for (const found of await provider.listRefundsOfCharge(providerChargeId)) await follow(context, found, alarms);
}

async function follow(
  context: ServiceContext,
  found: ProviderRefund,
  alarms: PaymentAlarms | null,
): Promise<RefundState | null> {
  const { providerRefundId, refundId: claimedId, amountMinor } = found;
  const refundIds = await context.unitOfWork.inSystem(async (transaction) => {
    const known = await listRefundsByProvider(transaction, providerRefundId!);
    if (known.length > 0 || claimedId === null || !isUuid(claimedId)) return known.map(({ id }) => id);
    // Ours may not know yet what it is called there.
    const claimed = await lockRefund(transaction, claimedId);
    return claimed?.providerRefundId === null && claimed.amountMinor === amountMinor ? [claimed.id] : [];
  });
  // One that was made at the provider may be recorded in part only.
  if (refundIds.length === 0 || claimedId === null) await recordFoundRefund(context, found, alarms);
  let state: RefundState | null = null;
  for (const refundId of refundIds) state = await recordRefund(context, refundId, found, alarms);
  return state;
}

/**
 * Asks the provider about every refund that is pending, or that its bank may still return, and for all that were made in that time,
 * by whomever, so that a webhook that was lost is made up for; returns how many of ours failed. For an hourly timer; safe to repeat.
 * Stops when the provider is away; a refund that it refuses to show does not keep the others waiting.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileRefunds(
  context: ServiceContext,
  provider: PaymentProvider,
  alarms: PaymentAlarms | null = null,
): Promise<number> {
  const since = new Date(context.clock.nowMs() - RETURNABLE_MS);
  let failed = 0;
  const pages = pagesOf<UnsettledRefund>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listUnsettledRefunds(transaction, since, after?.id ?? null, limit)),
  );
  await askAboutEach(pages, async ({ id, providerRefundId }) => {
    const state =
      providerRefundId === null
        ? await refundPayment(context, provider, id, alarms)
        : await applyProviderRefund(context, provider, providerRefundId, alarms);
    if (state === 'failed') failed += 1;
  });
  await askAboutEach(inPages(provider.listAllRefunds(since)), async (found) => {
    await follow(context, found, alarms);
  });
  return failed;
}
