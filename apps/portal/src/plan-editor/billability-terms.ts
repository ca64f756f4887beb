import type { BillabilityRow, PlanTerms } from '../api/types.js';
import { withOptional } from './plan-terms.js';

export type BillabilityRules = NonNullable<PlanTerms['billability']>;
export type BillabilityRule = NonNullable<BillabilityRules[BillabilityRow['name']]>;

/** A situation that the plan changes, and what is usual in it. */
export interface ChangedSituation {
  readonly usual: BillabilityRow;
  readonly rule: BillabilityRule;
}

/** The situations that a plan changes, in the order of the table. */
export function changedSituations(terms: PlanTerms, usual: readonly BillabilityRow[]): ChangedSituation[] {
  return usual.flatMap((row) => {
    const rule = terms.billability?.[row.name];
    return rule === undefined ? [] : [{ usual: row, rule }];
  });
}

/** The situations that a plan could change and does not. */
export function usualSituations(terms: PlanTerms, usual: readonly BillabilityRow[]): BillabilityRow[] {
  return usual.filter(({ name, isFixed }) => !isFixed && terms.billability?.[name] === undefined);
}

/** A change of a situation to begin with: the other way round than usual; of what the cache has, half. */
export function otherThanUsual({ name, billable, quota }: BillabilityRow): BillabilityRule {
  if (name === 'cacheHit') return { factor: '0.5' };
  return { billable: !billable, quota: billable ? quota : true };
}

/** The terms with another rule for a situation; as usual again for undefined. */
export function withRule(terms: PlanTerms, name: BillabilityRow['name'], rule: BillabilityRule | undefined): PlanTerms {
  const rules = withOptional(terms.billability ?? {}, name, rule);
  return withOptional(terms, 'billability', Object.keys(rules).length === 0 ? undefined : rules);
}
