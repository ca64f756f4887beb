import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { receive } from '../pipeline.js';
import { guarded } from '../refuse.js';

/** Takes a request through the gateway. A fault of ours in one request does not end the others. */
export function serve(gateway: GatewayCore, exchange: Exchange): void {
  gateway.watermark.enter(exchange);
  guarded(gateway, exchange, () => receive(gateway, exchange));
}
