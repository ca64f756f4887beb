import type { BillingPeriod, Subscription } from '#domain';
import { type Actor, type Transaction, insertBillingPeriodIfMissing } from '#persistence';
import type { ServiceContext } from '../context.js';
import { closeOrHold } from '../period/close-due-periods.js';

/**
 * A period of one millisecond before the first, in which nothing can be used: as that of any other, its invoice has the fees
 * that are due in advance when the next period begins.
 */
function openingOf({ id, organizationId, anchorAt }: Subscription): BillingPeriod {
  return {
    subscriptionId: id,
    organizationId,
    startsAt: new Date(anchorAt.getTime() - 1),
    endsAt: anchorAt,
    state: 'open',
    closedAt: null,
    heldReason: null,
  };
}

/** Has what is due at the start invoiced, whatever happens next. */
export async function insertOpening(transaction: Transaction, subscription: Subscription): Promise<void> {
  await insertBillingPeriodIfMissing(transaction, openingOf(subscription));
}

/** Makes that invoice now, if there is to be one; when it fails, the schedule makes it later. */
export async function closeOpening(context: ServiceContext, subscription: Subscription, actor: Actor): Promise<void> {
  await closeOrHold(context, { period: openingOf(subscription), actor, releasedFrom: [] });
}
