import path from 'node:path';
import { type MeterPrice, type PlanDefinition, billabilityTable, isFreeOfCharge } from '#domain';
import { describe, expect, it } from 'vitest';
import { amountWords, quantityWords, unitWords } from './amounts.js';
import { chargeWords, planWords, startingPriceWords } from './plan-words.js';
import { callsWords, statusWords, usageWords } from './status-words.js';

/** A file of the portal, by a path: it has types of its own, which are those of browsers. */
const ofPortal = (file: string): Promise<Record<string, (...values: unknown[]) => unknown>> =>
  import(path.resolve(import.meta.dirname, '../../../../portal/src', file)) as never;

const definition = (parts: Partial<PlanDefinition> = {}): PlanDefinition => ({
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '0',
  prices: [],
  rateLimits: [],
  quotas: [],
  ...parts,
});
const priced = (price: MeterPrice['price'], parts: Partial<MeterPrice> = {}): PlanDefinition =>
  definition({ prices: [{ meter: 'requests', included: '0', price, ...parts }] });

const meters = [
  { slug: 'requests', title: 'Requests', unit: 'request' },
  { slug: 'tokens', title: 'Tokens', unit: 'entry' },
];
const tier = (upTo: string | null, unitAmount: string, flatAmount = '0') => ({ upTo, unitAmount, flatAmount });
const share = (upTo: string | null, ratePercent: string, flatAmount = '0') => ({ upTo, ratePercent, flatAmount });

const PLANS: readonly PlanDefinition[] = [
  definition(),
  definition({ fixedFee: '29.00', fixedFeeDue: 'in_advance', setupFee: '25', currency: 'EUR' }),
  definition({ fixedFee: '290', billingInterval: 'year', trial: { days: 14, quotas: [], withoutCard: 'cancel' } }),
  definition({
    trial: { days: 1, quotas: [], withoutCard: 'cancel' },
    quotas: [
      { name: 'a', meter: 'requests', limit: 1, enforcement: 'hard' },
      { name: 'b', meter: 'tokens', limit: 2_000, enforcement: 'soft' },
    ],
  }),
  priced({ model: 'per_unit', unitAmount: '0' }),
  priced({ model: 'per_unit', unitAmount: '0.0025' }, { included: '20000', minimumAmount: '5', maximumAmount: '50' }),
  priced({ model: 'graduated', tiers: [tier('1000', '0'), tier('5000', '0.002', '3'), tier(null, '0.001')] }),
  priced({ model: 'volume', tiers: [tier('1000', '0.01', '5'), tier(null, '0.005')], flatWithoutUsage: true }),
  priced({ model: 'graduated', tiers: [tier(null, '0.5')] }, { discountUnits: '10', discountPercent: '5' }),
  priced({ model: 'package', packageSize: '1000', packageAmount: '3', round: 'up' }),
  priced({ model: 'package', packageSize: '1', packageAmount: '3', round: 'down' }),
  priced({ model: 'package', packageSize: '10', packageAmount: '0', round: 'down' }),
  priced({ model: 'percentage', ratePercent: '2.9', fixedAmount: '0.30' }),
  priced({
    model: 'percentage',
    ratePercent: '1',
    freeEvents: '10',
    freeAmount: '100',
    minimumPerEvent: '0.1',
    maximumPerEvent: '9',
  }),
  priced({ model: 'graduated_percentage', tiers: [share('1000', '0'), share('5000', '2', '1'), share(null, '1')] }),
  priced({ model: 'dynamic', multiplier: '1' }),
  priced({ model: 'dynamic', multiplier: '1.2' }),
  ...(['none', 'up', 'down', 'half_up'] as const).map((round) =>
    priced(
      { model: 'per_unit', unitAmount: '1' },
      { conversion: { operation: round === 'up' ? 'multiply' : 'divide', factor: '1000', round } },
    ),
  ),
  definition({
    prices: [
      { meter: 'requests', included: '1', price: { model: 'per_unit', unitAmount: '0' } },
      { meter: 'tokens', included: '2', price: { model: 'per_unit', unitAmount: '0.1' } },
    ],
    billability: { clientError: { billable: true }, redirect: { billable: true } },
  }),
];

const asShown = (plan: PlanDefinition) => ({
  free: isFreeOfCharge(plan),
  version: { definition: plan, billability: billabilityTable(plan) },
});

describe('the words of pages that are sent', () => {
  it.each(PLANS.map((plan) => [JSON.stringify(plan.prices).slice(0, 80), plan] as const))(
    'are those of the portal for %s',
    async (_name, plan) => {
      const portal = await ofPortal('catalog/plan-words.ts');
      const { amount, per, terms, included, usage, quotas } = planWords(plan, meters);
      expect({ amount, per }).toEqual(portal['priceHeadline']!(asShown(plan)));
      expect(terms.toLowerCase()).toBe((portal['feeTermWords']!(plan) as string[]).join(' · ').toLowerCase());
      expect(included).toEqual(portal['includedWords']!(plan, meters));
      expect(usage).toEqual(portal['usageLines']!(plan, meters));
      expect(quotas).toEqual(plan.quotas.map((quota) => portal['quotaWords']!(quota, meters)));
    },
  );

  it('are those of the portal for all plans of a product', async () => {
    const { startingPriceWords: startsAt } = await ofPortal('catalog/plan-words.ts');
    const { chargeWords: charges } = await ofPortal('catalog/billability-words.ts');
    for (const plans of [[], PLANS.slice(0, 1), PLANS.slice(1, 3), PLANS.slice(5, 6), PLANS, PLANS.slice(-1)]) {
      expect(startingPriceWords(plans)).toBe(startsAt!(plans.map(asShown)));
      expect(chargeWords(plans)).toBe(charges!(plans.map(asShown)));
    }
  });

  it('are those of the portal for how the service is', async () => {
    const portal = await ofPortal('shell/status-words.ts');
    expect({ callsWords, usageWords }).toEqual({ callsWords: portal['callsWords'], usageWords: portal['usageWords'] });
    const states = ['operational', 'degraded', 'down'] as const;
    for (const calls of states)
      for (const usage of states) expect(statusWords({ calls, usage })).toBe(portal['statusWords']!({ calls, usage }));
  });

  it('keep every digit, group thousands, and name the currency', () => {
    expect(amountWords('1234567.000001', 'EUR')).toBe('EUR 1,234,567.000001');
    expect(amountWords('29', 'USD')).toBe('$29.00');
    expect(quantityWords('12345678901234567890')).toBe('12,345,678,901,234,567,890');
    expect([unitWords('1', 'entry'), unitWords(2, 'entry'), unitWords(2, 'batch')]).toEqual([
      '1 entry',
      '2 entries',
      '2 batches',
    ]);
  });
});
