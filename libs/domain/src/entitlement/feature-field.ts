import { type Entitlements, type FeatureValue, listFeatures } from './entitlements.js';

/**
 * The features as the value of a header: a dictionary of RFC 9651 in the order of the names, such as
 * `seats=5, sso, support="priority"`. Null when the plan has none.
 */
export function featureField(entitlements: Entitlements | undefined): string | null {
  const features = listFeatures(entitlements);
  if (features.length === 0) return null;
  return features.map(({ name, value }) => (value === true ? name : `${name}=${itemOf(value)}`)).join(', ');
}

function itemOf(value: FeatureValue): string {
  if (typeof value === 'boolean') return value ? '?1' : '?0';
  return typeof value === 'number' ? String(value) : `"${value}"`;
}
