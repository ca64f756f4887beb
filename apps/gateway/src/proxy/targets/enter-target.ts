import type { GatewayCore } from '../../gateway-core.js';
import type { UpstreamEntry } from '../../snapshot/catalog.js';

type Knowledge = Pick<GatewayCore, 'upstreams' | 'healthChecks'>;

/** For an upstream of which no target is known yet. */
const unknownWaitMs = 1_000;

/**
 * The target of an upstream for its next request, or milliseconds until one makes sense. One that may be tried as a probe
 * counts as being tried from here on. Those in `tried` come last: a repeat goes elsewhere where it can. `hash` is that of the call.
 */
export function enterTarget(
  gateway: Knowledge,
  upstream: UpstreamEntry,
  nowMs: number,
  hash: number | null,
  tried: readonly UpstreamEntry[] = [],
): UpstreamEntry | number {
  const { balancer, circuitBreaker } = upstream;
  const health = (target: UpstreamEntry) => gateway.upstreams.healthOf(target);
  if (balancer === null) {
    const unwellMs = checkWaitMs(gateway, upstream, nowMs);
    if (unwellMs > 0) return unwellMs;
    const waitMs = circuitBreaker === null ? 0 : health(upstream).tryEnter(circuitBreaker, nowMs);
    return waitMs > 0 ? waitMs : upstream;
  }
  const waitOf = (target: UpstreamEntry): number => waitMsOf(gateway, target, nowMs);
  const isFree = (target: UpstreamEntry): boolean => waitOf(target) === 0;
  const target =
    balancer.next((one) => !tried.includes(one) && isFree(one), health, hash) ??
    (tried.length > 0 ? balancer.next(isFree, health, hash) : null);
  if (target === null) {
    const { all } = balancer;
    return all.length === 0 ? unknownWaitMs : Math.min(...all.map(waitOf));
  }
  if (circuitBreaker !== null) health(target).tryEnter(circuitBreaker, nowMs);
  return target;
}

/** A target for a request of nobody's, of which nothing is counted: one that does well, if any does; null where none is known. */
export function targetOf(gateway: Knowledge, upstream: UpstreamEntry, hash: number | null): UpstreamEntry | null {
  const { balancer } = upstream;
  if (balancer === null) return upstream;
  const nowMs = performance.now();
  const doesWell = (target: UpstreamEntry): boolean => waitMsOf(gateway, target, nowMs) === 0;
  return balancer.next(doesWell, (target) => gateway.upstreams.healthOf(target), hash) ?? balancer.all[0] ?? null;
}

/** Milliseconds until a request to this target makes sense, by what was asked of it and by how requests went. */
function waitMsOf(gateway: Knowledge, target: UpstreamEntry, nowMs: number): number {
  const { circuitBreaker } = target;
  const waitMs = circuitBreaker === null ? 0 : gateway.upstreams.healthOf(target).waitMs(circuitBreaker, nowMs);
  return Math.max(waitMs, checkWaitMs(gateway, target, nowMs));
}

function checkWaitMs({ healthChecks }: Knowledge, target: UpstreamEntry, nowMs: number): number {
  return target.healthCheck === null ? 0 : healthChecks.waitMs(target, nowMs);
}
