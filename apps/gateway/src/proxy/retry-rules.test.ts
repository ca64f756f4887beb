import { IDEMPOTENT_METHODS, RETRY_CONDITIONS, type RetryCondition, type RetryPolicy } from '#domain';
import { describe, expect, it } from 'vitest';
import { backOffMs, compileRetries, isRetriable } from './retry-rules.js';
import { UpstreamAnswerError } from './upstream-fault.js';

const policy = (...retryOn: readonly RetryCondition[]): RetryPolicy => ({
  attempts: 3,
  retryOn,
  retriableStatusCodes: [418],
  methods: IDEMPOTENT_METHODS,
  perTryTimeoutMs: null,
  backOffMs: 100,
  maxReplayBytes: 0,
  budgetPercent: 20,
});

/** By condition: the statuses that are retried, whether no connection is, and whether a broken one is. */
const words: Readonly<Record<RetryCondition, readonly [readonly number[], boolean, boolean]>> = {
  '5xx': [[500, 501, 502, 503, 504, 599], true, true],
  'gateway-error': [[502, 503, 504], true, true],
  'connect-failure': [[], true, false],
  reset: [[], false, true],
  'retriable-4xx': [[409], false, false],
  'retriable-status-codes': [[418], false, false],
};

describe('a retry condition', () => {
  it.each(RETRY_CONDITIONS)('%s means what it means in Istio', (condition) => {
    const [statuses, onConnectFailure, onReset] = words[condition];
    const rules = compileRetries(policy(condition));
    const all = [200, 304, 400, 404, 409, 418, 429, 500, 501, 502, 503, 504, 599];
    expect(all.filter((status) => rules.onStatus.has(status))).toEqual(statuses);
    expect(isRetriable(rules, new Error('refused'), false)).toBe(onConnectFailure);
    expect(isRetriable(rules, new Error('reset'), true)).toBe(onReset);
    expect(isRetriable(rules, new UpstreamAnswerError('status 999'), true)).toBe(false);
  });
});

describe('the wait before another attempt', () => {
  it('doubles up to ten times the first, less a random part', () => {
    const longest = [1, 2, 3, 4, 5, 6, 10].map((number) => backOffMs(policy('5xx'), number, 0));
    expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
    expect(backOffMs(policy('5xx'), 2, 0.75)).toBe(50);
  });
});
