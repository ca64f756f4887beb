import type { Mode, Outcome } from '#domain';

/** What an admitted request that ended so means for money and quota. */
export interface Judgement {
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  /** In a word, for the event and the receipt. */
  readonly reason: string;
}

export interface Ending {
  readonly outcome: Outcome;
  /** What the client got, or would have got. */
  readonly status: number;
  /** The request was sent, at least in part. */
  readonly wasUpstreamReached: boolean;
}

/** The status of a request whose client went away before there was one; for the record only. */
export const CLIENT_GONE_STATUS = 499;

const judgement = (reason: string, billable: boolean, countsToQuota: boolean): Judgement =>
  Object.freeze({ reason, billable, countsToQuota });

const ok = judgement('ok', true, true);
const testMode = judgement('test_mode', false, false);
const abortedAfterHead = judgement('client_aborted', true, true);
const abortedUnderWay = judgement('client_aborted', false, true);
const abortedBefore = judgement('client_aborted', false, false);
const byStatusClass = {
  3: judgement('upstream_3xx', false, false),
  4: judgement('upstream_4xx', false, false),
  5: judgement('upstream_5xx', false, false),
} as const;
const byOutcome = {
  upstream_refused: judgement('upstream_refused', false, false),
  upstream_timeout: judgement('upstream_timeout', false, false),
  upstream_broke: judgement('upstream_broke', false, false),
  body_too_large: judgement('body_too_large', false, false),
} as const;

/**
 * The billability table. A 2xx that the upstream delivered is billed, also when the client leaves before its end; nothing
 * else is. A call that reached the upstream counts into quotas although its client left before the answer.
 */
export function judge({ outcome, status, wasUpstreamReached }: Ending, mode: Mode): Judgement {
  if (mode === 'test') return testMode;
  switch (outcome) {
    case 'delivered':
      return judgeStatus(status);
    case 'client_aborted':
      if (status === CLIENT_GONE_STATUS) return wasUpstreamReached ? abortedUnderWay : abortedBefore;
      return status < 300 ? abortedAfterHead : judgeStatus(status);
    case 'upstream_refused':
    case 'upstream_timeout':
    case 'upstream_broke':
    case 'body_too_large':
      return byOutcome[outcome];
  }
}

/** What the receipt says when the head leaves: as if the rest will be delivered. */
export function judgeHead(status: number, mode: Mode): Judgement {
  return mode === 'test' ? testMode : judgeStatus(status);
}

function judgeStatus(status: number): Judgement {
  if (status < 300) return ok;
  if (status < 400) return byStatusClass[3];
  return status < 500 ? byStatusClass[4] : byStatusClass[5];
}
