import type { SubscriptionOverview } from './list-subscriptions.js';

/** What is told of a subscription that waits for approval, with names as people read them. */
export interface ApprovalNotice {
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
}: SubscriptionOverview): ApprovalNotice {
  return {
    subscriptionId,
    organization: organization.name,
    application: application.name,
    product: product.title,
    plan: plan.title,
  };
}
