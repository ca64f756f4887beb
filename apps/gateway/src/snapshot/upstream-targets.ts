import type { TrafficRule, Upstream, UpstreamTarget } from '#domain';
import type { ApiVersionRecord, CatalogRecord } from '#persistence';
import { type KnownNames, TrafficRules } from '../proxy/subsets/traffic-rules.js';
import { compileRetries } from '../proxy/retry-rules.js';
import { Balancer } from '../proxy/targets/balancer.js';
import type { UpstreamEntry } from './catalog.js';

/** An upstream with the several places where it is, shared among as it says; `entry` has all that they have in common. */
export function withTargets(
  entry: UpstreamEntry,
  { id, upstream }: ApiVersionRecord,
  targets: readonly UpstreamTarget[],
  names: KnownNames,
): UpstreamEntry {
  const { traffic, balancing = 'round-robin' } = upstream!;
  if (!traffic) return balanced(entry, targets, balancing);
  const bySubset = Map.groupBy(targets, ({ subset = '' }) => subset);
  const subsets = new Map(
    [...bySubset].map(([subset, members]) => [subset, balanced({ ...entry, subset }, members, balancing)]),
  );
  const subsetFor = (subset: string, rule: TrafficRule | null): UpstreamEntry =>
    rule === null || (rule.retries === undefined && rule.responseTimeoutMs === undefined)
      ? subsets.get(subset)!
      : balanced({ ...entry, ...termsOf(rule, entry), subset }, bySubset.get(subset)!, balancing);
  return { ...entry, traffic: new TrafficRules(id, traffic, subsetFor, names) };
}

/** What a rule says of its calls, in the place of the upstream's. */
function termsOf({ retries, responseTimeoutMs }: TrafficRule, entry: UpstreamEntry) {
  return {
    retries: retries ? compileRetries(retries) : entry.retries,
    responseTimeoutMs: responseTimeoutMs ?? entry.responseTimeoutMs,
  };
}

function balanced(
  entry: UpstreamEntry,
  targets: readonly UpstreamTarget[],
  balancing: NonNullable<Upstream['balancing']>,
): UpstreamEntry {
  const entries = targets.map(({ url, weight }) => ({ target: { ...entry, origin: new URL(url).origin }, weight }));
  return entries.length === 1 ? entries[0]!.target : { ...entry, balancer: new Balancer(entries, balancing) };
}

/** Whom the rules of upstreams name, by what they are named. */
export function namesIn({ namedConsumers, products }: CatalogRecord): KnownNames {
  return {
    organizations: new Map(Object.entries(namedConsumers?.organizations ?? {})),
    applications: new Map(Object.entries(namedConsumers?.applications ?? {})),
    products: new Map(products.map(({ slug, id }) => [slug, id])),
  };
}
