import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { monthlyPeriod } from '../period/monthly-period.js';
import { type FeePhase, advanceFeeLine, advanceFees } from './advance-fees.js';

const anchorMs = Date.parse('2026-01-31T10:00:00Z');
const month = (index: number) => monthlyPeriod(anchorMs, index);
const opening = { startMs: anchorMs - 1, endMs: anchorMs };

const definition: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '28.00',
  fixedFeeDue: 'in_advance',
  setupFee: '99.00',
  prices: [],
  rateLimits: [],
  quotas: [],
};
const aPhase = (
  startMs: number,
  endMs: number | null,
  more: Partial<PlanDefinition> = {},
  isTrial = false,
): FeePhase => ({
  id: String(startMs),
  startsAt: new Date(startMs),
  endsAt: endMs === null ? null : new Date(endMs),
  isTrial,
  definition: { ...definition, ...more },
});
const amounts = (phases: readonly FeePhase[], span: { startMs: number; endMs: number }, canceledMs = Infinity) =>
  advanceFees({ phases, anchorMs, canceledMs, span }).map((fee) => [fee.kind, advanceFeeLine(fee).amountMinor]);

describe('fees in advance', () => {
  it('begin with the subscription, and come with the end of each period for the next', () => {
    const phases = [aPhase(anchorMs, null)];
    expect(amounts(phases, opening)).toEqual([
      ['setup_fee', 9900n],
      ['fixed_fee', 2800n],
    ]);
    expect(amounts(phases, month(0))).toEqual([['fixed_fee', 2800n]]);
    expect(amounts(phases, month(13))).toEqual([['fixed_fee', 2800n]]);
  });

  it('come once a year for a year', () => {
    const phases = [aPhase(anchorMs, null, { billingInterval: 'year' })];
    const due = [opening, ...Array.from({ length: 26 }, (_, index) => month(index))].map(
      (span) => amounts(phases, span).filter(([kind]) => kind === 'fixed_fee').length,
    );
    expect(due.flatMap((count, index) => (count === 1 ? [index] : []))).toEqual([0, 12, 24]);
  });

  it('wait for the end of a trial, and are then a share of the period', () => {
    const quarterMs = anchorMs + 7 * 86_400_000;
    const phases = [aPhase(anchorMs, quarterMs, { fixedFee: '0', setupFee: '0' }, true), aPhase(quarterMs, null)];
    expect(amounts(phases, opening)).toEqual([]);
    expect(amounts(phases, month(0))).toEqual([
      ['setup_fee', 9900n],
      ['fixed_fee', 2100n],
      ['fixed_fee', 2800n],
    ]);
  });

  it('are not owed any more when the subscription ends, and not given back', () => {
    const endMs = anchorMs + 7 * 86_400_000;
    expect(amounts([aPhase(anchorMs, endMs)], { startMs: anchorMs, endMs }, endMs)).toEqual([]);
    expect(amounts([aPhase(anchorMs, month(0).endMs)], month(0), month(0).endMs)).toEqual([]);
  });

  it('are given back for what is left of a year when another plan follows', () => {
    const changeMs = month(5).endMs;
    const phases = [
      aPhase(anchorMs, changeMs, { billingInterval: 'year', fixedFee: '365.00' }),
      aPhase(changeMs, null, { fixedFee: '10.00' }),
    ];
    // Half a year and three days more of 365: 31 July 2026 to 31 January 2027 are 184 days.
    expect(amounts(phases, month(5))).toEqual([
      ['fixed_fee_credit', -18_400n],
      ['fixed_fee', 1000n],
    ]);
  });

  it('pay for every millisecond once, whatever changes when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 90 * 86_400_000 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
        (changes) => {
          let startMs = anchorMs;
          const phases = changes.map(([lengthMs, isYear], index) => {
            const endMs = index === changes.length - 1 ? null : startMs + lengthMs;
            const phase = aPhase(startMs, endMs, { billingInterval: isYear ? 'year' : 'month' });
            startMs += lengthMs;
            return phase;
          });
          const spans = [opening, ...Array.from({ length: 30 }, (_, index) => month(index))];
          const fees = spans.flatMap((span) => advanceFees({ phases, anchorMs, canceledMs: Infinity, span }));
          for (const phase of phases) {
            const own = fees.filter((fee) => fee.phase === phase && fee.kind !== 'setup_fee');
            const paidMs = own.reduce(
              (sum, { kind, part }) => sum + (kind === 'fixed_fee' ? 1 : -1) * (part.endMs - part.startMs),
              0,
            );
            if (phase.endsAt) expect(paidMs).toBe(phase.endsAt.getTime() - phase.startsAt.getTime());
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
