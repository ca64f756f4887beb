import { describe, expect, it } from 'vitest';
import type { UsageBucket } from '../api/types.js';
import { isUsageRangeName, meterName, meterTotals, metersIn, trafficColumns } from './series.js';

function aBucket(changes: Partial<UsageBucket> = {}): UsageBucket {
  return {
    at: '2026-11-22T10:00:00.000Z',
    meter: 'requests',
    quantity: '1',
    billable: true,
    statusClass: 2,
    eventCount: 1,
    ...changes,
  };
}

function aSeries(buckets: UsageBucket[]) {
  return {
    fromMs: Date.parse('2026-11-22T09:30:00Z'),
    toMs: Date.parse('2026-11-22T12:10:00Z'),
    bucket: 'hour' as const,
    buckets,
  };
}

describe('calls that no meter counts', () => {
  it('come behind all meters, however many they are, and have a name of their own', () => {
    const buckets = [
      aBucket({ meter: '', eventCount: 9 }),
      aBucket({ meter: 'a' }),
      aBucket({ meter: 'b', eventCount: 2 }),
    ];
    expect(metersIn(buckets)).toEqual(['b', 'a', '']);
    expect(metersIn(buckets).map(meterName)).toEqual(['b', 'a', 'calls without units']);
  });
});

describe('trafficColumns', () => {
  it('shows silent hours as zero and covers the whole range', () => {
    const columns = trafficColumns(aSeries([aBucket({ quantity: '5' })]), 'requests');
    expect(columns.atSeconds.map((at) => new Date(at * 1000).toISOString().slice(11, 16))).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
    ]);
    expect(columns.succeeded).toEqual([0, 5, 0, 0]);
  });

  it('adds billable and unbillable buckets and separates errors', () => {
    const columns = trafficColumns(
      aSeries([
        aBucket({ quantity: '5' }),
        aBucket({ quantity: '2', billable: false, statusClass: 3 }),
        aBucket({ quantity: '1', statusClass: 4 }),
        aBucket({ quantity: '4', statusClass: 5 }),
        aBucket({ meter: 'tiles', quantity: '100' }),
        aBucket({ at: '2026-11-21T10:00:00Z', quantity: '9' }),
      ]),
      'requests',
    );
    expect(columns.succeeded[1]).toBe(7);
    expect(columns.clientErrors[1]).toBe(1);
    expect(columns.serverErrors[1]).toBe(4);
  });

  it('is one empty bucket for an empty range', () => {
    const empty = { fromMs: 0, toMs: 0, bucket: 'day' as const, buckets: [] };
    expect(trafficColumns(empty, 'requests').succeeded).toEqual([0]);
  });
});

describe('meterTotals', () => {
  it('adds decimals without losing a digit', () => {
    const buckets = [
      aBucket({ quantity: '0.1' }),
      aBucket({ quantity: '0.2' }),
      aBucket({ quantity: '90071992547409931' }),
    ];
    expect(meterTotals(buckets)[0]?.quantity).toBe('90071992547409931.3');
  });

  it('keeps what is billable and what failed apart', () => {
    const buckets = [aBucket({ quantity: '8' }), aBucket({ quantity: '2', billable: false, statusClass: 5 })];
    expect(meterTotals(buckets)).toEqual([
      { meter: 'requests', quantity: '10', billableQuantity: '8', failedQuantity: '2' },
    ]);
  });

  it('is empty without usage', () => {
    expect(meterTotals([])).toEqual([]);
  });
});

it('puts the busiest meter first', () => {
  expect(metersIn([aBucket(), aBucket({ meter: 'tiles', eventCount: 9 })])).toEqual(['tiles', 'requests']);
});

it('knows its ranges', () => {
  expect([isUsageRangeName('7d'), isUsageRangeName('toString'), isUsageRangeName(7)]).toEqual([true, false, false]);
});
