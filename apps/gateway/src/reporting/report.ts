import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Completion } from './completion.js';
import type { Refusal } from '../responses/refusal.js';

/** Tells metrics, access log and trace of an admitted request that has ended. */
export function reportAdmitted(
  gateway: GatewayCore,
  exchange: Exchange,
  completion: Completion,
  upstreamMs: number | null,
): void {
  const totalMs = performance.now() - exchange.startedAt;
  gateway.metrics.countRequest(exchange.operation!.version, completion, totalMs, upstreamMs);
  gateway.accessLog?.admitted(exchange, completion, { totalMs, upstreamMs });
  gateway.tracer.admitted(exchange, completion, totalMs);
}

/** Tells them of a request that was refused. */
export function reportRefused(gateway: GatewayCore, exchange: Exchange, refusal: Refusal): void {
  const totalMs = performance.now() - exchange.startedAt;
  gateway.metrics.countRefusal(refusal);
  gateway.accessLog?.refused(exchange, refusal, { totalMs, upstreamMs: null });
  gateway.tracer.refused(exchange, refusal, totalMs);
}
