import type { PaymentProvider, ProviderFee } from '#domain';
import { findFeesKnownUntil, findFeesReadUntil, insertProviderFees, markFeesRead } from '#persistence';
import type { ServiceContext } from '../context.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** So far before the newest that is known the provider is asked again: what came late, or before its payment was recorded here. */
const ASKED_AGAIN_MS = 3 * DAY_MS;
/** What is asked for, and written down, together. */
const SPAN_MS = 7 * DAY_MS;

/**
 * Writes down what the provider took for our payments, refunds and disputes since it was asked last, for the books; returns how many
 * fees were new. Safe to repeat; see `areFeesDue`. The first time it reads all since a card first paid.
 *
 * The provider lists the newest first, and the newest that is known says where to begin the next time: so each span is written down as a
 * whole, the oldest first, and an end in the middle leaves no gap.
 * @throws PaymentProviderError
 */
export async function recordFees(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  const now = context.clock.now();
  const until = await context.unitOfWork.inSystem(findFeesKnownUntil);
  if (until === null) return 0;
  let recorded = 0;
  for (let from = new Date(until.getTime() - ASKED_AGAIN_MS); ;) {
    const to = new Date(from.getTime() + SPAN_MS);
    const isLast = to > now;
    const fees: ProviderFee[] = [];
    for await (const fee of provider.listFees(from, isLast ? null : to)) fees.push(fee);
    recorded += await context.unitOfWork.inSystem(async (transaction) => {
      await markFeesRead(transaction, isLast ? now : to);
      return insertProviderFees(transaction, fees, now);
    });
    if (isLast) return recorded;
    from = to;
  }
}

/** True when the fees were never read, or an hour ago by the installation's clock, by whichever worker. */
export async function areFeesDue({ clock, unitOfWork }: ServiceContext): Promise<boolean> {
  const readUntil = await unitOfWork.inSystem(findFeesReadUntil);
  return readUntil === null || clock.nowMs() - readUntil.getTime() >= HOUR_MS;
}
