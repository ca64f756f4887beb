import { type MeterBinding, type PlanDefinition, type Route, includesOperation, selectsOperation } from '#domain';
import { listMetersOfApi } from '#persistence';
import type { ServiceContext } from '../context.js';

/** What a call of an operation counts in one meter, and what that costs in each public plan that has the operation. */
export interface OperationCost {
  readonly product: { readonly slug: string; readonly title: string };
  readonly meter: { readonly slug: string; readonly title: string; readonly unit: string };
  readonly binding: Omit<MeterBinding, 'selector'>;
  readonly plans: readonly {
    readonly slug: string;
    readonly title: string;
    readonly currency: string;
    /** Null where the plan has no price of the meter: then it costs nothing there. */
    readonly price: PlanDefinition['prices'][number] | null;
  }[];
}

/** What calls of an operation count and cost, by product and meter; empty for one that no meter counts. */
export async function findOperationCosts(
  context: ServiceContext,
  { api, route }: { readonly api: string; readonly route: Route },
): Promise<OperationCost[]> {
  const meters = await context.unitOfWork.inSystem((transaction) => listMetersOfApi(transaction, api));
  return meters.flatMap(({ product, slug, title, unit, bindings, plans }) => {
    const found = bindings.find(({ selector }) => selectsOperation(selector, route));
    if (!found) return [];
    const { selector: _selector, ...binding } = found;
    const having = plans.filter(({ entitlements }) => includesOperation(entitlements ?? undefined, route));
    return [
      {
        product,
        meter: { slug, title, unit },
        binding,
        plans: having.map(({ entitlements: _entitlements, ...plan }) => plan),
      },
    ];
  });
}
