/** How requests are shared among the targets of an upstream. */
export const BALANCINGS = ['round-robin', 'least-requests', 'consistent-hash'] as const;

export type Balancing = (typeof BALANCINGS)[number];

/** What of a caller can choose its target. */
export const CALLER_HASH_KEYS = ['organization', 'application', 'client-address'] as const;

/** What a call is hashed by: who calls, or the value of a header field or a cookie. */
export type HashKey = (typeof CALLER_HASH_KEYS)[number] | { readonly header: string } | { readonly cookie: string };

/** One of several places where an upstream is. */
export interface UpstreamTarget {
  readonly url: string;
  /** Its share among the others, of the same subset where there are some. */
  readonly weight: number;
  /** The subset that it is in, where the upstream has some. */
  readonly subset?: string | undefined;
}
