import type { Outcome } from '#domain';
import { type Refusal, refusals } from '../responses/refusal.js';

/** Thrown at an upstream whose answer is not HTTP as we can pass it on. */
export class UpstreamAnswerError extends Error {}

/** Thrown at an upstream whose answer is larger than what may be changed, where it may not pass unchanged. */
export class AnswerTooLargeError extends Error {}

export interface UpstreamFault {
  readonly outcome: Extract<Outcome, 'upstream_refused' | 'upstream_timeout' | 'upstream_broke'>;
  readonly refusal: Refusal;
}

const refused: UpstreamFault = { outcome: 'upstream_refused', refusal: refusals.upstreamRefused };
const timedOut: UpstreamFault = { outcome: 'upstream_timeout', refusal: refusals.upstreamTimeout };
const tooLarge: UpstreamFault = { outcome: 'upstream_broke', refusal: refusals.responseTooLarge };
const broke: UpstreamFault = { outcome: 'upstream_broke', refusal: refusals.upstreamBroke };

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** What an error before the answer's head means. `wasReached`: at least a part of the request was sent. */
export function upstreamFault(error: Error, wasReached: boolean): UpstreamFault {
  if (error instanceof AnswerTooLargeError) return tooLarge;
  const code = 'code' in error ? String(error.code) : '';
  if (TIMEOUTS.has(code)) return timedOut;
  return wasReached ? broke : refused;
}
