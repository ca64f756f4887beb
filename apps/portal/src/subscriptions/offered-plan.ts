import type { Application, Plan, Product, Subscription } from '../api/types.js';

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

/**
 * The plan to look at first when a subscription is to have another: the newest version of its own, else the next one on the price
 * list, which is more often wanted than less; the one before only for the last.
 */
export function suggestedPlan(
  plans: readonly Plan[],
  { planVersionId, plan }: Pick<Subscription, 'planVersionId'> & { readonly plan: Pick<Subscription['plan'], 'slug'> },
): Plan | undefined {
  const index = plans.findIndex(({ slug }) => slug === plan.slug);
  const own = plans[index];
  if (own && own.version.id !== planVersionId) return own;
  return plans[index + 1] ?? plans[index - 1];
}

/** An application has at most one active subscription to a product. */
export function isSubscribed({ subscriptions }: Application, product: Product): boolean {
  return subscriptions.some(
    (subscription) => subscription.product.slug === product.slug && subscription.state !== 'canceled',
  );
}
