import { LATENCY_BUCKETS, latencyOfBucket } from './latency-buckets.js';

/** How many calls took how long: the buckets that have some, ascending, and how many each has. */
export interface LatencyHistogram {
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** Percentiles of times in milliseconds, each at most 5 % off from 0.1 ms to ten minutes. */
export interface LatencyPercentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** One histogram of all that some have; the order is of no account, and neither is how they were put together before. */
export function mergeLatencies(histograms: Iterable<LatencyHistogram>): LatencyHistogram {
  const all = new Float64Array(LATENCY_BUCKETS);
  for (const { buckets, counts } of histograms)
    for (let index = 0; index < buckets.length; index++) all[buckets[index]!]! += counts[index]!;
  return sparseLatencies(all, 0);
}

/** The histogram that `LATENCY_BUCKETS` numbers of an array are, from an offset on. */
export function sparseLatencies(numbers: Float64Array | Uint32Array, offset: number): LatencyHistogram {
  const buckets: number[] = [];
  const counts: number[] = [];
  for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
    const count = numbers[offset + bucket]!;
    if (count === 0) continue;
    buckets.push(bucket);
    counts.push(count);
  }
  return { buckets, counts };
}

/**
 * The time in milliseconds that a share of the calls, such as 0.95, did not exceed, by the nearest rank: within `LATENCY_ERROR` of
 * what sorting all times would give. Null for no calls.
 */
export function latencyPercentile({ buckets, counts }: LatencyHistogram, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let passed = 0;
  for (let index = 0; index < buckets.length; index++) {
    passed += counts[index]!;
    if (passed >= rank) return latencyOfBucket(buckets[index]!);
  }
  return latencyOfBucket(buckets.at(-1)!);
}

/** The percentiles that people look at, to four digits; null for no calls. */
export function latencyPercentiles(histogram: LatencyHistogram): LatencyPercentiles | null {
  const at = (share: number): number => Number((latencyPercentile(histogram, share) ?? 0).toPrecision(4));
  if (histogram.buckets.length === 0) return null;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
