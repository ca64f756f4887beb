import type { RateWindow } from '#limits';
import type { Exchange } from '../exchange.js';
import type { SubscriptionTerms } from './subscription-terms.js';

/** `within` all windows; one is `full`, or cannot be asked and the plan refuses then. */
export type RateVerdict = 'within' | 'full' | 'unavailable';

/** The short windows that a request of these terms counts into. */
export function windowsOf({ windows, rateLimits }: SubscriptionTerms, exchange: Exchange): readonly RateWindow[] {
  return windows ?? rateLimits.map((limit) => limit.windowOf(exchange));
}

/** Takes one call from every window of the request, or from none. */
export function takeRate(exchange: Exchange, nowMs: number): RateVerdict {
  const { windows } = exchange;
  exchange.rateTakenMs = nowMs;
  for (let index = 0; index < windows.length; index++) {
    const verdict = windows[index]!.tryTake(nowMs);
    if (verdict === 'taken') continue;
    for (let taken = 0; taken < index; taken++) windows[taken]!.giveBack(nowMs);
    return verdict;
  }
  return 'within';
}

/** Gives back what `takeRate` took: a refusal that came later spends nothing. */
export function giveBackRate({ windows, rateTakenMs }: Exchange): void {
  for (const window of windows) window.giveBack(rateTakenMs);
}

export interface Violation {
  /** The names of the windows that are full. */
  readonly names: readonly string[];
  /** Until each of them has a unit again, rounded up; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Which windows a request violates that was refused because one of them is full. */
export function violationOf({ account, windows }: Exchange, nowMs: number): Violation {
  const { rateLimits } = account!.terms!.planVersion.definition;
  const isFull = (window: RateWindow) => window.remaining(nowMs) < 1;
  const names = rateLimits.filter((_, index) => isFull(windows[index]!)).map(({ name }) => name);
  const waitMs = Math.max(...windows.filter(isFull).map((window) => window.nextUnitInMs(nowMs)), 1);
  return { names, retryAfterSeconds: Math.ceil(waitMs / 1000) };
}
