import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { pushCorsHeaders } from '../policies/cors.js';
import { closeLingering } from '../server/lingering-close.js';
import { pushDeprecationHeaders } from './deprecation-headers.js';
import { pushVersionVary } from './version-vary.js';
import { pushLimitHeaders, pushRefusalReceipt } from './limit-headers.js';
import { type ProblemMembers, type Refusal, problemDocument } from './refusal.js';

/** A body that was not read and is longer would cost more than a new connection. */
const maxUnreadBytes = 64 * 1024;

export interface RefusalDetails {
  readonly members?: ProblemMembers;
  readonly headers?: readonly string[];
}

/** Answers with a problem document. After the client is known, with its limits and a receipt as well. */
export function writeRefusal(
  gateway: GatewayCore,
  exchange: Exchange,
  refusal: Refusal,
  details: RefusalDetails = {},
): void {
  const { response, account, head, operation } = exchange;
  const body = Buffer.from(problemDocument(refusal, exchange.requestId, details.members));
  const headers = [
    'content-type',
    'application/problem+json',
    'content-length',
    String(body.length),
    'cache-control',
    'no-store',
    'tollgate-request-id',
    exchange.requestId,
    ...refusal.headers,
    ...(details.headers ?? []),
  ];
  if (account) {
    pushLimitHeaders(headers, gateway, exchange);
    pushRefusalReceipt(headers, account.metering, refusal.code);
  }
  if (operation !== null) {
    pushDeprecationHeaders(headers, operation.version);
    pushVersionVary(headers, operation.version);
  }
  pushCorsHeaders(headers, exchange);
  const hasUnreadBody = head.isChunked || head.contentLength > maxUnreadBytes;
  if (hasUnreadBody) closeLingering(exchange);
  if (gateway.isDraining || hasUnreadBody || head.framing !== 'sound') exchange.isLast = true;
  if (exchange.isLast) headers.push('connection', 'close');
  response.writeHead(refusal.status, headers);
  response.end(body);
}
