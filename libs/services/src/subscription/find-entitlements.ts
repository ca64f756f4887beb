import { type FeatureValue, NotFoundError, includesOperation } from '#domain';
import { type ServedOperation, listServedOperations, listSubscriptionsMatching } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What a subscription gives beside units and prices, at the present instant. */
export interface SubscriptionEntitlements {
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly plan: { readonly slug: string; readonly title: string; readonly versionNumber: number };
  /** All that the product serves, by API and the newest version first. */
  readonly operations: readonly (ServedOperation & { readonly isIncluded: boolean })[];
  readonly features: Readonly<Record<string, FeatureValue>>;
}

/**
 * The operations and features that a subscription of an organization has, by the plan version that is in force.
 * @throws NotFoundError `subscription_not_found`
 */
export function findEntitlements(
  context: ServiceContext,
  { organizationId, subscriptionId }: { readonly organizationId: string; readonly subscriptionId: string },
): Promise<SubscriptionEntitlements> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const at = context.clock.now();
    const [found] = await listSubscriptionsMatching(transaction, { organizationId, subscriptionId }, at);
    if (!found) throw new NotFoundError('subscription');
    const { entitlements } = found.definition;
    const served = await listServedOperations(transaction, found.product.id);
    return {
      subscriptionId,
      planVersionId: found.planVersionId,
      plan: found.plan,
      operations: served.map((operation) => ({
        ...operation,
        isIncluded: includesOperation(entitlements, operation),
      })),
      features: entitlements?.features ?? {},
    };
  });
}
