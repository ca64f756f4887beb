import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The field that proves by HTTP/1.1 that the server has read the request; HTTP/2 has none, so that the gateway answers to it. */
export const WEBSOCKET_KEY = 'sec-websocket-key';
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Sixteen bytes in base64 (RFC 6455 §4.1). */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
/** What HTTP/2 says by its own means, or not at all. */
const OF_HTTP1 = new Set(['sec-websocket-accept', 'content-length', 'transfer-encoding', 'connection', 'upgrade']);

/** True for what a client may send in Sec-WebSocket-Key. */
export function isWebSocketKey(text: string | null): boolean {
  return text !== null && KEY.test(text);
}

/** The fields of a request for WebSocket by HTTP/1.1 as HTTP/2 has them (RFC 8441 §5), and the key that is none of them. */
export function withoutKey(fields: readonly string[]): { readonly fields: string[]; readonly key: string } {
  const rest: string[] = [];
  let key = '';
  for (let index = 0; index < fields.length; index += 2) {
    if (fields[index] === WEBSOCKET_KEY) key = fields[index + 1]!;
    else rest.push(fields[index]!, fields[index + 1]!);
  }
  return { fields: rest, key };
}

/** The fields of the answer that switches by HTTP/1.1, which proves that the key was read. */
export function switchingFields(headers: IncomingHttpHeaders, key: string): IncomingHttpHeaders {
  const fields = Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_HTTP1.has(name)));
  const accept = createHash('sha1').update(key + GUID);
  return { ...fields, 'sec-websocket-accept': accept.digest('base64') };
}
