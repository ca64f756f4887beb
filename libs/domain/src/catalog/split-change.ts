import type { SubsetShare, TrafficPolicy, TrafficRule } from './traffic-policy.js';

/** How the calls of a rule are shared out among subsets. */
export interface TrafficSplit {
  /** Its name; null for the calls that no rule matches. */
  readonly rule: string | null;
  /** In force; empty where the calls are refused. */
  readonly shares: readonly SubsetShare[];
  /** What the version was written with, where the shares have been changed since; else null. */
  readonly writtenShares: readonly SubsetShare[] | null;
}

/** All splits of an upstream in the order in which they decide: those of the rules, then that of all other calls. */
export function splitsOf({ rules, defaultSplit, writtenDefaultSplit }: TrafficPolicy): TrafficSplit[] {
  return [
    ...rules.map(({ name, split, writtenSplit }) => ({
      rule: name,
      shares: split,
      writtenShares: writtenSplit ?? null,
    })),
    { rule: null, shares: defaultSplit, writtenShares: writtenDefaultSplit ?? null },
  ];
}

/** The traffic with other shares for a rule, or for the calls that none matches; what it was written with is kept beside them. */
export function withShares(traffic: TrafficPolicy, rule: string | null, shares: readonly SubsetShare[]): TrafficPolicy {
  if (rule === null) {
    const { defaultSplit, writtenDefaultSplit: written = defaultSplit, ...others } = traffic;
    const change = areSameShares(shares, written) ? {} : { writtenDefaultSplit: written };
    return { ...others, defaultSplit: areSameShares(shares, written) ? written : shares, ...change };
  }
  return { ...traffic, rules: traffic.rules.map((one) => (one.name === rule ? ruleWithShares(one, shares) : one)) };
}

function ruleWithShares(
  { split, writtenSplit: written = split, ...others }: TrafficRule,
  shares: readonly SubsetShare[],
): TrafficRule {
  if (areSameShares(shares, written)) return { ...others, split: written };
  return { ...others, split: shares, writtenSplit: written };
}

/** True for the same weights of the same subsets, in whatever order; a weight of 0 is as good as none. */
export function areSameShares(left: readonly SubsetShare[], right: readonly SubsetShare[]): boolean {
  const weights = (shares: readonly SubsetShare[]) =>
    new Map(shares.flatMap(({ subset, weight }) => (weight > 0 ? [[subset, weight]] : [])));
  const [one, other] = [weights(left), weights(right)];
  return one.size === other.size && [...one].every(([subset, weight]) => other.get(subset) === weight);
}

/**
 * What a version is to be written with, with the shares that have been changed since it was written last: where it is to have the
 * same as then, nobody has decided anew, and the change stays. Where it is to have others, or a subset is gone, those hold. Returns
 * the splits that stay changed, too.
 */
export function keepChangedShares(
  desired: TrafficPolicy,
  current: TrafficPolicy | undefined,
  subsets: ReadonlySet<string>,
): { readonly traffic: TrafficPolicy; readonly kept: readonly TrafficSplit[] } {
  const before = new Map(splitsOf(current ?? { rules: [], defaultSplit: [] }).map((split) => [split.rule, split]));
  const kept = splitsOf(desired).flatMap(({ rule, shares }): TrafficSplit[] => {
    const changed = before.get(rule);
    if (!changed?.writtenShares || !areSameShares(changed.writtenShares, shares)) return [];
    if (!changed.shares.every(({ subset }) => subsets.has(subset))) return [];
    return [{ rule, shares: changed.shares, writtenShares: shares }];
  });
  const traffic = kept.reduce((all, { rule, shares }) => withShares(all, rule, shares), desired);
  return { traffic, kept };
}

/**
 * What a version is to be given by hand, with what it was written with beside each split that differs from that; a split of calls that are
 * refused, before or now, is as it is desired.
 */
export function asChangedFrom(current: TrafficPolicy, desired: TrafficPolicy): TrafficPolicy {
  const before = new Map(splitsOf(current).map(({ rule, shares, writtenShares }) => [rule, writtenShares ?? shares]));
  const written = (rule: string | null, shares: readonly SubsetShare[]) => {
    const known = before.get(rule) ?? [];
    return known.length === 0 || shares.length === 0 ? shares : known;
  };
  const base = {
    rules: desired.rules.map((rule) => ({ ...rule, split: written(rule.name, rule.split) })),
    defaultSplit: written(null, desired.defaultSplit),
  };
  return splitsOf(desired).reduce<TrafficPolicy>((all, { rule, shares }) => withShares(all, rule, shares), base);
}

/** The traffic as it is in force, with nothing of what it was written with: for another version that begins with it. */
export function asWritten({ rules, defaultSplit }: TrafficPolicy): TrafficPolicy {
  return { rules: rules.map((rule) => ({ ...rule, writtenSplit: undefined })), defaultSplit };
}

/** "stable 95, canary 5"; "refused" for no shares. */
export function sharesInWords(shares: readonly SubsetShare[]): string {
  if (shares.length === 0) return 'refused';
  return shares.map(({ subset, weight }) => `${subset} ${weight}`).join(', ');
}
