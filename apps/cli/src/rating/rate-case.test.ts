import { TollgateError } from '#domain';
import { describe, expect, it } from 'vitest';
import { rateCase } from './rate-case.js';
import { readCases } from './read-cases.js';

const base = { id: 'a', model: 'unit', currency: 'USD', params: { unit_amount: '0.001' }, quantity: '333' };

function answer(change: object): string {
  const [read] = readCases(JSON.stringify([{ ...base, ...change }]));
  if ('error' in read!) return read.error;
  try {
    return rateCase(read!.rated);
  } catch (error) {
    if (error instanceof TollgateError) return error.message;
    throw error;
  }
}

describe('a rating case', () => {
  it.each<[string, object, string]>([
    ['exact in major units', {}, '0.333'],
    ['settled when it says so', { tags: ['rounding'] }, '0.33'],
    ['settled in whole minor units', { amount_unit: 'minor', params: { unit_amount: '0.25' } }, '83'],
    ['in the minor unit of its currency', { currency: 'KWD', rounding: 'to the fils', quantity: '1.5' }, '0.002'],
    ['with a discount of the amount', { discounts: { percentage_discount: '50' } }, '0.1665'],
    ['with a maximum', { params: { unit_amount: '1', maximum_amount: '10' } }, '10'],
    ['up to a minimum', { params: { unit_amount: '0.001', minimum_amount: '1' } }, '1'],
    ['as a part of a period', { line_mode: 'mid_period_split', pre_period_quantity: '7' }, '0.333'],
    [
      'of values in minor units, event by event',
      {
        model: 'percentage',
        amount_unit: 'minor',
        params: { rate_percent: '1', fixed_amount_per_event: '30' },
        quantity: '3000',
        events: ['1000', '2000'],
      },
      '90',
    ],
    [
      'without a first flat amount for empty buckets',
      {
        model: 'graduated',
        params: { tiers: [{ up_to: null, unit_amount: '1', flat_amount: '9' }] },
        quantity: '2',
        quantity_buckets: ['0', '2'],
      },
      '11',
    ],
  ])('is rated %s', (_, change, expected) => {
    expect(answer(change)).toBe(expected);
  });

  it.each<[string, object, RegExp]>([
    ['a model that is not known', { model: 'stairs' }, /model/],
    [
      'a parameter that means nothing to the model',
      { params: { unit_amount: '1', per_event_min: '2' } },
      /per_event_min/,
    ],
    ['a field that is not known', { surcharge: '2' }, /surcharge/],
    ['a number that is none', { quantity: '1e3' }, /quantity: expected a decimal/],
    ['a currency that is none', { currency: 'usd' }, /ISO 4217/],
    [
      'tiers that do not ascend',
      { model: 'volume', params: { tiers: [{ up_to: '5' }, { up_to: '5' }] } },
      /Tiers ascend/,
    ],
    [
      'a fixed part without events',
      { model: 'percentage', params: { rate_percent: '1', fixed_amount_per_event: '1' } },
      /give "events"/,
    ],
    [
      'events that are not the quantity',
      { model: 'percentage', params: { rate_percent: '1' }, events: ['1'] },
      /not the sum of "events"/,
    ],
    ['buckets that are not the quantity', { quantity_buckets: ['1', '2'] }, /not the sum of "quantity_buckets"/],
    ['progress without phases', { line_mode: 'progressive' }, /progressive_phases/],
    ['a line mode that is not known', { line_mode: 'first_split' }, /line_mode/],
    ['units where it wants money', { amount_unit: 'units' }, /quantity_transform, and only there/],
    [
      'a maximum below the minimum',
      { params: { unit_amount: '1', minimum_amount: '5', maximum_amount: '2' } },
      /below the minimum/,
    ],
  ])('is refused for %s, and says where', (_, change, message) => {
    expect(answer(change)).toMatch(message);
  });

  it('is named by its place in the file when it has no id', () => {
    expect(readCases('{"cases": [{"model": "unit"}]}')).toEqual([{ id: 'case 1', error: expect.any(String) }]);
  });
});
