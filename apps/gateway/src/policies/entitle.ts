import type { ApiVersionEntry, OperationEntry, ProductEntry, PlanVersionEntry } from '../snapshot/catalog.js';
import type { KeyRestrictionsEntry } from '../snapshot/key-restrictions.js';
import type { ApplicationEntry } from '../snapshot/snapshot.js';
import { isInScope } from './restrict-key.js';
import type { SubscriptionTerms, TermsBook } from './subscription-terms.js';

/** The terms of the subscription that pays for a call, or why there is none. */
export type EntitlementVerdict =
  | SubscriptionTerms
  | 'not_subscribed'
  | 'not_for_sale'
  | 'product_not_in_scope'
  | 'operation_not_in_plan';

/**
 * The oldest active subscription of the application to a product with this API pays, of those whose plan has the
 * operation; of a key with restrictions, to a product in its scope.
 */
export function entitle(
  application: ApplicationEntry,
  { version, lackedBy }: OperationEntry,
  planVersions: ReadonlyMap<string, PlanVersionEntry>,
  termsBook: TermsBook,
  nowMs: number,
  restrictions: KeyRestrictionsEntry | null,
): EntitlementVerdict {
  if (version.products.length === 0) return 'not_for_sale';
  let refused: Exclude<EntitlementVerdict, SubscriptionTerms> = 'not_subscribed';
  for (const subscription of application.subscriptions) {
    const product = version.products.find(({ id }) => id === subscription.apiProductId);
    if (!product) continue;
    const terms = termsBook.at(subscription, planVersions, nowMs);
    if (!terms) continue;
    if (!isInScope(restrictions, product)) refused = 'product_not_in_scope';
    else if (lackedBy === null || terms.operations === null) return terms;
    else if (lackedBy.has(terms.operations)) refused = 'operation_not_in_plan';
    else return terms;
  }
  return refused;
}

/** The terms of the oldest active subscription of the application to a product with this API, whatever it may call; null for none. */
export function entitledOrNot(
  application: ApplicationEntry,
  { products }: ApiVersionEntry,
  planVersions: ReadonlyMap<string, PlanVersionEntry>,
  termsBook: TermsBook,
  nowMs: number,
): SubscriptionTerms | null {
  for (const subscription of application.subscriptions) {
    if (!products.some(({ id }) => id === subscription.apiProductId)) continue;
    const terms = termsBook.at(subscription, planVersions, nowMs);
    if (terms !== null) return terms;
  }
  return null;
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
