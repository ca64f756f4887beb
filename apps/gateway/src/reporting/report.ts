import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Completion } from './completion.js';
import type { Refusal } from '../responses/refusal.js';

/** Tells metrics, traffic, access log and trace of an admitted request that has ended. */
export function reportAdmitted(
  gateway: GatewayCore,
  exchange: Exchange,
  completion: Completion,
  upstreamMs: number | null,
  totalMs: number = performance.now() - exchange.startedAt,
  endedAtMs: number = gateway.clock.nowMs(),
): void {
  const operation = exchange.operation!;
  const { version } = operation;
  const subset = askedSubset(exchange, completion);
  gateway.metrics.countRequest(version, completion, totalMs, upstreamMs);
  if (subset !== null) gateway.metrics.subsets.count(version, subset, completion.status, upstreamMs);
  gateway.traffic.count(
    operation,
    subset,
    exchange.account!.mode,
    completion.status,
    exchange.upgrade === null ? totalMs : null,
    upstreamMs,
    endedAtMs,
  );
  gateway.accessLog?.admitted(exchange, completion, { totalMs, upstreamMs }, subset);
  gateway.tracer.admitted(exchange, completion, totalMs, subset);
}

/** The subset whose answer, or lack of one, it was: a stored answer is nobody's. */
function askedSubset({ upstream }: Exchange, { outcome }: Completion): string | null {
  if (upstream === null || upstream.subset === null) return null;
  return outcome === 'cache_hit' || outcome === 'replayed' ? null : upstream.subset;
}

/** Tells them of a request that was refused, and counts it where it is known for what it was. */
export function reportRefused(gateway: GatewayCore, exchange: Exchange, refusal: Refusal): void {
  const totalMs = performance.now() - exchange.startedAt;
  gateway.metrics.countRefusal(refusal);
  const { operation, caller } = exchange;
  if (operation !== null) gateway.refusals.count(operation, caller, refusal, gateway.clock.nowMs());
  gateway.accessLog?.refused(exchange, refusal, { totalMs, upstreamMs: null });
  gateway.tracer.refused(exchange, refusal, totalMs);
}
