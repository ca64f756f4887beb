import type { Application, Plan, Product } from '../api/types.js';

export interface OfferedPlan {
  readonly product: Product;
  readonly plan: Plan;
}

/** The plan that a plan version belongs to, with its product; null when it is no longer offered. */
export function offeredPlan(products: readonly Product[], planVersionId: string): OfferedPlan | null {
  for (const product of products) {
    const plan = product.plans.find(({ version }) => version.id === planVersionId);
    if (plan) return { product, plan };
  }
  return null;
}

/** An application has at most one active subscription to a product. */
export function isSubscribed({ subscriptions }: Application, product: Product): boolean {
  return subscriptions.some(
    (subscription) => subscription.product.slug === product.slug && subscription.state !== 'canceled',
  );
}
