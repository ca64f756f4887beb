import { describe, expect, it } from 'vitest';
import type { MeterPrice } from '../api/types.js';
import { meterPriceWords } from './price-words.js';

const tiers = [
  { upTo: '100', unitAmount: '2', flatAmount: '10' },
  { upTo: null, unitAmount: '1', flatAmount: '0' },
];

describe('what a price says it costs', () => {
  it.each<[string, Partial<MeterPrice>, string[]]>([
    [
      'volume',
      { price: { model: 'volume', tiers } },
      ['Up to 100, for all of them: $2.00 per token plus $10.00 once', 'Above 100, for all of them: $1.00 per token'],
    ],
    [
      'a flat amount that is due anyway',
      { price: { model: 'graduated', tiers, flatWithoutUsage: true } },
      ['First 100: $2.00 per token plus $10.00 once', 'Above 100: $1.00 per token', '$10.00 is due without usage too'],
    ],
    [
      'packages',
      { price: { model: 'package', packageSize: '1000', packageAmount: '5', round: 'up' } },
      ['$5.00 per package of 1,000 tokens, each one begun'],
    ],
    [
      'a percentage with all its terms',
      {
        price: {
          model: 'percentage',
          ratePercent: '1.4',
          fixedAmount: '0.25',
          freeEvents: '10',
          freeAmount: '500',
          minimumPerEvent: '0.5',
          maximumPerEvent: '20',
        },
      },
      [
        '1.4% of the value of each call plus $0.25',
        'At least $0.50, at most $20.00 for each call',
        'First 10 calls, and of those the first $500.00 of a month free',
      ],
    ],
    [
      'a graduated percentage',
      {
        price: {
          model: 'graduated_percentage',
          tiers: [
            { upTo: '1000', ratePercent: '2', flatAmount: '0' },
            { upTo: null, ratePercent: '1', flatAmount: '3' },
          ],
        },
      },
      ['First $1,000.00: 2% of the value', 'Above $1,000.00: 1% of the value plus $3.00 once'],
    ],
    [
      'what calls cost by themselves',
      { price: { model: 'dynamic', multiplier: '1.2' } },
      ['What each call says × 1.2'],
    ],
    [
      'a conversion, discounts and bounds',
      {
        conversion: { operation: 'divide', factor: '1000', round: 'up' },
        discountUnits: '2',
        discountPercent: '10',
        minimumAmount: '5',
        maximumAmount: '50',
      },
      [
        '$2.00 per 1,000 tokens, rounded up',
        '2 taken off first',
        '10% discount',
        'At least $5.00 a month',
        'At most $50.00 a month',
      ],
    ],
  ])('tells %s', (_, change, words) => {
    const price: MeterPrice = {
      meter: 'tokens',
      included: '0',
      price: { model: 'per_unit', unitAmount: '2' },
      ...change,
    };
    expect(meterPriceWords(price, 'USD', 'token')).toEqual(words);
  });
});
