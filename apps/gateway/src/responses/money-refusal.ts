import type { SuspensionReason } from '#domain';
import type { SubscriptionTerms } from '../policies/subscription-terms.js';
import { type Refusal, refusals } from './refusal.js';
import type { RefusalDetails } from './write-refusal.js';

/** Where a customer does something about a refusal, at the public address of the portal. */
export interface PortalLinks {
  /** Where bills are paid and caps are set. */
  readonly billingUrl: string;
  /** Where the plans of a product are compared. */
  plansUrl(productSlug: string): string;
}

export function portalLinks(portalUrl: string): PortalLinks {
  const url = (path: string) => new URL(path, portalUrl).href;
  const billingUrl = url('/dashboard/billing');
  return { billingUrl, plansUrl: (productSlug) => url(`/products/${encodeURIComponent(productSlug)}`) };
}

/**
 * The subscription is suspended: 403 by the operator or the publisher, where nothing can be paid; for money 402, or 403 where the plan says
 * so.
 */
export function suspensionRefusal(
  reason: SuspensionReason,
  terms: SubscriptionTerms,
  links: PortalLinks,
): [Refusal, RefusalDetails] {
  const members = { action_url: links.billingUrl };
  switch (reason) {
    case 'operator':
      return [refusals.subscriptionSuspended, {}];
    case 'publisher':
      return [refusals.suspendedByPublisher, {}];
    case 'payment':
      return [isForbidden(terms) ? refusals.paymentForbidden : refusals.paymentRequired, { members }];
    case 'trial_ended':
      return [isForbidden(terms) ? refusals.trialEndedForbidden : refusals.trialEnded, { members }];
  }
}

/** The usage of the period costs as much as its owner allows: 402, or 403 where the plan says so. */
export function moneyCapRefusal(terms: SubscriptionTerms, links: PortalLinks): [Refusal, RefusalDetails] {
  const refusal = isForbidden(terms) ? refusals.moneyCapForbidden : refusals.moneyCapReached;
  return [refusal, { members: { action_url: links.billingUrl } }];
}

function isForbidden({ planVersion }: SubscriptionTerms): boolean {
  return planVersion.definition.moneyRefusalStatus === 403;
}
