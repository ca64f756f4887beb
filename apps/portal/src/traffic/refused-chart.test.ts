import { describe, expect, it } from 'vitest';
import type { RefusedCalls } from '../api/types.js';
import { refusalWords } from './refusal-words.js';
import { refusedChart } from './refused-chart.js';

const report = (counts: readonly (readonly [string, string, number])[]): RefusedCalls => ({
  from: '2026-11-29T10:20:00.000Z',
  to: '2026-11-29T13:20:00.000Z',
  bucket: 'hour',
  calls: 0,
  buckets: counts.map(([at, code, calls]) => ({ at: `2026-11-29T${at}:00:00.000Z`, code, status: 429, calls })),
  kinds: [],
});

describe('the chart of refused calls', () => {
  it('has a band for each code, the most frequent first, and quiet hours', () => {
    const chart = refusedChart(
      report([
        ['10', 'quota_exceeded', 1],
        ['10', 'rate_limit_exceeded', 3],
        ['12', 'rate_limit_exceeded', 2],
      ]),
    );
    expect(chart.atSeconds.map((at) => new Date(at * 1000).getUTCHours())).toEqual([10, 11, 12, 13]);
    expect(chart.bands.map(({ label, counts }) => [label, counts])).toEqual([
      ['Too many calls in a short time', [3, 0, 2, 0]],
      ['The quota of the period is used', [1, 0, 0, 0]],
    ]);
  });

  it('puts the rare ones together', () => {
    const codes = Array.from({ length: 9 }, (_, index) => ['11', `code_${index}`, 10 - index] as const);
    const { bands } = refusedChart(report(codes));
    expect(bands).toHaveLength(7);
    expect(bands.at(-1)).toMatchObject({ label: 'All others', counts: [0, 4 + 3 + 2, 0, 0] });
  });

  it('has words for a code that nobody thought of', () => {
    expect(refusalWords('tea_pot')).toMatchObject({ title: 'Tea pot' });
  });
});
