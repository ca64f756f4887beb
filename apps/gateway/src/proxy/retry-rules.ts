import type { RetryPolicy } from '#domain';
import { UpstreamAnswerError } from './upstream-fault.js';

/** A retry policy as requests look it up. */
export interface RetryRules extends RetryPolicy {
  readonly onStatus: ReadonlySet<number>;
  readonly onConnectFailure: boolean;
  readonly onReset: boolean;
}

const GATEWAY_ERRORS = [502, 503, 504];
const SERVER_ERRORS = Array.from({ length: 100 }, (_, index) => 500 + index);

export function compileRetries(policy: RetryPolicy): RetryRules {
  const on = (...conditions: readonly string[]) => policy.retryOn.some((condition) => conditions.includes(condition));
  return {
    ...policy,
    onStatus: new Set([
      ...(on('5xx') ? SERVER_ERRORS : []),
      ...(on('gateway-error') ? GATEWAY_ERRORS : []),
      ...(on('retriable-4xx') ? [409] : []),
      ...(on('retriable-status-codes') ? policy.retriableStatusCodes : []),
    ]),
    onConnectFailure: on('5xx', 'gateway-error', 'connect-failure'),
    onReset: on('5xx', 'gateway-error', 'reset'),
  };
}

/** Whether an attempt that ended without the head of an answer may be followed by another. */
export function isRetriable(rules: RetryRules, error: Error, wasReached: boolean): boolean {
  if (error instanceof UpstreamAnswerError) return false;
  return wasReached ? rules.onReset : rules.onConnectFailure;
}

/** How long to wait before attempt `number` + 1: exponential, at most ten times the first, less a random part. */
export function backOffMs({ backOffMs: firstMs }: RetryPolicy, number: number, random: number): number {
  return Math.min(10, 2 ** (number - 1)) * firstMs * (1 - random);
}
