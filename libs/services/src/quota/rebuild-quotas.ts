import { NotFoundError, hardQuotaMeters, monthlyPeriodAt, phaseAt } from '#domain';
import {
  type Actor,
  type ListedSubscription,
  type QuotaPlace,
  type QuotaUseOfEpoch,
  type Transaction,
  appendToAuditLog,
  insertUsedQuota,
  listPricedPhases,
  listQuotaUseByEpoch,
  listSubscriptionsMatching,
  lockQuota,
  lowerUsedQuota,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** A hard quota whose used units are what the ledger says; before and after. */
export interface RebuiltQuota {
  readonly subscriptionId: string;
  readonly meter: string;
  readonly periodStart: Date;
  readonly before: number;
  readonly after: number;
}

/**
 * Makes the used units of hard quotas, in the periods that are under way, what the ledger says: units that no lease covers
 * count, as those from before there was a quota, or that came after their lease was written off; and units of epochs that
 * are over and that the ledger does not have are free again. Open leases stay as they are. Returns what has changed.
 * @throws NotFoundError `subscription_not_found`
 */
export async function rebuildQuotas(
  context: ServiceContext,
  { subscriptionId, actor }: { readonly subscriptionId?: string | undefined; readonly actor: Actor },
): Promise<RebuiltQuota[]> {
  const at = context.clock.now();
  const subscriptions = await context.unitOfWork.inSystem((transaction) =>
    listSubscriptionsMatching(transaction, { subscriptionId }, at),
  );
  if (subscriptionId !== undefined && subscriptions.length === 0) throw new NotFoundError('subscription');
  const changed: RebuiltQuota[] = [];
  for (const subscription of subscriptions) {
    if (subscription.state !== 'active') continue;
    changed.push(
      ...(await context.unitOfWork.inSystem((transaction) =>
        rebuildSubscription(context, transaction, subscription, actor),
      )),
    );
  }
  return changed;
}

async function rebuildSubscription(
  context: ServiceContext,
  transaction: Transaction,
  subscription: ListedSubscription,
  actor: Actor,
): Promise<RebuiltQuota[]> {
  const now = context.clock.now();
  const { id: subscriptionId, anchorAt } = subscription;
  const { startMs } = monthlyPeriodAt(anchorAt.getTime(), now.getTime());
  const phases = await listPricedPhases(transaction, subscriptionId);
  const changed: RebuiltQuota[] = [];
  for (const meter of phases.length > 0 ? hardQuotaMeters(phaseAt(phases, now).definition) : []) {
    const place = { subscriptionId, meter, periodStart: new Date(startMs) };
    const { isChanged, before, after } = await rebuildQuota(context, transaction, place, subscription.organization.id);
    if (!isChanged) continue;
    changed.push({ ...place, before, after });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: subscription.organization.id,
      actor,
      action: 'rebuilt a quota of',
      noun: 'subscription',
      nounId: subscriptionId,
      details: { meter, periodStart: place.periodStart.toISOString(), before, after },
      createdAt: now,
    });
  }
  return changed;
}

async function rebuildQuota(
  context: ServiceContext,
  transaction: Transaction,
  place: QuotaPlace,
  organizationId: string,
): Promise<{ isChanged: boolean; before: number; after: number }> {
  await lockQuota(transaction, place);
  let [before, after] = [0, 0];
  let isChanged = false;
  for (const epoch of await listQuotaUseByEpoch(transaction, place)) {
    const change = changeOf(epoch);
    isChanged ||= change !== 0;
    before += epoch.used;
    after += epoch.used + change;
    const { gatewayId, gatewayEpoch } = epoch;
    if (change > 0) {
      const lease = { ...place, id: context.ids.next(), organizationId };
      await insertUsedQuota(transaction, lease, { gatewayId, gatewayEpoch, units: change }, context.clock.now());
    } else if (change < 0) {
      await lowerUsedQuota(transaction, place, { gatewayId, gatewayEpoch, units: -change });
    }
  }
  return { isChanged, before, after };
}

/** Units to add, or below zero to take away. */
function changeOf({ inLedger, used, lent, isOver }: QuotaUseOfEpoch): number {
  if (inLedger > used + lent) return inLedger - used - lent;
  return isOver && lent === 0 && inLedger < used ? inLedger - used : 0;
}
