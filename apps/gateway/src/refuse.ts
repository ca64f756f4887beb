import type { Exchange } from './exchange.js';
import type { GatewayCore } from './gateway-core.js';
import { giveBackRate } from './policies/limit-rate.js';
import { endReservations } from './policies/reserve-quota.js';
import { reportRefused } from './reporting/report.js';
import { type Refusal, refusals } from './responses/refusal.js';
import { type RefusalDetails, writeRefusal } from './responses/write-refusal.js';

/** Ends a request that is not admitted: it leaves no usage event. */
export function refuse(gateway: GatewayCore, exchange: Exchange, refusal: Refusal, details?: RefusalDetails): void {
  gateway.watermark.leave(exchange);
  gateway.concurrency.leave(exchange);
  exchange.tap?.onIncomplete();
  reportRefused(gateway, exchange, refusal);
  if (!exchange.isClientGone) writeRefusal(gateway, exchange, refusal, details);
}

/**
 * Takes a step of a request, also one that had to wait. A fault of ours in it ends no other request: this one gives back
 * what it has taken, and is answered with 500 if nothing of its answer has left.
 */
export function guarded(gateway: GatewayCore, exchange: Exchange, step: () => void): void {
  try {
    step();
  } catch (error) {
    gateway.log.error({ err: error, requestId: exchange.requestId }, 'a request failed in the gateway');
    if (exchange.response.headersSent) return exchange.breakOff();
    exchange.clientGoneListener = null;
    endReservations(exchange, null);
    giveBackRate(exchange);
    refuse(gateway, exchange, refusals.internalError);
  }
}
