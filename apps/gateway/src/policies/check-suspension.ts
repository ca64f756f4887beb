import { type SuspensionReason, shownSuspension } from '#domain';
import type { SubscriptionTerms } from './subscription-terms.js';

/** What the calls of a subscription are refused for; null when they pass. One past due passes until it is suspended. */
export function checkSuspension({ subscription }: SubscriptionTerms): SuspensionReason | null {
  return shownSuspension(subscription.suspendedFor);
}
