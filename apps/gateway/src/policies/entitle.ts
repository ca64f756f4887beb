import type { ApiVersionEntry, ProductEntry, PlanVersionEntry } from '../snapshot/catalog.js';
import type { ApplicationEntry } from '../snapshot/snapshot.js';
import type { SubscriptionTerms, TermsBook } from './subscription-terms.js';

/** The terms of the subscription that pays for a call, or why there is none. */
export type EntitlementVerdict = SubscriptionTerms | 'not_subscribed' | 'not_for_sale';

/** The oldest active subscription of the application to a product with this API pays. */
export function entitle(
  application: ApplicationEntry,
  version: ApiVersionEntry,
  planVersions: ReadonlyMap<string, PlanVersionEntry>,
  termsBook: TermsBook,
  nowMs: number,
): EntitlementVerdict {
  if (version.products.length === 0) return 'not_for_sale';
  for (const subscription of application.subscriptions) {
    if (!version.products.some(({ id }) => id === subscription.apiProductId)) continue;
    const terms = termsBook.at(subscription, planVersions, nowMs);
    if (terms) return terms;
  }
  return 'not_subscribed';
}

/** The product whose test quota a call with a test key takes from: the one subscribed to, else the first of the catalogue. */
export function productForTest(application: ApplicationEntry, version: ApiVersionEntry): ProductEntry | 'not_for_sale' {
  const subscribed = application.subscriptions.find(({ apiProductId }) =>
    version.products.some(({ id }) => id === apiProductId),
  );
  return version.products.find(({ id }) => id === subscribed?.apiProductId) ?? version.products[0] ?? 'not_for_sale';
}
