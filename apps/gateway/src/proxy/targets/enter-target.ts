import type { UpstreamEntry } from '../../snapshot/catalog.js';
import type { UpstreamPools } from '../upstream-pools.js';

/**
 * The target of an upstream for its next request, or milliseconds until one makes sense. One that may be tried as a probe
 * counts as being tried from here on. Those in `tried` come last: a repeat goes elsewhere where it can.
 */
export function enterTarget(
  pools: UpstreamPools,
  upstream: UpstreamEntry,
  nowMs: number,
  tried: readonly UpstreamEntry[] = [],
): UpstreamEntry | number {
  const { balancer, circuitBreaker } = upstream;
  if (balancer === null) {
    const waitMs = circuitBreaker === null ? 0 : pools.healthOf(upstream).tryEnter(circuitBreaker, nowMs);
    return waitMs > 0 ? waitMs : upstream;
  }
  const waitOf = (target: UpstreamEntry): number =>
    circuitBreaker === null ? 0 : pools.healthOf(target).waitMs(circuitBreaker, nowMs);
  const loadOf = (target: UpstreamEntry) => pools.healthOf(target);
  const isFree = (target: UpstreamEntry): boolean => waitOf(target) === 0;
  const target =
    balancer.next((one) => !tried.includes(one) && isFree(one), loadOf) ??
    (tried.length > 0 ? balancer.next(isFree, loadOf) : null);
  if (target === null) return Math.min(...balancer.all.map(waitOf));
  if (circuitBreaker !== null) pools.healthOf(target).tryEnter(circuitBreaker, nowMs);
  return target;
}

/** A target for a request of nobody's, of which nothing is counted: one that does well, if any does. */
export function targetOf(pools: UpstreamPools, upstream: UpstreamEntry): UpstreamEntry {
  const { balancer, circuitBreaker } = upstream;
  if (balancer === null) return upstream;
  const nowMs = performance.now();
  const doesWell = (target: UpstreamEntry): boolean =>
    circuitBreaker === null || pools.healthOf(target).waitMs(circuitBreaker, nowMs) === 0;
  return balancer.next(doesWell, (target) => pools.healthOf(target)) ?? upstream;
}
