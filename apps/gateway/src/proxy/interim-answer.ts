import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';
import { isRewrittenInResponses } from './header-names.js';

/** Of all interim answers of a call together: they wait in memory for a caller who is slow to take them. */
const mostBytes = 8 * 1024;

/**
 * Passes an interim answer of the upstream (RFC 9110 §15.2), such as 103 Early Hints (RFC 8297), to a caller by HTTP/2. Callers by
 * HTTP/1.1 do not get it: many take the first head that comes for the answer, which is why RFC 8297 §3 leaves it to the server. A 100 is
 * ours to say. Where the publisher changes fields of answers, fields that nobody has changed do not pass.
 */
export function passInterimAnswer(exchange: Exchange, status: number, headers: IncomingHttpHeaders): void {
  const { response, operation } = exchange;
  if (status <= 101 || response.writeInterim === undefined) return;
  if ((operation!.transformation?.response ?? null) !== null) return;
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || isRewrittenInResponses(name) || name === 'content-length') continue;
    fields[name] = value;
    exchange.interimBytes += name.length + value.length;
    if (Array.isArray(value)) for (const one of value) exchange.interimBytes += one.length;
  }
  if (exchange.interimBytes <= mostBytes) response.writeInterim(status, fields);
}
