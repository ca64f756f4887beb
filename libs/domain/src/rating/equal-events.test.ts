import { describe, expect, it } from 'vitest';
import type { PercentagePrice } from '../catalog/plan-definition.js';
import { tallyOfEqualEvents } from './equal-events.js';
import { EventCounter } from './event-tally.js';

const percentage = { model: 'percentage', ratePercent: '2' } as const;
const prices: readonly PercentagePrice[] = [
  percentage,
  { ...percentage, fixedAmount: '0.3' },
  { ...percentage, fixedAmount: '0.3', minimumPerEvent: '1' },
  { ...percentage, fixedAmount: '0.3', maximumPerEvent: '0.4' },
  { ...percentage, freeEvents: '3', minimumPerEvent: '1' },
  { ...percentage, freeEvents: '100' },
  { ...percentage, freeAmount: '45', fixedAmount: '0.3' },
  { ...percentage, freeAmount: '0', fixedAmount: '0.3' },
  { ...percentage, freeAmount: '1000', fixedAmount: '0.3' },
  { ...percentage, freeEvents: '2', freeAmount: '45' },
  { ...percentage, freeEvents: '9', freeAmount: '45' },
];

describe('events of which only number and sum are known', () => {
  it.each(prices)('are tallied as if they were worth the same: %j', (price) => {
    for (const [count, worth] of [
      [0, '0'],
      [1, '12.5'],
      [7, '12.5'],
      [7, '0'],
      [7, '200'],
    ] as const) {
      const counter = new EventCounter(price);
      for (let index = 0; index < count; index++) counter.add(worth);
      const value = counter.tally().value;
      expect(tallyOfEqualEvents(String(count), value, price)).toEqual(counter.tally());
    }
  });

  it('keep their sum where it does not divide', () => {
    expect(tallyOfEqualEvents('3', '10', { ...percentage, freeEvents: '3' })).toMatchObject({
      value: '10',
      freeEvents: '3',
      freeValue: '10',
    });
    expect(tallyOfEqualEvents('3', '10', { ...percentage, freeEvents: '1' })).toMatchObject({
      value: '10',
      freeValue: '3.333333333333',
    });
  });

  it('are as quick for a thousand million of them', () => {
    const price = { ...percentage, fixedAmount: '0.3', freeEvents: '10' };
    expect(tallyOfEqualEvents('1000000000', '2000000000', price)).toMatchObject({ freeEvents: '10', freeValue: '20' });
  });
});
