import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal } from '../../../../test/support/plan-arbitraries.js';
import type { PercentagePrice } from '../catalog/plan-definition.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { EventCounter, needsEvents, noEvents } from './event-tally.js';
import { ratePercentage } from './percentage.js';
import { priceUnits } from './price-units.js';

const price = (terms: Partial<PercentagePrice>): PercentagePrice => ({
  model: 'percentage',
  ratePercent: '10',
  ...terms,
});

function tally(terms: Partial<PercentagePrice>, events: readonly string[]) {
  const counter = new EventCounter(price(terms));
  for (const value of events) counter.add(value);
  return counter.tally();
}

const amount = (terms: Partial<PercentagePrice>, events: readonly string[]) =>
  ratePercentage(tally(terms, events), price(terms)).amount.toFixed();

describe('ratePercentage', () => {
  it.each<[string, Partial<PercentagePrice>, string[], string]>([
    ['a share of each value', {}, ['20', '5'], '2.5'],
    ['a fixed part for each event, of no value too', { fixedAmount: '1' }, ['20', '0'], '4'],
    ['at least the minimum, the fixed part counted in', { fixedAmount: '1', minimumPerEvent: '5' }, ['20', '90'], '15'],
    ['at most the maximum', { maximumPerEvent: '5' }, ['20', '90'], '7'],
    ['nothing for the first events', { freeEvents: '2', fixedAmount: '1' }, ['50', '60', '70'], '8'],
    [
      'nothing for the first value, the fixed part of a divided event',
      { freeAmount: '30', fixedAmount: '1' },
      ['20', '20'],
      '2',
    ],
    ['what is free while both have room', { freeEvents: '1', freeAmount: '100' }, ['20', '20'], '2'],
  ])('charges %s', (_, terms, events, expected) => {
    expect(amount(terms, events)).toBe(expected);
  });

  it('shows what is free, the share, the fixed parts and what minimum and maximum change', () => {
    const terms = { freeEvents: '1', fixedAmount: '1', minimumPerEvent: '3', maximumPerEvent: '5' };
    const { breakdown } = ratePercentage(tally(terms, ['7', '10', '90']), price(terms));
    expect(breakdown.map(({ basis, units, amount: part }) => [basis, units, part])).toEqual([
      ['included', '7', '0'],
      ['percentage', '100', '10'],
      ['event', '2', '2'],
      ['event_minimum', '0', '1'],
      ['event_maximum', '0', '-5'],
    ]);
  });

  it('is the sum of what each event costs, worked out in another way', () => {
    const someTerms = fc.record({
      fixedAmount: aDecimal(5n),
      minimumPerEvent: aDecimal(5n),
      spread: aDecimal(50n),
      freeEvents: fc.option(fc.integer({ min: 0, max: 5 }).map(String), { nil: undefined }),
    });
    fc.assert(
      fc.property(someTerms, fc.array(aDecimal(500n), { maxLength: 12 }), ({ spread, ...terms }, events) => {
        const maximumPerEvent = new Big(terms.minimumPerEvent).plus(spread).toFixed();
        const paying = events.slice(Number(terms.freeEvents ?? 0));
        const expected = paying.reduce((sum, value) => {
          const raw = new Big(value).div(10).plus(terms.fixedAmount);
          const atLeast = raw.lt(terms.minimumPerEvent) ? new Big(terms.minimumPerEvent) : raw;
          return sum.plus(atLeast.gt(maximumPerEvent) ? maximumPerEvent : atLeast);
        }, new Big(0));
        expect(amount({ ...terms, maximumPerEvent }, events)).toBe(expected.toFixed());
      }),
    );
  });

  it('charges what came later as the difference that it makes', () => {
    const terms = { freeEvents: '1', fixedAmount: '1', minimumPerEvent: '3' };
    const before = tally(terms, ['7', '10']);
    const all = tally(terms, ['7', '10', '90']);
    expect(ratePercentage(all, price(terms), before).amount.toFixed()).toBe('10');
    expect(ratePercentage(before, price(terms), before).breakdown).toEqual([]);
  });

  it('refuses units alone where single events decide, and takes them where they do not', () => {
    const span = { from: new Big(0), to: new Big(50) };
    expect(priceUnits(span, price({ freeAmount: '20' })).amount.toFixed()).toBe('3');
    expect(needsEvents(price({ fixedAmount: '1' }))).toBe(true);
    expect(() => priceUnits(span, price({ fixedAmount: '1' }))).toThrow(InvalidError);
    expect(tally({}, [])).toEqual(noEvents);
  });
});
