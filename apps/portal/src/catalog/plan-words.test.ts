import { describe, expect, it } from 'vitest';
import type { Plan, PlanDefinition } from '../api/types.js';
import {
  chargedLines,
  chargedWords,
  includedWords,
  priceHeadline,
  quotaReached,
  quotaWords,
  rateLimitWords,
  shortLimitWords,
  startingPriceWords,
  usageLines,
  usageWords,
} from './plan-words.js';
import { meterPriceWords } from './price-words.js';

const meters = [{ slug: 'requests', title: 'Requests', unit: 'request' }];

function aDefinition(changes: Partial<PlanDefinition> = {}): PlanDefinition {
  return {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '0',
    prices: [],
    rateLimits: [],
    quotas: [],
    ...changes,
  };
}

function aPlan(free: boolean, definition: PlanDefinition): Plan {
  return {
    id: 'p',
    slug: 'p',
    title: 'P',
    summary: '',
    free,
    version: { id: 'v', number: 1, definition, billability: [], operations: null },
  };
}

describe('prices in words', () => {
  it('name the rate with all its digits', () => {
    const words = meterPriceWords(
      { meter: 'requests', included: '10000', price: { model: 'per_unit', unitAmount: '0.0025' } },
      'USD',
      'request',
    );
    expect(words).toEqual(['$0.0025 per request']);
  });

  it('give each tier its span, rate and flat amount', () => {
    const tiers = [
      { upTo: '10000', unitAmount: '0.004', flatAmount: '0' },
      { upTo: '50000', unitAmount: '0.002', flatAmount: '5' },
      { upTo: null, unitAmount: '0', flatAmount: '0' },
    ];
    const words = meterPriceWords(
      { meter: 'r', included: '0', price: { model: 'graduated', tiers } },
      'EUR',
      'look-up',
    );
    expect(words).toEqual([
      'First 10,000: EUR 0.004 per look-up',
      'Up to 50,000: EUR 0.002 per look-up plus EUR 5.00 once',
      'Above 50,000: no charge',
    ]);
  });

  it('say that a free plan needs no card', () => {
    expect(priceHeadline(aPlan(true, aDefinition()))).toEqual({ amount: 'Free', per: 'no card needed' });
    expect(priceHeadline(aPlan(false, aDefinition({ fixedFee: '29' }))).amount).toBe('$29.00');
    expect(priceHeadline(aPlan(false, aDefinition({ currency: 'JPY' }))).amount).toBe('JPY 0');
  });

  it('keep a tier that is free, but no meter that is', () => {
    const free = { meter: 'rows', included: '0', price: { model: 'per_unit', unitAmount: '0' } } as const;
    const tiers = [
      { upTo: '1000', unitAmount: '0', flatAmount: '0' },
      { upTo: null, unitAmount: '0.01', flatAmount: '0' },
    ];
    const tiered = { meter: 'requests', included: '0', price: { model: 'graduated', tiers } } as const;
    expect(chargedLines(aDefinition({ prices: [tiered] }), meters)).toEqual([
      'First 1,000: no charge',
      'Above 1,000: $0.01 per request',
    ]);
    expect(chargedLines(aDefinition({ prices: [free] }), meters)).toEqual([]);
    expect(chargedLines(aDefinition({ prices: [free, tiered] }), meters)).toEqual([
      'Requests: first 1,000: no charge',
      'Requests: above 1,000: $0.01 per request',
    ]);
  });

  it('start at the lowest fee', () => {
    const free = aPlan(true, aDefinition());
    const paid = (fixedFee: string) => aPlan(false, aDefinition({ fixedFee }));
    expect(startingPriceWords([free, paid('199.00'), paid('29.00')])).toBe('Free plan, then from $29.00 a month');
    expect(startingPriceWords([paid('0')])).toBe('Pay for usage only');
    expect(startingPriceWords([free])).toBe('Free');
  });
});

