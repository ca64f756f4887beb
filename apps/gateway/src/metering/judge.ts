import type { Outcome, Route } from '#domain';
import type { Billability, Judgement } from './billability.js';
import { CLIENT_GONE_STATUS } from './client-gone-status.js';

export interface Ending {
  readonly outcome: Outcome;
  /** What the client got, or would have got. */
  readonly status: number;
  /** The request was sent, at least in part. */
  readonly wasUpstreamReached: boolean;
  /** The publisher's rule says that this 2xx is an error. */
  readonly isSoftError: boolean;
}

/** What a request that ended so means under the plan's billability table. */
export function judge(ending: Ending, table: Billability, operation: Route): Judgement {
  const { status } = ending;
  if (status === 101) return table.webSocket;
  switch (ending.outcome) {
    case 'delivered':
      return judgeHead(status, table, operation, ending.isSoftError);
    case 'client_aborted':
      if (status === CLIENT_GONE_STATUS) {
        return ending.wasUpstreamReached ? table.abortedBeforeHead : table.abortedBeforeUpstream;
      }
      return afterHead(ending, table, operation, table.abortedAfterHead);
    case 'upstream_broke':
      if (status >= 200 && status < 300) return table.brokenAfterHead;
      return table.upstreamBroke;
    case 'cut_at_maximum':
      return afterHead(ending, table, operation, table.cutAtMaximum);
    case 'checkpoint':
      return afterHead(ending, table, operation, table.checkpoint);
    case 'interrupted':
      return afterHead(ending, table, operation, table.interrupted);
    case 'cache_hit':
      return afterHead(ending, table, operation, table.cacheHit);
    case 'mocked':
      return table.mocked;
    case 'replayed':
      return table.replayed;
    case 'upstream_refused':
      return table.upstreamRefused;
    case 'upstream_timeout':
      return table.upstreamTimeout;
    case 'circuit_open':
      return table.circuitOpen;
    case 'body_too_large':
      return table.bodyTooLarge;
  }
}

/** What an answer with this head means if all of it is delivered. */
export function judgeHead(status: number, table: Billability, operation: Route, isSoftError: boolean): Judgement {
  if (status === 101) return table.webSocket;
  if (status < 300) return isSoftError ? table.softError : table.ok;
  if (status < 400) return table.redirect;
  return status < 500 ? table.clientError(operation) : table.serverError;
}

/** An answer that was under way: a 2xx is judged by how it ended, another one by its status. */
function afterHead(ending: Ending, table: Billability, operation: Route, of2xx: Judgement): Judgement {
  if (ending.status >= 300) return judgeHead(ending.status, table, operation, false);
  return ending.isSoftError ? table.softError : of2xx;
}
