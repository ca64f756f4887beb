/**
 * How a short window is counted. `sliding_window`: never more than `limit` in any window, whenever it begins.
 * `fixed_window`: never more than `limit` in a window that begins at a multiple of its length since 1970 UTC, and so up
 * to twice as many around its border. `gcra`: never more than burst + rate · t in any span of t, rate = limit / window.
 */
export type RateAlgorithm = 'sliding_window' | 'fixed_window' | 'gcra';

/**
 * Who counts. `local`: each gateway on its own. `shared`: the shared store, asked for every call. `leased`: the shared
 * store, in blocks that a gateway spends from its memory.
 */
export type RatePolicy = 'local' | 'shared' | 'leased';

/**
 * Whose calls share a counter. All are kept apart by product; `ip` (an IPv6 address counts by its /64 network) and
 * `header` (the value of a named field) by subscription.
 */
export type LimitScope = 'subscription' | 'organization' | 'application' | 'key' | 'ip' | 'header';

/** What short windows do while the shared store is away. `local`: each gateway admits its share of the limit. */
export type WithoutStore = 'fail_open' | 'fail_closed' | 'local';

/** A short window. What is absent is as `rateLimitDefaults` and `burst` = `limit`. */
export interface RateLimitDefinition {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly algorithm?: RateAlgorithm | undefined;
  readonly policy?: RatePolicy | undefined;
  readonly scope?: LimitScope | undefined;
  /** The field that `header` scope counts by; only and always with it. */
  readonly header?: string | undefined;
  /** Calls that may come at once; only with `gcra`. */
  readonly burst?: number | undefined;
}

/** At most `limit` calls of a scope under way at the same time; each gateway admits its share, rounded up. */
export interface ConcurrencyDefinition {
  readonly limit: number;
  readonly scope?: LimitScope | undefined;
  readonly header?: string | undefined;
}

export const rateLimitDefaults = {
  algorithm: 'sliding_window',
  policy: 'leased',
  scope: 'subscription',
  withoutStore: 'local',
} as const satisfies {
  algorithm: RateAlgorithm;
  policy: RatePolicy;
  scope: LimitScope;
  withoutStore: WithoutStore;
};
