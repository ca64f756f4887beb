import { describe, expect, it } from 'vitest';
import { type MeterAggregates, addedQuantity, aggregatedQuantity, joinAggregates } from './meter-aggregates.js';

const before: MeterAggregates = { count: '3', sum: '30', max: '20', last: '4', lastEvent: 'b', unique: '2' };
const late: MeterAggregates = { count: '2', sum: '7.5', max: '5', last: '2.5', lastEvent: 'a', unique: '1' };

describe('the aggregates of a meter', () => {
  it('give the quantity that the aggregation names', () => {
    const quantities = (['count', 'sum', 'max', 'last', 'unique'] as const).map((aggregation) =>
      aggregatedQuantity(before, aggregation),
    );
    expect(quantities).toEqual(['3', '30', '20', '4', '2']);
  });

  it('of two spans are those of all their events, in either order', () => {
    const all = { count: '5', sum: '37.5', max: '20', last: '4', lastEvent: 'b', unique: '3' };
    expect(joinAggregates(before, late)).toEqual(all);
    expect(joinAggregates(late, before)).toEqual(all);
  });

  it('that come late add what their period then counts more', () => {
    expect(addedQuantity(before, late, 'sum')).toBe('7.5');
    expect(addedQuantity(before, late, 'count')).toBe('2');
    expect(addedQuantity(before, late, 'unique')).toBe('1');
    expect(addedQuantity(before, late, 'max')).toBe('0');
    expect(addedQuantity(before, { ...late, max: '25' }, 'max')).toBe('5');
    expect(addedQuantity(before, late, 'last')).toBe('0');
    expect(addedQuantity(before, { ...late, last: '9', lastEvent: 'c' }, 'last')).toBe('5');
  });

  it('that come late never take units away', () => {
    expect(addedQuantity(before, { ...late, last: '1', lastEvent: 'c' }, 'last')).toBe('0');
  });
});
