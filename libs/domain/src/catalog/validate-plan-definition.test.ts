import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPlanDefinition } from '../../../../test/support/plan-arbitraries.js';
import type {
  MeterPrice,
  PercentagePrice,
  PlanDefinition,
  PriceModel,
  PriceTier,
  QuotaDefinition,
} from './plan-definition.js';
import type { RateLimitDefinition } from './rate-limit-definition.js';
import { validatePlanDefinition } from './validate-plan-definition.js';

const meters = ['requests', 'tokens'];
const pro: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29.00',
  prices: [
    { meter: 'requests', included: '1000', price: { model: 'per_unit', unitAmount: '0.0025' } },
    {
      meter: 'tokens',
      included: '0',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
          { upTo: null, unitAmount: '0.005', flatAmount: '1' },
        ],
      },
    },
  ],
  rateLimits: [{ name: 'per minute', limit: 100, windowSeconds: 60 }],
  quotas: [{ name: 'monthly', meter: 'requests', limit: 100_000, enforcement: 'hard' }],
};

const paths = (change: Partial<PlanDefinition>) =>
  validatePlanDefinition({ ...pro, ...change }, meters).map(({ path }) => path);
const tierPaths = (...tiers: [upTo: string | null, unitAmount?: string, flatAmount?: string][]) =>
  paths({
    prices: [
      {
        meter: 'requests',
        included: '0',
        price: {
          model: 'graduated',
          tiers: tiers.map(([upTo, unitAmount = '1', flatAmount = '0']): PriceTier => ({
            upTo,
            unitAmount,
            flatAmount,
          })),
        },
      },
    ],
  });
const rateLimit = (change: Partial<RateLimitDefinition>) => ({ ...pro.rateLimits[0]!, ...change });
const quota = (change: Partial<QuotaDefinition>) => ({ ...pro.quotas[0]!, ...change });

