import { describe, expect, it } from 'vitest';
import { DurationHistogram } from './duration-histogram.js';

describe('a histogram of durations', () => {
  it('counts each duration into all buckets that hold it', () => {
    const histogram = new DurationHistogram('tollgate_test_seconds', 'Test.');
    for (const durationMs of [0, 1, 1.5, 30_000, 40_000]) histogram.observe(durationMs);
    const lines = histogram.text().split('\n');
    expect(lines[0]).toBe('# HELP tollgate_test_seconds Test.');
    expect(lines).toContain('tollgate_test_seconds_bucket{le="0.001"} 2');
    expect(lines).toContain('tollgate_test_seconds_bucket{le="0.0025"} 3');
    expect(lines).toContain('tollgate_test_seconds_bucket{le="30"} 4');
    expect(lines).toContain('tollgate_test_seconds_bucket{le="+Inf"} 5');
    expect(lines).toContain('tollgate_test_seconds_sum 70.0025');
    expect(lines).toContain('tollgate_test_seconds_count 5');
  });
});
