import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import type { Judgement } from '../metering/billability.js';
import { type Refusal, problemDocument } from '../responses/refusal.js';
import type { ClientResponse } from '../server/client-message.js';
import { isRewrittenInResponses } from './header-names.js';
import { responseHeaders } from './response-headers.js';

/**
 * What is still to be done for the client once the event is in the journal: `rest` of the upstream's answer, a `problem`
 * document, the last `part` of an answer that is cut, or `nothing` as the client is gone.
 */
export type Release = 'rest' | 'problem' | 'part' | 'nothing';

/** Completes the answer of the upstream. */
export function releaseRest({ response }: Exchange, lastChunk: Buffer | null, trailers: IncomingHttpHeaders): void {
  if (response.chunkedEncoding) addTrailers(response, trailers);
  if (lastChunk) response.end(lastChunk);
  else response.end();
}

/** The connection, in HTTP/2 the stream, ends before the answer is complete, so that nobody takes the part for the whole. */
export function releasePart({ response, socket, head }: Exchange, lastChunk: Buffer): void {
  if (head.isHttp2) return void response.write(lastChunk, () => response.destroy());
  response.write(lastChunk);
  response.flushHeaders();
  socket.destroySoon();
}

/** Answers instead of the upstream. `retryAfterMs`: when another try makes sense; 0 for not known. */
export function releaseProblem(
  gateway: GatewayCore,
  exchange: Exchange,
  refusal: Refusal,
  judgement: Judgement,
  retryAfterMs: number,
): void {
  const body = Buffer.from(problemDocument(refusal, exchange.requestId));
  const own: IncomingHttpHeaders = {
    'content-type': 'application/problem+json',
    'content-length': String(body.length),
  };
  if (retryAfterMs > 0) own['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
  exchange.response.writeHead(refusal.status, responseHeaders(gateway, exchange, refusal.status, judgement, own));
  exchange.response.end(body);
}

/** Trailers are passed on, but for fields that a trailer must not have (RFC 9110 §6.5.1) or that only we may set. */
function addTrailers(response: ClientResponse, trailers: IncomingHttpHeaders): void {
  const fields: [string, string][] = [];
  for (const name in trailers) {
    const value = trailers[name];
    if (value === undefined || isRewrittenInResponses(name) || name.startsWith('content-')) continue;
    fields.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  // All at once: Node's own response keeps those of the last call only.
  if (fields.length > 0) response.addTrailers(fields);
}
