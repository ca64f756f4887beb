import type { Plan, PlanDefinition } from '../api/types.js';

type Features = NonNullable<NonNullable<PlanDefinition['entitlements']>['features']>;
export type FeatureValue = Features[string];

/** A feature as people call it: "priority-support" → "Priority support". */
export function featureTitle(name: string): string {
  const words = name.replace(/[-_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a plan gives of a feature; what it says nothing of it does not have. */
export function featureValueWords(value: FeatureValue | undefined): string {
  if (value === undefined || value === false) return 'No';
  if (value === true) return 'Yes';
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : value;
}

/** The features of a plan in the order of their names, "Seats: 5" each, and only "Sso" for one that is on; none for what is off. */
export function featureLines(features: Features | undefined): readonly string[] {
  return Object.entries(features ?? {})
    .filter(([, value]) => value !== false)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) =>
      value === true ? featureTitle(name) : `${featureTitle(name)}: ${featureValueWords(value)}`,
    );
}

/** The names of all features that one of the plans has, in their order. */
export function featureNames(plans: readonly Plan[]): readonly string[] {
  const names = plans.flatMap(({ version }) => Object.keys(version.definition.entitlements?.features ?? {}));
  return [...new Set(names)].toSorted();
}
