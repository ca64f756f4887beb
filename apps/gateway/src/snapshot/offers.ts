import type { ApiProductRecord, PlanVersionRecord } from '#persistence';
import type { OperationLists } from './operation-lists.js';

/** A plan version that anybody can subscribe to. */
export interface Offer {
  readonly apiProductId: string | undefined;
  readonly planSlug: string;
  readonly operations: string | null;
}

/** In the order in which the plans of a product are shown. */
export function offersOf(planVersions: readonly PlanVersionRecord[], lists: OperationLists): readonly Offer[] {
  return planVersions
    .filter(({ isOffered }) => isOffered)
    .toSorted((one, other) => (one.planPosition ?? 0) - (other.planPosition ?? 0))
    .map(({ apiProductId, planSlug, definition }) => ({ apiProductId, planSlug, operations: lists.of(definition) }));
}

/** The plans on offer of these products whose list of operations is none of `lackedBy`, as "product/plan". */
export function plansWith(
  lackedBy: ReadonlySet<string>,
  products: readonly ApiProductRecord[],
  offers: readonly Offer[],
): string[] {
  return products.flatMap(({ id, slug }) =>
    offers
      .filter(({ apiProductId }) => apiProductId === id)
      .filter(({ operations }) => operations === null || !lackedBy.has(operations))
      .map(({ planSlug }) => `${slug}/${planSlug}`),
  );
}
