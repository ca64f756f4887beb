import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { receive } from '../pipeline.js';
import { reportRefused } from '../reporting/report.js';
import { refusals } from '../responses/refusal.js';
import { writeRefusal } from '../responses/write-refusal.js';

/** Takes a request through the gateway. A fault of ours in one request does not end the others. */
export function serve(gateway: GatewayCore, exchange: Exchange): void {
  gateway.watermark.enter(exchange);
  try {
    receive(gateway, exchange);
  } catch (error) {
    gateway.log.error({ err: error, requestId: exchange.requestId }, 'a request failed in the gateway');
    gateway.watermark.leave(exchange);
    gateway.concurrency.leave(exchange);
    reportRefused(gateway, exchange, refusals.internalError);
    if (exchange.response.headersSent) exchange.breakOff();
    else writeRefusal(gateway, exchange, refusals.internalError);
  }
}
