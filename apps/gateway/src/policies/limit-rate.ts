import type { NamedLimiter, SubscriptionTerms } from './subscription-terms.js';

/** `within` all windows, or the window that is full. */
export type RateVerdict = 'within' | NamedLimiter;

/** Takes one call from every window of the plan, or from none. */
export function takeRate({ limiters }: SubscriptionTerms, nowMs: number): RateVerdict {
  for (let index = 0; index < limiters.length; index++) {
    if (limiters[index]!.limiter.tryTake(nowMs)) continue;
    for (let taken = 0; taken < index; taken++) limiters[taken]!.limiter.giveBack(nowMs);
    return limiters[index]!;
  }
  return 'within';
}

/** Gives back what `takeRate` took at that instant: a refusal that came later spends nothing. */
export function giveBackRate({ limiters }: SubscriptionTerms, takenAtMs: number): void {
  for (const { limiter } of limiters) limiter.giveBack(takenAtMs);
}
