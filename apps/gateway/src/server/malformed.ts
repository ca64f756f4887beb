import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { uuidV7TimeMs } from '#domain';
import type { GatewayCore } from '../gateway-core.js';
import { type Refusal, problemDocument } from '../responses/refusal.js';

/** In the place of a parser's error: somebody wants a tunnel. */
export const CONNECT_REFUSED = 'CONNECT_REFUSED';
/** Node's word for a head that does not come in time. */
export const REQUEST_TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

const refusal = (status: number, code: string, detail: string, headers: readonly string[] = []): Refusal => ({
  status,
  code,
  detail,
  reason: code,
  headers,
});

/** What the parser of HTTP/1.1 refuses, before there is a request. */
export const malformedRefusals = {
  notWellFormed: refusal(400, 'malformed_request', 'This is not a well-formed HTTP/1.1 request.'),
  tunnelRefused: refusal(405, 'method_not_allowed', 'This is no proxy for tunnels.', ['allow: ']),
  headersTooLarge: refusal(431, 'headers_too_large', 'The header fields are too long.'),
  chunkExtensionsTooLarge: refusal(413, 'body_too_large', 'The chunk extensions of the body are too long.'),
  requestTimeout: refusal(408, 'request_timeout', 'The request did not come in time.'),
};
const byCode: Readonly<Record<string, Refusal>> = {
  [CONNECT_REFUSED]: malformedRefusals.tunnelRefused,
  HPE_HEADER_OVERFLOW: malformedRefusals.headersTooLarge,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: malformedRefusals.chunkExtensionsTooLarge,
  [REQUEST_TIMEOUT]: malformedRefusals.requestTimeout,
};
/** Errors of the connection itself: nobody is there to be answered. */
const SILENT = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Answers what the parser could not read, and closes the connection: where the next request would begin is not known. */
export function answerMalformed(gateway: GatewayCore, socket: Socket, errorCode: string): void {
  if (!socket.writable || SILENT.has(errorCode)) {
    socket.destroy();
    return;
  }
  const answer = byCode[errorCode] ?? malformedRefusals.notWellFormed;
  gateway.metrics.countRefusal(answer);
  const requestId = gateway.ids.next();
  gateway.accessLog?.malformed(requestId, uuidV7TimeMs(requestId), answer);
  const body = problemDocument(answer, requestId);
  socket.end(
    [
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      `tollgate-request-id: ${requestId}`,
      ...answer.headers,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
