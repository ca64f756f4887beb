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
    failRequest(gateway, exchange, error);
  }
}

/** Ends a request that meets a fault of ours before its event is written: it leaves none, and costs nothing. */
export function failRequest(gateway: GatewayCore, exchange: Exchange, fault: unknown): void {
  logFault(gateway, exchange, fault);
  exchange.clientGoneListener = null;
  endReservations(exchange, null);
  giveBackRate(exchange);
  if (!exchange.response.headersSent) return refuse(gateway, exchange, refusals.internalError);
  gateway.watermark.leave(exchange);
  gateway.concurrency.leave(exchange);
  exchange.tap?.onIncomplete();
  exchange.breakOff();
}

/** Lets out what is left of an answer whose event is written. After a fault of ours in it the caller sees that it is not whole. */
export function guardedRelease(gateway: GatewayCore, exchange: Exchange, step: () => void): void {
  try {
    step();
  } catch (error) {
    logFault(gateway, exchange, error);
    exchange.breakOff();
  }
}

/** Tells of a fault of ours in one request. */
export function logFault(gateway: GatewayCore, { requestId }: Exchange, fault: unknown): void {
  gateway.log.error({ err: fault, requestId }, 'a request failed in the gateway');
}
