import type { Outcome } from '#domain';
import { type Refusal, refusals } from '../responses/refusal.js';

/** Thrown at an upstream that has not answered in the time of an attempt. */
export class AttemptTimeoutError extends Error {
  readonly code = 'UND_ERR_HEADERS_TIMEOUT';
}

/** Thrown at an upstream whose answer nobody waits for any more. */
export class GivenUpError extends Error {}

/** Thrown at an upstream whose answer is not HTTP as we can pass it on. */
export class UpstreamAnswerError extends Error {}

/** Thrown at an upstream whose answer is larger than what may be changed, where it may not pass unchanged. */
export class AnswerTooLargeError extends Error {}

/**
 * A translated stream that ends with a failure after its head has left. Its last words tell the client, so that the answer need not break
 * off to be known as a part: clients that see a connection break forget what came just before.
 */
export class BrokenStreamError extends Error {
  constructor(
    message: string,
    readonly lastWords: Buffer,
  ) {
    super(message);
  }
}

/** Thrown at an upstream that speaks HTTP/2 only and takes no extended CONNECT (RFC 8441), when somebody asks for WebSocket. */
export class NoWebSocketError extends UpstreamAnswerError {
  constructor(cause: Error) {
    super('the upstream takes no WebSocket: it has no extended CONNECT, and does not speak HTTP/1.1', { cause });
  }
}

export interface UpstreamFault {
  readonly outcome: Extract<
    Outcome,
    'upstream_refused' | 'upstream_timeout' | 'upstream_broke' | 'circuit_open' | 'body_too_large'
  >;
  readonly refusal: Refusal;
}

const refused: UpstreamFault = { outcome: 'upstream_refused', refusal: refusals.upstreamRefused };
/** The upstream is given a rest. */
export const circuitOpen: UpstreamFault = { outcome: 'circuit_open', refusal: refusals.circuitOpen };
const timedOut: UpstreamFault = { outcome: 'upstream_timeout', refusal: refusals.upstreamTimeout };
const tooLarge: UpstreamFault = { outcome: 'upstream_broke', refusal: refusals.responseTooLarge };
const withoutWebSocket: UpstreamFault = {
  outcome: 'upstream_refused',
  refusal: refusals.webSocketUnavailable,
};
const broke: UpstreamFault = { outcome: 'upstream_broke', refusal: refusals.upstreamBroke };

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** True when nothing came in time. */
export function isTimeout(error: Error): boolean {
  return TIMEOUTS.has('code' in error ? String(error.code) : '');
}

/** What the client is told at the end of an answer that broke; null where its connection breaks as well. */
export function lastWordsOf(error: Error): Buffer | null {
  return error instanceof BrokenStreamError ? error.lastWords : null;
}

/** What an error before the answer's head means. `wasReached`: at least a part of the request was sent. */
export function upstreamFault(error: Error, wasReached: boolean): UpstreamFault {
  if (error instanceof AnswerTooLargeError) return tooLarge;
  if (isTimeout(error)) return timedOut;
  if (error instanceof NoWebSocketError) return withoutWebSocket;
  return wasReached ? broke : refused;
}
