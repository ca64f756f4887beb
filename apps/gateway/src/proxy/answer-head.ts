import type { IncomingHttpHeaders } from 'node:http';
import type { ClientResponse } from '../server/client-message.js';
import { UpstreamAnswerError } from './upstream-fault.js';

/** Another coding of the transfer was not asked for, and would pass for what is in the body. */
const KNOWN_CODING = /^(?:chunked|identity)$/i;

/** Why a final answer with this head cannot be passed on; null when it can. */
export function answerFault(status: number, headers: IncomingHttpHeaders): UpstreamAnswerError | null {
  if (status > 599) return new UpstreamAnswerError(`status ${status}`);
  const coding = headers['transfer-encoding'];
  if (coding === undefined || KNOWN_CODING.test(String(coding))) return null;
  return new UpstreamAnswerError(`transfer-encoding ${String(coding)}`);
}

/** True for an answer that has no body, whatever comes. */
export function isWithoutBody(method: string, status: number, headers: IncomingHttpHeaders): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || headers['content-length'] === '0';
}

/** Writes the head for the client. @throws UpstreamAnswerError where a field of it cannot be written. */
export function passHead(response: ClientResponse, status: number, fields: string[]): void {
  try {
    response.writeHead(status, fields);
  } catch (error) {
    throw new UpstreamAnswerError('the head cannot be passed on', { cause: error });
  }
}
