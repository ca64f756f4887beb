import { type ApiProduct, NotFoundError, type Route, unknownOperationFaults } from '#domain';
import { type PlanToEdit, type Transaction, findApiProduct, findPlanToEdit, isPublisherOfProduct } from '#persistence';
import { type PlanMeter, type PlanTerms, planFaults } from '../catalog/plan-in-file.js';
import { RefusedInPlacesError } from '../catalog/refused-in-places-error.js';

/**
 * A product of a person's publisher teams by its slug.
 * @throws NotFoundError `product_not_found`, also for one of other publishers
 */
export async function findOwnProduct(
  transaction: Transaction,
  { slug, publisherUserId }: { readonly slug: string; readonly publisherUserId: string },
): Promise<ApiProduct> {
  const product = await findApiProduct(transaction, slug);
  if (!product || !(await isPublisherOfProduct(transaction, product.id, publisherUserId)))
    throw new NotFoundError('product');
  return product;
}

/**
 * A plan of a person's publisher teams.
 * @throws NotFoundError `plan_not_found`, also for one of other publishers
 */
export async function findOwnPlan(
  transaction: Transaction,
  own: { readonly planId: string; readonly publisherUserId: string },
): Promise<PlanToEdit> {
  const plan = await findPlanToEdit(transaction, own);
  if (!plan) throw new NotFoundError('plan');
  return plan;
}

/** What the terms of a plan are held against. */
export interface PlanSubject {
  readonly meters: readonly PlanMeter[];
  /** The operations of the product. */
  readonly routes: readonly Route[];
}

/**
 * Lets terms pass that a plan of a product with these meters and operations can have; `place` goes before each fault.
 * @throws RefusedInPlacesError `plan_invalid` with every fault of the terms
 */
export function checkTerms(terms: PlanTerms, { meters, routes }: PlanSubject, place: string): void {
  const faults = [...planFaults(terms, meters), ...unknownOperationFaults(terms.entitlements, routes)];
  if (faults.length > 0) throw new RefusedInPlacesError('plan_invalid', place, faults);
}
