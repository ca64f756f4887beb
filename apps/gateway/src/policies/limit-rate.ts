import type { RateWindow, TakeVerdict } from '#limits';
import type { Exchange } from '../exchange.js';
import type { SubscriptionTerms } from './subscription-terms.js';

/** `within` all windows; one is `full`, or cannot be asked and the plan refuses then; or some must be waited for. */
export type RateVerdict = 'within' | 'full' | 'unavailable' | 'unknown';

export interface RateVerdictWaiter {
  onRateVerdict(verdict: Exclude<RateVerdict, 'unknown'>): void;
}

/** The short windows that a request of these terms counts into. */
export function windowsOf({ windows, rateLimits }: SubscriptionTerms, exchange: Exchange): readonly RateWindow[] {
  return windows ?? rateLimits.map((limit) => limit.windowOf(exchange));
}

/**
 * Takes one call from every window of the request, or from none. After `unknown`, those that know have taken it, and
 * `waitForRate` must be called.
 */
export function takeRate(exchange: Exchange, nowMs: number): RateVerdict {
  const { windows } = exchange;
  exchange.rateTakenMs = nowMs;
  let result: RateVerdict = 'within';
  for (let index = 0; index < windows.length; index++) {
    const verdict = windows[index]!.tryTake(nowMs);
    noteVerdict(exchange, index, verdict);
    if (verdict === 'unknown') result = 'unknown';
    else if (verdict !== 'taken') {
      giveBackRate(exchange);
      return verdict;
    }
  }
  return result;
}

/** Asks the windows that did not know; the waiter is told once, when all have answered. */
export function waitForRate(exchange: Exchange, waiter: RateVerdictWaiter): void {
  const { windows, takenWindows, rateTakenMs } = exchange;
  const waitedMs: number[] = [];
  exchange.waitedMs = waitedMs;
  let result: Exclude<RateVerdict, 'unknown'> = 'within';
  let unknown = windows.length;
  const note = (verdict: Exclude<TakeVerdict, 'unknown'>): void => {
    if (verdict !== 'taken' && result !== 'full') result = verdict;
    if (--unknown > 0) return;
    if (result !== 'within') giveBackRate(exchange);
    waiter.onRateVerdict(result);
  };
  for (const [index, window] of windows.entries()) {
    if (takenWindows & (1 << index)) {
      unknown--;
      continue;
    }
    window.wait(rateTakenMs, {
      onTakeVerdict: (verdict, takenAtMs) => {
        waitedMs[index] = takenAtMs;
        noteVerdict(exchange, index, verdict);
        note(verdict);
      },
    });
  }
}

/** Gives back what was taken: a refusal that came later spends nothing. */
export function giveBackRate(exchange: Exchange): void {
  const { windows, takenWindows, rateTakenMs, waitedMs } = exchange;
  exchange.takenWindows = 0;
  for (let index = 0; index < windows.length; index++) {
    if (takenWindows & (1 << index)) windows[index]!.giveBack(waitedMs?.[index] ?? rateTakenMs);
  }
}

function noteVerdict(exchange: Exchange, index: number, verdict: TakeVerdict): void {
  if (verdict === 'taken') exchange.takenWindows |= 1 << index;
  else if (verdict === 'full') exchange.fullWindows |= 1 << index;
}

export interface Violation {
  /** The names of the windows that are full. */
  readonly names: readonly string[];
  /** Until each of them has a unit again, rounded up; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Which windows a request violates that was refused because one of them is full. */
export function violationOf({ account, windows, fullWindows }: Exchange, nowMs: number): Violation {
  const full = account!.terms!.rateLimits.flatMap(({ name }, index) => {
    const window = windows[index]!;
    if (!(fullWindows & (1 << index)) && window.remaining(nowMs) > 0) return [];
    return [{ name, waitMs: window.nextUnitInMs(nowMs) }];
  });
  const waitMs = Math.max(1, ...full.map((window) => window.waitMs));
  return { names: full.map(({ name }) => name), retryAfterSeconds: Math.ceil(waitMs / 1000) };
}