describe('validatePlanDefinition', () => {
  it('finds no fault in a complete plan, nor in an empty free one', () => {
    expect(validatePlanDefinition(pro, meters)).toEqual([]);
    expect(paths({ fixedFee: '0', prices: [], rateLimits: [], quotas: [] })).toEqual([]);
  });

  it('finds no fault in any generated plan', () => {
    fc.assert(
      fc.property(aPlanDefinition(meters), (plan) => {
        expect(validatePlanDefinition(plan, meters)).toEqual([]);
      }),
    );
  });

  it('reports every fault at once, each with its path and what is expected', () => {
    const faults = validatePlanDefinition(
      {
        currency: 'usd',
        billingInterval: 'month',
        fixedFee: '-1',
        prices: [
          { meter: 'rows', included: 'many', price: { model: 'per_unit', unitAmount: '1e-3' } },
          { meter: 'rows', included: '0', price: { model: 'graduated', tiers: [] } },
        ],
        rateLimits: [{ name: '', limit: 0, windowSeconds: 0 }],
        quotas: [{ name: '"', meter: 'rows', limit: 1.5, enforcement: 'soft' }],
      },
      meters,
    );
    expect(faults).toEqual([
      { path: 'currency', message: expect.stringContaining('ISO 4217') },
      { path: 'fixedFee', message: expect.stringContaining('"-1" is not a decimal') },
      { path: 'prices[0].meter', message: 'The API product has no meter "rows". Its meters: requests, tokens.' },
      { path: 'prices[0].included', message: expect.stringContaining('"many" is not a decimal') },
      { path: 'prices[0].price.unitAmount', message: expect.stringContaining('no exponent') },
      { path: 'prices[1].meter', message: expect.stringContaining('no meter "rows"') },
      { path: 'prices[1].price.tiers', message: 'A graduated price needs at least one tier.' },
      { path: 'prices[1].meter', message: '"rows" is at prices[0].meter already: a meter has one price.' },
      { path: 'rateLimits[0].name', message: expect.stringContaining('1 to 64') },
      { path: 'rateLimits[0].limit', message: expect.stringContaining('whole number from 1') },
      { path: 'rateLimits[0].windowSeconds', message: expect.stringContaining('from 1 to 86400') },
      { path: 'quotas[0].name', message: expect.stringContaining('without quotes') },
      { path: 'quotas[0].meter', message: expect.stringContaining('no meter "rows"') },
      { path: 'quotas[0].limit', message: expect.stringContaining('whole number from 1') },
    ]);
  });

  describe('of the fixed fee', () => {
    it.each([
      ['USD', '29.005', ['fixedFee']],
      ['USD', '29.000', []],
      ['JPY', '100.5', ['fixedFee']],
      ['JPY', '100.0', []],
      ['KWD', '1.234', []],
      ['KWD', '1.2345', ['fixedFee']],
      ['USD', '999999999999.99', []],
      ['USD', '1000000000000', ['fixedFee']],
    ])('in %s, %s has the faults %j', (currency, fixedFee, expected) => {
      expect(paths({ currency, fixedFee })).toEqual(expected);
    });

    it('blames only the currency when that is unknown', () => {
      expect(paths({ currency: 'ZZZ', fixedFee: '0.123456' })).toEqual(['currency']);
    });
  });

  describe('of tiers', () => {
    const tiers = 'prices[0].price.tiers';

    it('requires the last to be open', () => {
      expect(tierPaths(['10'], ['20'])).toEqual([`${tiers}[1].upTo`]);
    });

    it('refuses an open one in the middle', () => {
      expect(tierPaths(['10'], [null], [null])).toEqual([`${tiers}[1].upTo`]);
    });

    it.each([
      ['equal', '10'],
      ['equal in value', '10.0'],
      ['descending', '9'],
    ])('refuses %s bounds', (_, second) => {
      expect(tierPaths(['10'], [second], [null])).toEqual([`${tiers}[1].upTo`]);
    });

    it('compares bounds as numbers, not as text', () => {
      expect(tierPaths(['9'], ['10'], ['100.5'], [null])).toEqual([]);
    });

    it('refuses a first tier that no unit fits into', () => {
      expect(tierPaths(['0'], [null])).toEqual([`${tiers}[0].upTo`]);
    });

    it('refuses amounts and bounds that are not decimals, and does not blame the neighbours', () => {
      expect(tierPaths(['x', '1', '-1'], ['10', '0.1234567890123'], [null, '1', ''])).toEqual([
        `${tiers}[0].upTo`,
        `${tiers}[0].flatAmount`,
        `${tiers}[1].unitAmount`,
        `${tiers}[2].flatAmount`,
      ]);
    });
  });

  describe('of limits', () => {
    it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses a limit of %d', (limit) => {
      expect(paths({ rateLimits: [rateLimit({ limit })] })).toEqual(['rateLimits[0].limit']);
      expect(paths({ quotas: [quota({ limit })] })).toEqual(['quotas[0].limit']);
    });

    it.each([1, Number.MAX_SAFE_INTEGER])('accepts a limit of %d', (limit) => {
      expect(paths({ rateLimits: [rateLimit({ limit })], quotas: [quota({ limit })] })).toEqual([]);
    });

    it.each([0, -1, 0.5, 86_401, Number.NaN])('refuses a window of %d s', (windowSeconds) => {
      expect(paths({ rateLimits: [rateLimit({ windowSeconds })] })).toEqual(['rateLimits[0].windowSeconds']);
    });

    it.each([1, 86_400])('accepts a window of %d s', (windowSeconds) => {
      expect(paths({ rateLimits: [rateLimit({ windowSeconds })] })).toEqual([]);
    });

    it.each<[Partial<RateLimitDefinition>, string[]]>([
      [{ algorithm: 'fixed_window', policy: 'shared', scope: 'organization' }, []],
      [{ algorithm: 'gcra', burst: 5 }, []],
      [{ algorithm: 'gcra' }, []],
      [{ burst: 5 }, ['rateLimits[0].burst']],
      [{ algorithm: 'fixed_window', burst: 5 }, ['rateLimits[0].burst']],
      [{ algorithm: 'gcra', burst: 0 }, ['rateLimits[0].burst']],
      [{ algorithm: 'gcra', burst: 1.5 }, ['rateLimits[0].burst']],
      [{ algorithm: 'gcra', burst: 2 ** 40 }, ['rateLimits[0].burst']],
      [{ scope: 'header', header: 'X-Tenant' }, []],
      [{ scope: 'header' }, ['rateLimits[0].header']],
      [{ scope: 'header', header: 'x tenant' }, ['rateLimits[0].header']],
      [{ scope: 'header', header: 'Authorization' }, ['rateLimits[0].header']],
      [{ scope: 'ip', header: 'x-tenant' }, ['rateLimits[0].header']],
      [{ header: 'x-tenant' }, ['rateLimits[0].header']],
    ])('of a rate limit with %j finds faults at %j', (change, expected) => {
      expect(paths({ rateLimits: [rateLimit(change)] })).toEqual(expected);
    });

    it('checks the concurrency limit alike', () => {
      expect(paths({ concurrency: { limit: 4, scope: 'key' } })).toEqual([]);
      expect(paths({ concurrency: { limit: 0 } })).toEqual(['concurrency.limit']);
      expect(paths({ concurrency: { limit: 1, scope: 'header' } })).toEqual(['concurrency.header']);
    });

    it('refuses a quota on a meter of another API product', () => {
      expect(paths({ quotas: [quota({ meter: 'rows' })] })).toEqual(['quotas[0].meter']);
    });
  });

  describe('of names', () => {
    it('refuses the same name twice, among rate limits, among quotas and between them', () => {
      expect(paths({ rateLimits: [rateLimit({}), rateLimit({ windowSeconds: 1 })] })).toEqual(['rateLimits[1].name']);
      expect(paths({ quotas: [quota({}), quota({ meter: 'tokens' })] })).toEqual(['quotas[1].name']);
      expect(paths({ quotas: [quota({ name: 'per minute' })] })).toEqual(['quotas[0].name']);
    });

    it('allows two quotas of one meter: a soft one that tells and a hard one that refuses', () => {
      expect(paths({ quotas: [quota({}), quota({ name: 'warning', enforcement: 'soft', limit: 80_000 })] })).toEqual(
        [],
      );
    });

    it.each(['', ' ', ' a', 'a ', 'a"b', 'a\\b', 'é', 'a\n', 'a'.repeat(65)])('refuses %j', (name) => {
      expect(paths({ rateLimits: [rateLimit({ name })] })).toEqual(['rateLimits[0].name']);
    });

    it.each(['a', 'per minute', 'requests/day', 'a'.repeat(64)])('accepts %j', (name) => {
      expect(paths({ rateLimits: [rateLimit({ name })] })).toEqual([]);
    });
  });

  it('refuses a fee that the payment provider cannot take', () => {
    const dinars = { currency: 'KWD', roundingStepMinor: 10, prices: [] };
    expect(paths({ ...dinars, fixedFee: '1.230' })).toEqual([]);
    expect(paths({ ...dinars, fixedFee: '1.235' })).toEqual(['fixedFee']);
  });

  it.each<[string, Partial<MeterPrice>, string]>([
    ['a conversion by nothing', { conversion: { operation: 'divide', factor: '0', round: 'up' } }, 'conversion.factor'],
    ['a discount above the price', { discountPercent: '100.01' }, 'discountPercent'],
    ['a percentage with more places than are exact', { discountPercent: '0.00000000001' }, 'discountPercent'],
    ['a minimum finer than the currency', { minimumAmount: '1.005' }, 'minimumAmount'],
    ['a minimum that no invoice can hold', { minimumAmount: '1000000000000' }, 'minimumAmount'],
    [
      'a price that no invoice can hold',
      { price: aPackage({ packageAmount: '1000000000000' }) },
      'price.packageAmount',
    ],
    ['a maximum below the minimum', { minimumAmount: '5', maximumAmount: '4.99' }, 'maximumAmount'],
    ['a package of nothing', { price: aPackage({ packageSize: '0' }) }, 'price.packageSize'],
    ['a price that is none', { price: aPackage({ packageAmount: '-1' }) }, 'price.packageAmount'],
    ['a volume price without tiers', { price: { model: 'volume', tiers: [] } }, 'price.tiers'],
    ['half an event free', { price: aPercentage({ freeEvents: '0.5' }) }, 'price.freeEvents'],
    [
      'bounds that exclude each other',
      { price: aPercentage({ minimumPerEvent: '2', maximumPerEvent: '1' }) },
      'price.maximumPerEvent',
    ],
    ['included units of a percentage', { included: '1', price: aPercentage({}) }, 'included'],
    [
      'converted units of a percentage',
      { conversion: { operation: 'divide', factor: '2', round: 'up' }, price: aPercentage({}) },
      'conversion',
    ],
    [
      'a tier of a percentage that is none',
      { price: { model: 'graduated_percentage', tiers: [{ upTo: null, ratePercent: 'ten', flatAmount: '0' }] } },
      'price.tiers[0].ratePercent',
    ],
    ['a multiplier that is none', { price: { model: 'dynamic', multiplier: '1,5' } }, 'price.multiplier'],
  ])('refuses %s and points at the field', (_, change, path) => {
    const price: MeterPrice = {
      meter: 'requests',
      included: '0',
      price: { model: 'per_unit', unitAmount: '1' },
      ...change,
    };
    expect(paths({ prices: [price] })).toEqual([`prices[0].${path}`]);
  });
});

function aPackage(change: Partial<Extract<PriceModel, { model: 'package' }>>): PriceModel {
  return { model: 'package', packageSize: '10', packageAmount: '1', round: 'up', ...change };
}

function aPercentage(change: Partial<PercentagePrice>): PriceModel {
  return { model: 'percentage', ratePercent: '2.9', ...change };
}
