import type { PlanTerms } from '../api/types.js';
import type { FeatureValue } from '../catalog/feature-words.js';
import { withOptional } from './plan-terms.js';

export type Entitlements = NonNullable<PlanTerms['entitlements']>;

/** A feature while it is edited. */
export interface FeatureRow {
  readonly name: string;
  readonly value: FeatureValue;
}

/** What the fields say; a part may be undefined. */
export type EditedEntitlements = { readonly [Part in keyof Entitlements]: Entitlements[Part] | undefined };

/** The terms with these entitlements; without any where they say nothing. */
export function withEntitlements(terms: PlanTerms, { operations, features }: EditedEntitlements): PlanTerms {
  const said = { ...(operations && { operations }), ...(features && { features }) };
  return withOptional(terms, 'entitlements', Object.keys(said).length === 0 ? undefined : said);
}

/** Which operations are named, and how. */
export function operationChoice(operations: Entitlements['operations']): {
  readonly choice: 'all' | 'allow' | 'deny';
  readonly list: readonly string[];
} {
  if (operations?.allow) return { choice: 'allow', list: operations.allow };
  if (operations?.deny) return { choice: 'deny', list: operations.deny };
  return { choice: 'all', list: [] };
}

/** The operations named in another way; undefined for all. */
export function operationsAs(choice: string | null, list: readonly string[]): Entitlements['operations'] {
  if (choice === 'allow') return { allow: [...list] };
  return choice === 'deny' ? { deny: [...list] } : undefined;
}

export function featureRows(features: Entitlements['features']): readonly FeatureRow[] {
  return Object.entries(features ?? {}).map(([name, value]) => ({ name, value }));
}

/** The rows as the terms have them; undefined for none. Of two with one name the last one counts. */
export function featuresOf(rows: readonly FeatureRow[]): Entitlements['features'] {
  if (rows.length === 0) return undefined;
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

export function featureKind(value: FeatureValue): 'boolean' | 'number' | 'string' {
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'number' : 'string';
}

/** The value as another kind, as far as it can be one. */
export function featureOfKind(kind: string | null, value: FeatureValue): FeatureValue {
  switch (kind) {
    case 'number':
      return Number(value) || 0;
    case 'string':
      return typeof value === 'boolean' ? '' : String(value);
    default:
      return true;
  }
}
