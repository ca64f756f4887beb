import type { PaymentProvider } from '#domain';
import { findFeesKnownUntil, insertProviderFees } from '#persistence';
import type { ServiceContext } from '../context.js';
import { inPages } from '../verify/in-pages.js';

/** So far before the newest that is known the provider is asked again: what came late, or before its payment was recorded here. */
const ASKED_AGAIN_MS = 3 * 86_400_000;

/**
 * Writes down what the provider took for our payments, refunds and disputes since it was asked last, for the books; returns how many
 * fees were new. For an hourly timer; safe to repeat. The first time it reads all since a card first paid.
 * @throws PaymentProviderError
 */
export async function recordFees(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  const until = await context.unitOfWork.inSystem(findFeesKnownUntil);
  if (until === null) return 0;
  let recorded = 0;
  for await (const page of inPages(provider.listFees(new Date(until.getTime() - ASKED_AGAIN_MS))))
    recorded += await context.unitOfWork.inSystem((transaction) =>
      insertProviderFees(transaction, page, context.clock.now()),
    );
  return recorded;
}
