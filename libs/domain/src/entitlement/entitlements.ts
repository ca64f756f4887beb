import type { Route } from '../catalog/api.js';
import { selectsOperation } from '../catalog/operation-selector.js';

/** On or off, how many, or which ("priority"). */
export type FeatureValue = boolean | number | string;

/** What a plan version gives beside units and prices. What is absent is not limited, or not promised. */
export interface Entitlements {
  readonly operations?: EntitledOperations | undefined;
  /** By their names; they are for the upstream and for people, and the gateway decides nothing by them. */
  readonly features?: Readonly<Record<string, FeatureValue>> | undefined;
}

/** By the selectors that meters use: the only operations of the plan (`allow`), or those that it lacks (`deny`). One of the two. */
export interface EntitledOperations {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** True when a plan with these entitlements has the operation; one that names no operations has all. */
export function includesOperation(entitlements: Entitlements | undefined, route: Route): boolean {
  const { allow, deny } = entitlements?.operations ?? {};
  const isSelected = (selector: string) => selectsOperation(selector, route);
  if (allow !== undefined && !allow.some(isSelected)) return false;
  return deny === undefined || !deny.some(isSelected);
}

/** The features by name, in the order of the alphabet, so that two readers of a plan see the same. */
export function listFeatures(entitlements: Entitlements | undefined): { name: string; value: FeatureValue }[] {
  return Object.entries(entitlements?.features ?? {})
    .map(([name, value]) => ({ name, value }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Operations that several versions of an API have, once each, as the first of them has it. */
export function distinctOperations(routes: readonly Route[]): Route[] {
  const byName = new Map<string, Route>();
  for (const route of routes) if (!byName.has(route.operation)) byName.set(route.operation, route);
  return [...byName.values()];
}
