/** One place in which two plans differ, as texts; null where there is nothing. */
export interface PlanDifference {
  /** "prices[requests].price.tiers[1].unitAmount": what has a name is named by it. */
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Where one plan differs from another, in the order of the paths. Prices are told apart by their meter, limits
 * and quotas by their name, shares of traffic by their subset, tiers by their place.
 */
export function planDifferences(from: object | null, to: object): PlanDifference[] {
  const [before, after] = [leavesOf(from ?? {}), leavesOf(to)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths
    .map((path) => ({ path, from: before.get(path) ?? null, to: after.get(path) ?? null }))
    .filter((difference) => difference.from !== difference.to);
}

/** The texts, numbers and truths of a plan by their paths. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object') return new Map([[path, textOf(value)]]);
  const parts: [string, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [`${path}[${nameIn(item) ?? index}]`, item])
    : Object.entries(value).map(([key, item]) => [path === '' ? key : `${path}.${key}`, item]);
  return new Map(parts.flatMap(([name, item]) => [...leavesOf(item, name)]));
}

/** The open end of a tier is the only null that a plan has. */
function textOf(leaf: unknown): string {
  if (leaf === null) return 'any';
  return typeof leaf === 'string' ? leaf : JSON.stringify(leaf);
}

function nameIn(item: unknown): string | null {
  if (item === null || typeof item !== 'object') return null;
  if ('name' in item && typeof item.name === 'string') return item.name;
  if ('subset' in item && typeof item.subset === 'string' && !('url' in item)) return item.subset;
  return 'meter' in item && typeof item.meter === 'string' ? item.meter : null;
}
