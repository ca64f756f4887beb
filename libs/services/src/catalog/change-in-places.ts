import { type PlanDifference, planDifferences } from '../plan/plan-differences.js';
import type { CatalogChange } from './catalog-change.js';

/** A change of the catalogue with each place in it that differs, however deep, as texts. */
export interface ChangeInPlaces extends Pick<CatalogChange, 'action' | 'noun' | 'name'> {
  readonly remarks: readonly string[];
  readonly differences: readonly PlanDifference[];
}

/** The same change, told place by place. */
export function inPlaces({ action, noun, name, fields, remarks = [] }: CatalogChange): ChangeInPlaces {
  const differences = fields.flatMap(({ field, from, to }) => planDifferences({ [field]: from }, { [field]: to }));
  return { action, noun, name, remarks, differences };
}
