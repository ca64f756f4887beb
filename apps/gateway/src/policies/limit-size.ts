import type { Exchange } from '../exchange.js';

export type SizeVerdict = 'within' | 'body_too_large';

/** Whether the body fits, as far as its length is declared. One that is not is counted on its way: see `RequestBody`. */
export function checkDeclaredSize({ head, operation }: Exchange): SizeVerdict {
  return head.contentLength > operation!.version.maxBodyBytes ? 'body_too_large' : 'within';
}
