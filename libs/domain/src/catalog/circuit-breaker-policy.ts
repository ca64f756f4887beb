/** When an upstream is given a rest. */
export interface CircuitBreakerPolicy {
  /** So many 5xx, broken or missing answers in a row open the circuit; null for never. */
  readonly consecutiveFailures: number | null;
  /** How long it is open the first time; then one request tries, and each failure more makes it longer, up to ten times. */
  readonly openMs: number;
  /** More requests at once are refused; null for no bound. */
  readonly maxConcurrent: number | null;
}
