import { describe, expect, it } from 'vitest';
import type { UsageGroupBucket } from '../api/types.js';
import { breakdownChart, changeWords, groupsOf, totalOf } from './breakdown.js';
import { isUsageGrouping } from './usage-choices.js';

function aBucket(changes: Partial<UsageGroupBucket> = {}): UsageGroupBucket {
  return {
    at: '2026-11-22T10:00:00.000Z',
    group: 'a',
    meter: 'requests',
    eventCount: 1,
    quantity: '1',
    billableQuantity: '1',
    failedQuantity: '0',
    ...changes,
  };
}

const breakdown = {
  fromMs: Date.parse('2026-11-22T09:30:00Z'),
  toMs: Date.parse('2026-11-22T12:10:00Z'),
  bucket: 'hour' as const,
  groups: [
    { id: 'a', label: 'Quiet' },
    { id: 'b', label: 'Busy' },
    { id: 'c', label: 'Of another meter' },
  ],
  buckets: [
    aBucket({ quantity: '0.1' }),
    aBucket({ group: 'b', eventCount: 5, quantity: '5', billableQuantity: '3', failedQuantity: '2' }),
    aBucket({ group: 'b', at: '2026-11-22T12:00:00.000Z', eventCount: 2, quantity: '0.2' }),
    aBucket({ group: null, quantity: '7', eventCount: 70 }),
    aBucket({ group: 'c', meter: 'tiles' }),
  ],
};
const dayMs = 86_400_000;
const dayBefore = {
  ...breakdown,
  fromMs: breakdown.fromMs - dayMs,
  toMs: breakdown.toMs - dayMs,
  buckets: [aBucket({ at: '2026-11-21T10:00:00.000Z', group: 'gone', quantity: '4' })],
};

describe('a breakdown of usage', () => {
  it('has the busiest group of the meter first, and all others last', () => {
    const groups = groupsOf(breakdown, 'operation', 'requests');
    expect(groups.map(({ label }) => label)).toEqual(['Busy', 'Quiet', 'All others']);
  });

  it('has classes of status in their order, in the colours of all charts', () => {
    const groups = [
      { id: '5', label: '5xx' },
      { id: '2', label: '2xx' },
    ];
    const buckets = [aBucket({ group: '5', eventCount: 9 }), aBucket({ group: '2' })];
    expect(groupsOf({ ...breakdown, groups, buckets }, 'status', 'requests').map(({ color }) => color)).toEqual([
      '--tg-chart-ok',
      '--tg-chart-server',
    ]);
  });

  it('is drawn by group over the whole range, with what was one range earlier at the same place', () => {
    const chart = breakdownChart(breakdown, groupsOf(breakdown, 'operation', 'requests'), 'requests', dayBefore);
    expect(chart.bands.map(({ label, counts }) => [label, counts])).toEqual([
      ['Busy', [0, 5, 0, 0.2]],
      ['Quiet', [0, 0.1, 0, 0]],
      ['All others', [0, 7, 0, 0]],
    ]);
    expect(chart.previous).toEqual([0, 4, 0, 0]);
    expect(breakdownChart(breakdown, [], 'requests', undefined).previous).toBeUndefined();
  });

  it('adds up to exact totals, of a group and of all', () => {
    expect(totalOf(breakdown.buckets, 'requests', 'b')).toEqual({
      quantity: '5.2',
      billableQuantity: '4',
      failedQuantity: '2',
    });
    expect(totalOf(breakdown.buckets, 'requests').quantity).toBe('12.3');
    expect(totalOf(breakdown.buckets, 'requests', 'others').quantity).toBe('7');
  });

  it.each([
    ['10', '10', 'no change'],
    ['10', '0', 'new'],
    ['0', '10', '−100%'],
    ['112', '100', '+12%'],
    ['1035', '1000', '+3.5%'],
    ['1001', '1000', '+<1%'],
    ['2500', '100', '+2,400%'],
  ])('tells that %s after %s is %s', (now, then, words) => expect(changeWords(now, then)).toBe(words));

  it('knows its groupings', () => {
    expect([isUsageGrouping('operation'), isUsageGrouping('toString'), isUsageGrouping(1)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
