import type { PaymentProvider } from '#domain';
import { type Checkout, findOpenCheckoutBySession, listOpenCheckouts } from '#persistence';
import type { ServiceContext } from '../context.js';
import { askAboutEach } from '../payment/ask-about-each.js';
import type { PaymentAlarms } from '../payment/payment-alarms.js';
import { pagesOf } from '../table/table.js';
import { followCheckout } from './follow-checkout.js';
import { openCheckout } from './open-checkout.js';

const PAGE_SIZE = 100;

/** Follows the page that an event of the provider is about; passes over one that is none of ours, or over. */
export async function applyProviderCheckout(
  context: ServiceContext,
  provider: PaymentProvider,
  providerSessionId: string,
  alarms: PaymentAlarms | null,
): Promise<void> {
  const checkout = await context.unitOfWork.inSystem((transaction) =>
    findOpenCheckoutBySession(transaction, providerSessionId),
  );
  if (checkout) await followCheckout(context, provider, { ...checkout, providerSessionId }, { alarms });
}

/**
 * Asks the provider about every page that may still be paid on, so that a webhook that was lost is made up for, and makes those
 * that it was away for; returns how many were asked about. For an hourly timer; safe to repeat.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileCheckouts(
  context: ServiceContext,
  provider: PaymentProvider,
  alarms: PaymentAlarms | null = null,
): Promise<number> {
  let count = 0;
  const pages = pagesOf<Checkout>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listOpenCheckouts(transaction, after?.invoiceId ?? null, limit)),
  );
  await askAboutEach(pages, async ({ invoiceId, providerSessionId }) => {
    count += 1;
    if (providerSessionId === null) await openCheckout(context, provider, invoiceId);
    else await followCheckout(context, provider, { invoiceId, providerSessionId }, { alarms });
  });
  return count;
}
