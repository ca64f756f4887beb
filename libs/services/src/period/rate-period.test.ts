import type { PlanDefinition } from '#domain';
import type { PricedPhase } from '#persistence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PeriodBasis, ratePeriod } from './rate-period.js';
import type { SettledUsage } from './settled-usage.js';

const start = new Date('2026-01-31T00:00:00Z');
const end = new Date('2026-02-28T00:00:00Z');

const definition: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '10.00',
  prices: [
    {
      meter: 'requests',
      included: '100',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '500', unitAmount: '0.01', flatAmount: '1' },
          { upTo: null, unitAmount: '0.005', flatAmount: '2' },
        ],
      },
    },
  ],
  rateLimits: [],
  quotas: [],
};

function aPhase(id: string, startsAt: Date, endsAt: Date | null, overrides: Partial<PlanDefinition> = {}): PricedPhase {
  return {
    id,
    organizationId: 'o',
    subscriptionId: 's',
    planVersionId: `plan-of-${id}`,
    startsAt,
    endsAt,
    isTrial: false,
    definition: { ...definition, ...overrides },
  };
}

function aUsage(quantity: string, overrides: Partial<SettledUsage> = {}): SettledUsage {
  const usage = { phaseId: 'one', periodStart: start, meter: 'requests', quantity, billedBefore: '0' };
  return { ...usage, settledBefore: [], eventCounts: { before: '0', all: '1' }, ...overrides };
}

function aBasis(overrides: Partial<PeriodBasis> = {}): PeriodBasis {
  return {
    subscription: { id: 's', anchorAt: start, canceledAt: null },
    period: { startMs: start.getTime(), endMs: end.getTime() },
    phases: [aPhase('one', start, null)],
    usage: [],
    coupons: [],
    ...overrides,
  };
}

describe('rating a period', () => {
  it('asks for the fee of the phase in force, and keeps a line of zero for each meter', () => {
    expect(ratePeriod(aBasis())).toMatchObject({
      currency: 'USD',
      subtotalMinor: 1000n,
      lines: [
        { position: 1, kind: 'fixed_fee', amountMinor: 1000n },
        { position: 2, kind: 'usage', quantity: '0', amountMinor: 0n },
      ],
    });
  });

  it('has nothing to say when no phase is in force and nothing came', () => {
    expect(ratePeriod(aBasis({ phases: [aPhase('one', new Date(0), start)] }))).toBeNull();
    expect(ratePeriod(aBasis({ subscription: { id: 's', anchorAt: start, canceledAt: start } }))).toBeNull();
    expect(ratePeriod(aBasis({ phases: [aPhase('one', end, null)] }))).toBeNull();
  });

  it('loses no usage: a phase that is not known is an error', () => {
    const unknown = aBasis({ usage: [aUsage('1', { phaseId: 'gone' })] });
    expect(() => ratePeriod(unknown)).toThrow(expect.objectContaining({ code: 'phase_unknown' }));
  });

  it('refuses two currencies on one invoice', () => {
    const middle = new Date('2026-02-10T00:00:00Z');
    const phases = [aPhase('one', start, middle), aPhase('two', middle, null, { currency: 'EUR' })];
    expect(() => ratePeriod(aBasis({ phases }))).toThrow(expect.objectContaining({ code: 'currencies_mixed' }));
  });

  it('gives the same lines and the same hash for the same usage in another order, and another hash for other usage', () => {
    const usage = [
      aUsage('5'),
      aUsage('7', { meter: 'other' }),
      aUsage('3', { periodStart: new Date('2025-12-31T00:00:00Z') }),
    ];
    const rated = ratePeriod(aBasis({ usage }));
    expect(ratePeriod(aBasis({ usage: usage.toReversed() }))).toEqual(rated);
    expect(ratePeriod(aBasis({ usage: [aUsage('6')] }))!.ratingHash).not.toBe(rated!.ratingHash);
  });

  it('bills the same for usage that comes in time and usage that comes late, to the cent of each line', () => {
    const quantity = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(quantity, fc.array(quantity, { minLength: 1, maxLength: 4 }), (inTime, late) => {
        const total = late.reduce((sum, units) => sum + units, inTime);
        const whole = ratePeriod(aBasis({ usage: [aUsage(`${total}`)] }))!.subtotalMinor;
        let billed = inTime;
        let parts = ratePeriod(aBasis({ usage: [aUsage(`${inTime}`)] }))!.subtotalMinor;
        for (const units of late) {
          const usage = [aUsage(`${units}`, { billedBefore: `${billed}` })];
          const next = { startMs: end.getTime(), endMs: Date.parse('2026-03-31T00:00:00Z') };
          parts += ratePeriod(aBasis({ period: next, usage }))!.subtotalMinor - 1000n;
          billed += units;
        }
        const difference = parts - whole;
        // Each line is rounded once, by half a cent at most.
        expect(Number(difference < 0n ? -difference : difference)).toBeLessThanOrEqual((late.length + 2) / 2);
      }),
    );
  });
});
