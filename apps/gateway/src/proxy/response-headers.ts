import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { isCorsField, pushCorsHeaders } from '../policies/cors.js';
import type { Judgement } from '../metering/billability.js';
import { connectionTokens } from '../request-head.js';
import { isClassicLimitField } from '../responses/classic-limit-headers.js';
import { isDeprecationField, pushDeprecationHeaders } from '../responses/deprecation-headers.js';
import { pushLimitHeaders, pushReceipt } from '../responses/limit-headers.js';
import { pushVersionVary } from '../responses/version-vary.js';
import { closeLingering } from '../server/lingering-close.js';
import { isWithoutBody } from './answer-head.js';
import { isRewrittenInResponses } from './header-names.js';

/**
 * The header fields for the client, as name, value, name, value: the upstream's without what is for one hop only, and
 * ours: request id, limits, receipt, and that the version is deprecated.
 */
export function responseHeaders(
  gateway: GatewayCore,
  exchange: Exchange,
  status: number,
  judgement: Judgement,
  upstreamHeaders: IncomingHttpHeaders,
): string[] {
  const headers: string[] = [];
  const nominated = nominatedBy(upstreamHeaders.connection);
  const { version } = exchange.operation!;
  const { hasClassicLimitHeaders, deprecationFields } = version;
  let via = '';
  for (const name in upstreamHeaders) {
    const value = upstreamHeaders[name];
    if (value === undefined) continue;
    if (name === 'via') via = `${Array.isArray(value) ? value.join(', ') : value}, `;
    if (isRewrittenInResponses(name) || nominated?.includes(name)) continue;
    if (name === 'content-length' && status === 204) continue;
    if (name === 'trailer' && !hasPlaceForTrailers(exchange, status, upstreamHeaders)) continue;
    if (exchange.cors !== null && isCorsField(name)) continue;
    if (hasClassicLimitHeaders && isClassicLimitField(name)) continue;
    if (deprecationFields !== null && isDeprecationField(name)) continue;
    if (Array.isArray(value)) for (const one of value) headers.push(name, one);
    else headers.push(name, value);
  }
  headers.push('via', `${via}1.1 tollgate`, 'tollgate-request-id', exchange.requestId);
  pushLimitHeaders(headers, gateway, exchange);
  pushReceipt(headers, exchange, judgement);
  if (exchange.cacheUse !== null) headers.push('cache-status', exchange.cacheUse.status);
  pushDeprecationHeaders(headers, version);
  pushVersionVary(headers, version);
  pushCorsHeaders(headers, exchange);
  if (status === 101) headers.push('connection', 'upgrade', 'upgrade', 'websocket');
  else if (closesConnection(gateway, exchange)) headers.push('connection', 'close');
  return headers;
}

/** Trailers follow a body in chunks, and in HTTP/2 one without a length: HTTP/1.0 has neither, and no answer to HEAD has a body. */
function hasPlaceForTrailers({ request }: Exchange, status: number, upstreamHeaders: IncomingHttpHeaders): boolean {
  if (request.httpVersionMajor === 1 && request.httpVersionMinor === 0) return false;
  return upstreamHeaders['content-length'] === undefined && !isWithoutBody(request.method!, status, upstreamHeaders);
}

/** A connection is kept unless somebody wants it closed, or the rest of a body is still coming in. */
export function closesConnection(gateway: GatewayCore, exchange: Exchange): boolean {
  const { head, request } = exchange;
  if (head.hasBody && !request.complete) {
    closeLingering(exchange);
    exchange.isLast = true;
  }
  if (gateway.isDraining) exchange.isLast = true;
  return exchange.isLast;
}

function nominatedBy(connection: string | string[] | undefined): readonly string[] | null {
  if (connection === undefined || connection === 'keep-alive') return null;
  return connectionTokens(Array.isArray(connection) ? connection.join(',') : connection);
}
