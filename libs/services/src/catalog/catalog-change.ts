import { createHash } from 'node:crypto';

/** One thing that applying a catalogue does, or would do. */
export interface CatalogChange {
  /** `keep`: the file says otherwise, and what is there stays, for the reason in the remarks. */
  readonly action: 'create' | 'update' | 'publish' | 'retire' | 'delete' | 'keep';
  readonly noun:
    | 'seller'
    | 'publisher'
    | 'API'
    | 'API version'
    | 'API product'
    | 'meter'
    | 'plan'
    | 'plan draft'
    | 'terms'
    | 'plan version'
    | 'signing key'
    | 'tax rate'
    | 'coupon';
  /** "atlas/v1": how people know it. */
  readonly name: string;
  readonly fields: readonly FieldChange[];
  /** What of it will not be done, and why. */
  readonly remarks?: readonly string[];
}

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** The fields of `desired` whose value differs in `current`, compared by content. */
export function changedFields<Desired extends object>(current: Desired, desired: Desired): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of Object.keys(desired) as (keyof Desired & string)[]) {
    if (canonicalJson(current[field]) !== canonicalJson(desired[field])) {
      changes.push({ field, from: current[field], to: desired[field] });
    }
  }
  return changes;
}

/** JSON with sorted keys: equal for equal content, whatever order Postgres gives the keys back in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** SHA-256 in hex over the canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
