import type { Outcome } from '#domain';
import { describe, expect, it } from 'vitest';
import { CLIENT_GONE_STATUS, judge, judgeHead } from './judge.js';

const live = (outcome: Outcome, status: number, wasUpstreamReached = true) =>
  judge({ outcome, status, wasUpstreamReached }, 'live');

describe('what is billable', () => {
  it.each<[Outcome, number, boolean, { billable: boolean; countsToQuota: boolean; reason: string }]>([
    ['delivered', 200, true, { billable: true, countsToQuota: true, reason: 'ok' }],
    ['delivered', 204, true, { billable: true, countsToQuota: true, reason: 'ok' }],
    ['delivered', 301, true, { billable: false, countsToQuota: false, reason: 'upstream_3xx' }],
    ['delivered', 304, true, { billable: false, countsToQuota: false, reason: 'upstream_3xx' }],
    ['delivered', 404, true, { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    ['delivered', 503, true, { billable: false, countsToQuota: false, reason: 'upstream_5xx' }],
    ['client_aborted', 200, true, { billable: true, countsToQuota: true, reason: 'client_aborted' }],
    ['client_aborted', 404, true, { billable: false, countsToQuota: false, reason: 'upstream_4xx' }],
    ['client_aborted', CLIENT_GONE_STATUS, true, { billable: false, countsToQuota: true, reason: 'client_aborted' }],
    ['client_aborted', CLIENT_GONE_STATUS, false, { billable: false, countsToQuota: false, reason: 'client_aborted' }],
    ['upstream_refused', 502, false, { billable: false, countsToQuota: false, reason: 'upstream_refused' }],
    ['upstream_timeout', 504, true, { billable: false, countsToQuota: false, reason: 'upstream_timeout' }],
    ['upstream_broke', 200, true, { billable: false, countsToQuota: false, reason: 'upstream_broke' }],
  ])('%s with %i', (outcome, status, wasUpstreamReached, expected) => {
    expect(live(outcome, status, wasUpstreamReached)).toEqual(expected);
  });

  it('is nothing with a test key', () => {
    expect(judge({ outcome: 'delivered', status: 200, wasUpstreamReached: true }, 'test')).toEqual({
      billable: false,
      countsToQuota: false,
      reason: 'test_mode',
    });
  });

  it('is on the receipt as it is in the event when all is delivered', () => {
    for (const status of [200, 204, 302, 404, 500]) expect(judgeHead(status, 'live')).toBe(live('delivered', status));
  });
});