describe('limits in words', () => {
  it('name common windows and spell out others', () => {
    const limit = (windowSeconds: number) => rateLimitWords({ name: 'burst', limit: 100, windowSeconds });
    expect([1, 60, 3600, 120, 90].map(limit)).toEqual([
      '100 requests per second',
      '100 requests per minute',
      '100 requests per hour',
      '100 requests per 2 minutes',
      '100 requests per 90 seconds',
    ]);
  });

  it('say for whom they count, how, and how many calls may be under way', () => {
    const rateLimits = [
      { name: 'a', limit: 60, windowSeconds: 60, algorithm: 'fixed_window' as const, scope: 'organization' as const },
      { name: 'b', limit: 1, windowSeconds: 1, algorithm: 'gcra' as const, burst: 20, scope: 'key' as const },
      { name: 'c', limit: 5, windowSeconds: 1, scope: 'header' as const, header: 'x-tenant' },
    ];
    const concurrency = { limit: 10, scope: 'ip' as const };
    expect(shortLimitWords(aDefinition({ rateLimits, concurrency }))).toEqual([
      '60 requests per minute for the whole organization, by the clock',
      '1 request per second for each key, at an even pace, 20 requests at once',
      '5 requests per second for each value of x-tenant',
      '10 calls under way at once for each address',
    ]);
    expect(shortLimitWords(aDefinition())).toEqual([]);
  });

  it('tell a hard quota from a soft one', () => {
    const quota = { name: 'monthly', meter: 'requests', limit: 1000 };
    expect(quotaWords({ ...quota, enforcement: 'hard' }, meters)).toBe('1,000 requests a month, then refused');
    expect(quotaWords({ ...quota, enforcement: 'soft' }, meters)).toMatch(/never refused/);
  });

  it('find the hard quota that a quantity runs into', () => {
    const definition = aDefinition({
      quotas: [
        { name: 'soft', meter: 'requests', limit: 10, enforcement: 'soft' },
        { name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' },
      ],
    });
    expect(quotaReached(definition, { requests: 1000 })).toBeNull();
    expect(quotaReached(definition, { requests: 1001 })?.name).toBe('monthly');
  });
});

it('lists what is included and leaves out meters without', () => {
  const price = { model: 'per_unit', unitAmount: '0' } as const;
  const prices = [
    { meter: 'requests', included: '1000', price },
    { meter: 'tiles', included: '0', price },
  ];
  expect(includedWords(aDefinition({ prices }), meters)).toEqual(['1,000 requests a month']);
});

describe('usage in words', () => {
  const price = (meter: string, unitAmount: string) => ({
    meter,
    included: '0',
    price: { model: 'per_unit' as const, unitAmount },
    minimumAmount: '5',
  });

  it('names the meter of each line where the plan prices several', () => {
    expect(usageLines(aDefinition({ prices: [price('requests', '1'), price('rows', '2')] }), meters)).toEqual([
      'Requests: $1.00 per request',
      'Requests: at least $5.00 a month',
      'rows: $2.00 per unit',
      'rows: at least $5.00 a month',
    ]);
  });

  it('does not name the only one', () => {
    expect(usageWords(aDefinition({ prices: [price('requests', '1')] }), meters)).toMatchObject([{ title: null }]);
  });
});

it('says what is charged after a period', () => {
  const prices = [{ meter: 'requests', included: '0', price: { model: 'per_unit' as const, unitAmount: '0.01' } }];
  const after = 'Usage is charged at the end of each period.';
  expect(chargedWords(aDefinition({ prices }))).toBe(after);
  expect(chargedWords(aDefinition({ fixedFee: '29', fixedFeeDue: 'in_advance', prices }))).toBe(after);
  expect(chargedWords(aDefinition({ fixedFee: '29', prices }))).toBe(
    'The fixed fee and usage are charged at the end of each period.',
  );
  expect(chargedWords(aDefinition({ fixedFee: '29' }))).toBe('The fixed fee is charged at the end of each period.');
});
