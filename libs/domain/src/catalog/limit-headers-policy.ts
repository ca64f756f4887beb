/** How the limits of a plan are told to callers of an API version, beside `RateLimit` and `RateLimit-Policy`. */
export interface LimitHeadersPolicy {
  /** Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) of the limit with the fewest units left. */
  readonly classicHeaders: boolean;
}
