import type { SubsetShare, TrafficSplit, VersionSplits } from '../api/types.js';

/** The weight of a subset in percent of all; 0 where it has none. */
export function percentOf(shares: readonly SubsetShare[], subset: string): number {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  const own = shares.find((share) => share.subset === subset)?.weight ?? 0;
  return total === 0 ? 0 : (own / total) * 100;
}

/** "95%", "0.5%", "33.3%". */
export function percentWords(percent: number): string {
  if (percent > 0 && percent < 0.1) return '<0.1%';
  return `${Number(percent.toFixed(1))}%`;
}

/** "stable 95%, canary 5%"; what has no share is left out. */
export function sharesWords(shares: readonly SubsetShare[]): string {
  if (shares.length === 0) return 'refused';
  return shares
    .filter(({ weight }) => weight > 0)
    .map(({ subset }) => `${subset} ${percentWords(percentOf(shares, subset))}`)
    .join(', ');
}

/** "Rule testers", "All other calls". */
export function splitName(rule: string | null, isAlone = false): string {
  if (rule !== null) return `Rule ${rule}`;
  return isAlone ? 'All calls' : 'All other calls';
}

/** A weight for each subset, whether the split names it or not. */
export function weightsOf(shares: readonly SubsetShare[], subsets: readonly string[]): SubsetShare[] {
  return subsets.map((subset) => ({ subset, weight: shares.find((share) => share.subset === subset)?.weight ?? 0 }));
}

/** Two subsets of which the second has so many percent, to a tenth. */
export function percentShares(first: string, second: string, percent: number): SubsetShare[] {
  const scale = Number.isInteger(percent) ? 1 : 10;
  const weight = Math.round(percent * scale);
  return [
    { subset: first, weight: 100 * scale - weight },
    { subset: second, weight },
  ];
}

/** True when both give every subset the same share of the calls. */
export function areSame(left: readonly SubsetShare[], right: readonly SubsetShare[]): boolean {
  const names = new Set([...left, ...right].map(({ subset }) => subset));
  return [...names].every((subset) => Math.abs(percentOf(left, subset) - percentOf(right, subset)) < 1e-9);
}

/** Where calls go when a canary is ended: to "stable" where there is one, else to the first subset. */
export function stableOf({ subsets }: VersionSplits): string {
  return (subsets.find(({ name }) => name === 'stable') ?? subsets[0])?.name ?? '';
}

/** The splits that are not wholly at a subset yet; what is refused stays refused. */
export function splitsElsewhere({ splits }: VersionSplits, subset: string): TrafficSplit[] {
  return splits.filter(({ shares }) => shares.length > 0 && percentOf(shares, subset) < 100);
}

/** All to one subset; the others stay in the split with no share, so that they can come back. */
export function allTo(subset: string, { subsets }: VersionSplits): SubsetShare[] {
  return subsets.map(({ name }) => ({ subset: name, weight: name === subset ? 100 : 0 }));
}
