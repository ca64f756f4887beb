import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATENCY_BUCKETS, LATENCY_ERROR, latencyBucket, latencyOfBucket } from './latency-buckets.js';
import {
  type LatencyHistogram,
  latencyPercentile,
  latencyPercentiles,
  mergeLatencies,
  sparseLatencies,
} from './latency-histogram.js';

const TEN_MINUTES_MS = 600_000;
// Times of calls are spread over magnitudes, not over milliseconds.
const time = fc.double({ min: Math.log(0.1), max: Math.log(TEN_MINUTES_MS), noNaN: true }).map(Math.exp);
const times = fc.array(time, { minLength: 1, maxLength: 300 });
const share = fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1);

function histogramOf(durations: readonly number[]): LatencyHistogram {
  const counts = new Uint32Array(LATENCY_BUCKETS);
  for (const duration of durations) counts[latencyBucket(duration)]! += 1;
  return sparseLatencies(counts, 0);
}

function exactPercentile(durations: readonly number[], of: number): number {
  const sorted = durations.toSorted((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(of * sorted.length)) - 1]!;
}

describe('percentiles from a histogram', () => {
  it('are within the stated error, under 5 %, of what sorting all times gives', () => {
    expect(LATENCY_ERROR).toBeLessThan(0.05);
    fc.assert(
      fc.property(times, share, (durations, of) => {
        const exact = exactPercentile(durations, of);
        const read = latencyPercentile(histogramOf(durations), of)!;
        expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(LATENCY_ERROR + 1e-9);
      }),
    );
  });

  it('stay within 5 % with the four digits that they are told with', () => {
    fc.assert(
      fc.property(times, (durations) => {
        const { p50Ms, p95Ms, p99Ms } = latencyPercentiles(histogramOf(durations))!;
        for (const [read, of] of [[p50Ms, 0.5] as const, [p95Ms, 0.95] as const, [p99Ms, 0.99] as const]) {
          const exact = exactPercentile(durations, of);
          expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(0.05);
        }
        expect(p50Ms).toBeLessThanOrEqual(p95Ms);
        expect(p95Ms).toBeLessThanOrEqual(p99Ms);
      }),
    );
  });

  it('are the same for parts that are merged, however they were cut and in whichever order', () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 6 }), (parts) => {
        const merged = mergeLatencies(parts.map(histogramOf));
        expect(merged).toEqual(histogramOf(parts.flat()));
        expect(mergeLatencies(parts.toReversed().map(histogramOf))).toEqual(merged);
        const [first, ...others] = parts.map(histogramOf);
        expect(mergeLatencies([mergeLatencies([first!]), mergeLatencies(others)])).toEqual(merged);
      }),
    );
  });

  it('are none for no calls', () => {
    expect(latencyPercentiles(mergeLatencies([]))).toBeNull();
    expect(latencyPercentile({ buckets: [], counts: [] }, 0.5)).toBeNull();
  });
});

describe('buckets of times', () => {
  it('take whatever a clock may give: nothing, below nothing, no number, and hours', () => {
    for (const odd of [0, -5, NaN, 0.1, 0.000_1]) expect(latencyBucket(odd)).toBe(0);
    for (const long of [TEN_MINUTES_MS * 2, 86_400_000, Infinity])
      expect(latencyBucket(long)).toBe(LATENCY_BUCKETS - 1);
    expect(latencyBucket(TEN_MINUTES_MS)).toBe(LATENCY_BUCKETS - 1);
  });

  it('ascend with the time, and so do the times that stand for them', () => {
    fc.assert(
      fc.property(time, time, (left, right) => {
        if (left <= right) expect(latencyBucket(left)).toBeLessThanOrEqual(latencyBucket(right));
      }),
    );
    for (let bucket = 1; bucket < LATENCY_BUCKETS; bucket++)
      expect(latencyOfBucket(bucket)).toBeGreaterThan(latencyOfBucket(bucket - 1));
  });
});
