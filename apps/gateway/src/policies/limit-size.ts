import type { Exchange } from '../exchange.js';

export type SizeVerdict = 'within' | 'body_too_large';

/** Whether the body fits, as far as its length is declared. One that is not is counted on its way: see `RequestBody`. */
export function checkDeclaredSize(exchange: Exchange): SizeVerdict {
  return exchange.head.contentLength > maxBodyBytes(exchange) ? 'body_too_large' : 'within';
}

/** The bound of the API version, or of what the plan's meters of bytes reserve for a call, whichever is lower. */
export function maxBodyBytes({ operation, account }: Exchange): number {
  return Math.min(operation!.version.maxBodyBytes, account!.metering.maxRequestBytes);
}
