import type { Route } from '../catalog/api.js';
import { selectsOperation } from '../catalog/operation-selector.js';
import type { PlanFault } from '../catalog/plan-fault.js';
import { type EntitledOperations, type Entitlements, type FeatureValue, includesOperation } from './entitlements.js';
import { nearestName } from './nearest-name.js';

/** As RFC 9651 has the keys of a dictionary, so that the upstream can read the header with any parser of it. */
const FEATURE_NAME = /^[a-z][a-z0-9_.-]{0,63}$/;
/** What an RFC 9651 string holds without an escape. */
const FEATURE_TEXT = /^[ !#-[\]-~]{1,120}$/;
/** The largest number that an RFC 9651 decimal has, with three places after the point. */
const MAX_FEATURE_NUMBER = 999_999_999_999;

/** What is wrong with entitlements by themselves: lists that are empty or two, and features that no header can carry. */
export function entitlementFaults(entitlements: Entitlements | undefined): PlanFault[] {
  const { operations, features } = entitlements ?? {};
  return [
    ...(operations ? listFaults(operations) : []),
    ...Object.entries(features ?? {}).flatMap(([name, value]) => featureFaults(name, value)),
  ];
}

function listFaults({ allow, deny }: EntitledOperations): PlanFault[] {
  const path = 'entitlements.operations';
  if ((allow === undefined) === (deny === undefined)) {
    return [{ path, message: 'Give either allow, the only operations of the plan, or deny, those that it lacks.' }];
  }
  const list = (allow ?? deny)!;
  if (list.length > 0) return [];
  return [{ path: `${path}.${allow ? 'allow' : 'deny'}`, message: 'Name at least one operation.' }];
}

function featureFaults(name: string, value: FeatureValue): PlanFault[] {
  const path = `entitlements.features.${name}`;
  if (!FEATURE_NAME.test(name)) {
    const message = `"${name}" is not a name of 1 to 64 small letters, digits, "_", "-" and ".", with a letter first.`;
    return [{ path, message }];
  }
  if (typeof value === 'boolean') return [];
  if (typeof value === 'string') {
    if (FEATURE_TEXT.test(value)) return [];
    return [{ path, message: 'A text has 1 to 120 printable ASCII characters without quotes and backslashes.' }];
  }
  const isWritable = value >= 0 && value <= MAX_FEATURE_NUMBER && Number(value.toFixed(3)) === value;
  if (isWritable) return [];
  return [{ path, message: `A number is from 0 to ${MAX_FEATURE_NUMBER} and has at most 3 decimal places.` }];
}

/**
 * Selectors of operations that mean none of `routes`, each with the name that is nearest to it, and a plan that would be left
 * without any operation. `routes` are the operations of the plan's API product; where there are none yet, nothing is said.
 */
export function unknownOperationFaults(entitlements: Entitlements | undefined, routes: readonly Route[]): PlanFault[] {
  const { operations } = entitlements ?? {};
  if (!operations || routes.length === 0) return [];
  const list = operations.allow ?? operations.deny ?? [];
  const path = `entitlements.operations.${operations.allow ? 'allow' : 'deny'}`;
  const unknown = list.flatMap((selector, index): PlanFault[] => {
    if (routes.some((route) => selectsOperation(selector, route))) return [];
    const nearest = nearestName(selector, selectorsOf(routes));
    const message = `no API of the product has an operation "${selector}"${nearest === null ? '' : `; the nearest is "${nearest}"`}.`;
    return [{ path: `${path}[${index}]`, message }];
  });
  if (unknown.length > 0 || routes.some((route) => includesOperation(entitlements, route))) return unknown;
  return [{ path, message: 'The plan would have no operation at all.' }];
}

/** Every way to name one of these operations, or some of them by their tag. */
function selectorsOf(routes: readonly Route[]): string[] {
  const names = routes.flatMap(({ operation, method, template, tags }) => [
    operation,
    `${method} ${template}`,
    template,
    ...tags.map((tag) => `tag:${tag}`),
  ]);
  return [...new Set(names)];
}
