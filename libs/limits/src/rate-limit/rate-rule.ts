import type { RateAlgorithm } from '#domain';

/** What a short window allows. */
export interface RateRule {
  readonly algorithm: RateAlgorithm;
  readonly limit: number;
  readonly windowMs: number;
  /** Most units at once: of `gcra`; equal to `limit` for windows. */
  readonly burst: number;
}

/** The part of a rule that one of several gateways may admit alone; at least one unit. */
export function shareOf({ algorithm, limit, windowMs, burst }: RateRule, sharers: number): RateRule {
  const share = (units: number) => Math.max(1, Math.floor(units / Math.max(1, sharers)));
  return { algorithm, limit: share(limit), windowMs, burst: share(burst) };
}
