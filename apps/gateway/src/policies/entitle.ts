import type { ApiVersionEntry, ProductEntry, PlanVersionEntry } from '../snapshot/catalog.js';
import type { KeyRestrictionsEntry } from '../snapshot/key-restrictions.js';
import type { ApplicationEntry } from '../snapshot/snapshot.js';
import { isInScope } from './restrict-key.js';
import type { SubscriptionTerms, TermsBook } from './subscription-terms.js';

/** The terms of the subscription that pays for a call, or why there is none. */
export type EntitlementVerdict = SubscriptionTerms | 'not_subscribed' | 'not_for_sale' | 'product_not_in_scope';

/**
 * The oldest active subscription of the application to a product with this API pays; of a key with restrictions, to a
 * product in its scope.
 */
export function entitle(
  application: ApplicationEntry,
  version: ApiVersionEntry,
  planVersions: ReadonlyMap<string, PlanVersionEntry>,
  termsBook: TermsBook,
  nowMs: number,
  restrictions: KeyRestrictionsEntry | null,
): EntitlementVerdict {
  if (version.products.length === 0) return 'not_for_sale';
  let isOutOfScope = false;
  for (const subscription of application.subscriptions) {
    const product = version.products.find(({ id }) => id === subscription.apiProductId);
    if (!product) continue;
    const terms = termsBook.at(subscription, planVersions, nowMs);
    if (!terms) continue;
    if (isInScope(restrictions, product)) return terms;
    isOutOfScope = true;
  }
  return isOutOfScope ? 'product_not_in_scope' : 'not_subscribed';
}

/**
 * The product whose test quota a call with a test key takes from: of those in the key's scope the one subscribed to, else
 * the first of the catalogue.
 */
export function productForTest(
  application: ApplicationEntry,
  version: ApiVersionEntry,
  restrictions: KeyRestrictionsEntry | null,
): ProductEntry | 'not_for_sale' | 'product_not_in_scope' {
  if (version.products.length === 0) return 'not_for_sale';
  const { products } = version;
  const inScope = restrictions === null ? products : products.filter((product) => isInScope(restrictions, product));
  const subscribed = application.subscriptions.find(({ apiProductId }) =>
    inScope.some(({ id }) => id === apiProductId),
  );
  return inScope.find(({ id }) => id === subscribed?.apiProductId) ?? inScope[0] ?? 'product_not_in_scope';
}
