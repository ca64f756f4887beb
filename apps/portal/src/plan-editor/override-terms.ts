import type { PlanTerms } from '../api/types.js';

const FIELDS = ['fixedFee', 'prices', 'rateLimits', 'quotas', 'concurrency', 'entitlements'] as const;

/** What one subscription can have in the place of what its plan says. */
export type OverrideTerms = Partial<Pick<PlanTerms, (typeof FIELDS)[number]>>;

/** The fields in which terms are other than those of the plan; a field that the plan has and they lack cannot be named. */
export function overrideOf(plan: PlanTerms, terms: PlanTerms): OverrideTerms {
  const changed = FIELDS.filter(
    (field) => terms[field] !== undefined && JSON.stringify(terms[field]) !== JSON.stringify(plan[field]),
  );
  return Object.fromEntries(changed.map((field) => [field, terms[field]]));
}
