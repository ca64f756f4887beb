import type { Judgement } from '../metering/billability.js';
import type { Ending } from '../metering/judge.js';

/** An admitted call of which no report has come counts as if it had succeeded. */
export const unreportedEnding: Ending = {
  outcome: 'delivered',
  status: 200,
  wasUpstreamReached: true,
  isSoftError: false,
};

export const noTraffic = { bytesIn: 0, bytesOut: 0 };

/** What it means: that of a success, or nothing at all. */
export function unreportedJudgement(ofSuccess: Judgement, rule: 'bill' | 'release'): Judgement {
  if (rule === 'bill') return { ...ofSuccess, reason: 'unreported' };
  return { reason: 'unreported', billable: false, countsToQuota: false, meters: 'all', factor: '1' };
}
