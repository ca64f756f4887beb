/** What makes another attempt worth while, in Istio's words. */
export const RETRY_CONDITIONS = [
  /** Any 5xx, or no answer at all. */
  '5xx',
  /** 502, 503 or 504, or no answer at all. */
  'gateway-error',
  /** No connection: nothing was sent. */
  'connect-failure',
  /** The connection broke, or nothing came in time, before the head of an answer. */
  'reset',
  /** 409. */
  'retriable-4xx',
  /** One of `retriableStatusCodes`. */
  'retriable-status-codes',
] as const;

export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

/** Methods that may be repeated without harm (RFC 9110 §9.2.2). */
export const IDEMPOTENT_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

/** When and how often a request goes to the upstream again. The caller pays for one call, whatever the attempts. */
export interface RetryPolicy {
  /** How many times more than the first. */
  readonly attempts: number;
  readonly retryOn: readonly RetryCondition[];
  readonly retriableStatusCodes: readonly number[];
  readonly methods: readonly string[];
  /** Until the head of an answer, for each attempt; null for no bound but that of the whole. */
  readonly perTryTimeoutMs: number | null;
  /** Before the second attempt; doubles with each one more, at most ten times as long, less a random part. */
  readonly backOffMs: number;
  /** A request with a longer body is sent once only. */
  readonly maxReplayBytes: number;
  /** How many of the requests under way may be repeats; three always may. */
  readonly budgetPercent: number;
}
