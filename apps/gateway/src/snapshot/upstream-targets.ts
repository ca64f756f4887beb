import type { TrafficRule, Upstream, UpstreamTarget } from '#domain';
import type { ApiVersionRecord, CatalogRecord } from '#persistence';
import type { TargetWatches } from '../discovery/target-watches.js';
import { compileHashBy } from '../proxy/hash/call-hash.js';
import { type KnownNames, TrafficRules } from '../proxy/subsets/traffic-rules.js';
import { compileRetries } from '../proxy/retry-rules.js';
import { Balancer } from '../proxy/targets/balancer.js';
import { DiscoveredTargets } from '../proxy/targets/discovered-targets.js';
import type { UpstreamEntry } from './catalog.js';

/**
 * An upstream at the places where it is: one, several that are shared among as it says, or those that are found out; `entry` has all that
 * they have in common. @throws Error where they cannot be found out
 */
export function placedUpstream(
  entry: UpstreamEntry,
  { id, upstream }: ApiVersionRecord,
  names: KnownNames,
  watches: TargetWatches,
): UpstreamEntry {
  const { targets, traffic, discovery } = upstream!;
  if (discovery) return discovered(entry, upstream!, watches);
  if (!targets) return entry;
  if (!traffic) return balanced(entry, targets, upstream!);
  const bySubset = Map.groupBy(targets, ({ subset = '' }) => subset);
  const subsets = new Map(
    [...bySubset].map(([subset, members]) => [subset, balanced({ ...entry, subset }, members, upstream!)]),
  );
  const subsetFor = (subset: string, rule: TrafficRule | null): UpstreamEntry =>
    rule === null || (rule.retries === undefined && rule.responseTimeoutMs === undefined)
      ? subsets.get(subset)!
      : balanced({ ...entry, ...termsOf(rule, entry), subset }, bySubset.get(subset)!, upstream!);
  return { ...entry, traffic: new TrafficRules(id, traffic, subsetFor, names) };
}

/** What a rule says of its calls, in the place of the upstream's. */
function termsOf({ retries, responseTimeoutMs }: TrafficRule, entry: UpstreamEntry) {
  return {
    retries: retries ? compileRetries(retries) : entry.retries,
    responseTimeoutMs: responseTimeoutMs ?? entry.responseTimeoutMs,
  };
}

function balanced(entry: UpstreamEntry, targets: readonly UpstreamTarget[], upstream: Upstream): UpstreamEntry {
  const balancedTargets = targets.map(({ url, weight }) => {
    const { origin } = new URL(url);
    return { target: { ...entry, origin }, weight, name: origin };
  });
  if (balancedTargets.length === 1) return balancedTargets[0]!.target;
  return { ...entry, ...hashingOf(upstream), balancer: new Balancer(balancedTargets, balancingOf(upstream)) };
}

function discovered(entry: UpstreamEntry, upstream: Upstream, watches: TargetWatches): UpstreamEntry {
  const { protocol, port: ownPort } = new URL(entry.origin);
  const usualPort = ownPort || (protocol === 'https:' ? '443' : '80');
  const watch = watches.of(upstream.discovery!, upstream.url);
  const balancer = new DiscoveredTargets<UpstreamEntry>(watch, balancingOf(upstream), ({ host, port }) => ({
    ...entry,
    connectTo: { hostname: host, port: port === null ? usualPort : String(port) },
  }));
  return { ...entry, ...hashingOf(upstream), balancer };
}

const balancingOf = ({ balancing = 'round-robin' }: Upstream) => balancing;

function hashingOf(upstream: Upstream): Pick<UpstreamEntry, 'hashBy'> {
  return { hashBy: balancingOf(upstream) === 'consistent-hash' ? compileHashBy(upstream.hashBy) : null };
}

/** Whom the rules of upstreams name, by what they are named. */
export function namesIn({ namedConsumers, products }: CatalogRecord): KnownNames {
  return {
    organizations: new Map(Object.entries(namedConsumers?.organizations ?? {})),
    applications: new Map(Object.entries(namedConsumers?.applications ?? {})),
    products: new Map(products.map(({ slug, id }) => [slug, id])),
  };
}
