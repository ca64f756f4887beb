/** The upper bound of a bucket is so many times that of the one before. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** The upper bound of the first bucket. */
const LOWEST_MS = 0.1;

/** How many buckets there are: the last one ends at about ten minutes, and has all that took longer. */
export const LATENCY_BUCKETS = 165;

/**
 * How far a time that is read from its bucket may be off, as a share of the true one, from 0.1 ms to ten minutes. Shorter times
 * are off by 0.1 ms at most.
 */
export const LATENCY_ERROR = (GROWTH - 1) / (GROWTH + 1);

/** The bucket of a time in milliseconds, from 0 to `LATENCY_BUCKETS` − 1; the first for what is no time. */
export function latencyBucket(durationMs: number): number {
  if (!(durationMs > LOWEST_MS)) return 0;
  const bucket = Math.ceil(Math.log(durationMs / LOWEST_MS) / LOG_GROWTH);
  return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/**
 * The time in milliseconds that stands for all of a bucket: the one that is as far off from the shortest as from the longest of them
 * in proportion (Masson, Rim and Lee, "DDSketch", VLDB 2019).
 */
export function latencyOfBucket(bucket: number): number {
  if (bucket <= 0) return LOWEST_MS;
  return (2 * LOWEST_MS * GROWTH ** bucket) / (1 + GROWTH);
}
