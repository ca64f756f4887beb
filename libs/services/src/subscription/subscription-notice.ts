import type { SubscriptionOverview } from './list-subscriptions.js';

/** What a mail tells of a subscription, with names as people read them. */
export interface SubscriptionNotice {
  readonly subscriptionId: string;
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
}

export function noticeOf({
  id: subscriptionId,
  organization,
  application,
  product,
  plan,
}: SubscriptionOverview): SubscriptionNotice {
  return {
    subscriptionId,
    organization: organization.name,
    application: application.name,
    product: product.title,
    plan: plan.title,
  };
}
