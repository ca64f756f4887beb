import { describe, expect, it } from 'vitest';
import type { Aggregation } from '../catalog/aggregation.js';
import { type MeterAggregates, billedQuantity, joinAggregates } from './meter-aggregates.js';

const before: MeterAggregates = { count: '3', sum: '30', max: '20', last: '4', lastEvent: 'b', unique: '2' };
const late: MeterAggregates = { count: '2', sum: '7.5', max: '5', last: '2.5', lastEvent: 'a', unique: '1' };

describe('the aggregates of a meter', () => {
  it('give the quantity that the aggregation names', () => {
    const quantities = (['count', 'sum', 'max', 'last', 'unique'] as const).map((aggregation) =>
      billedQuantity([before], aggregation),
    );
    expect(quantities).toEqual(['3', '30', '20', '4', '2']);
  });

  it('of two spans are those of all their events, in either order', () => {
    const all = { count: '5', sum: '37.5', max: '20', last: '4', lastEvent: 'b', unique: '3' };
    expect(joinAggregates(before, late)).toEqual(all);
    expect(joinAggregates(late, before)).toEqual(all);
  });

  it('are billed as what the period counts in all', () => {
    expect(billedQuantity([], 'sum')).toBe('0');
    const billed = (span: MeterAggregates, aggregation: Aggregation) => billedQuantity([before, span], aggregation);
    expect(billed(late, 'sum')).toBe('37.5');
    expect(billed(late, 'count')).toBe('5');
    expect(billed(late, 'unique')).toBe('3');
    expect(billed(late, 'max')).toBe('20');
    expect(billed({ ...late, max: '25' }, 'max')).toBe('25');
    expect(billed(late, 'last')).toBe('4');
    expect(billed({ ...late, last: '9', lastEvent: 'c' }, 'last')).toBe('9');
  });

  it('that come late never take units away, so that what comes after them adds to what was billed', () => {
    const lower = { ...late, last: '1', lastEvent: 'c' };
    expect(billedQuantity([before, lower], 'last')).toBe('4');
    expect(billedQuantity([before, lower, { ...late, last: '5', lastEvent: 'd' }], 'last')).toBe('5');
    expect(billedQuantity([before, lower, { ...late, last: '3', lastEvent: 'd' }], 'last')).toBe('4');
  });
});
