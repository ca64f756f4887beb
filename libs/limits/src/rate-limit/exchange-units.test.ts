import type { RateAlgorithm } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WindowState, exchangeUnits } from './exchange-units.js';
import type { RateRule } from './rate-rule.js';
import { type EndedUnits, type UnitsAnswer, blockLifeMs } from './rate-window-store.js';

const startMs = 1_700_000_000_000;

interface Block {
  readonly units: number;
  readonly diesAtMs: number;
  spent: number;
  lastSpentMs: number;
}

type Action =
  | { readonly kind: 'take'; readonly units: number }
  | { readonly kind: 'lease'; readonly units: number }
  | { readonly kind: 'spend'; readonly units: number }
  | { readonly kind: 'crash' };

const someAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), units: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('lease' as const), units: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('spend' as const), units: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('crash' as const) }),
);
const someSteps = fc.array(fc.record({ gapMs: fc.nat(120), gateway: fc.nat(2), action: someAction }), {
  maxLength: 120,
});
const someRule = (algorithm: RateAlgorithm): fc.Arbitrary<RateRule> =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 30 }),
      windowMs: fc.integer({ min: 100, max: 2_000 }),
      burst: fc.integer({ min: 1, max: 30 }),
    })
    .map(({ limit, windowMs, burst }) => ({ algorithm, limit, windowMs, burst: algorithm === 'gcra' ? burst : limit }));

/** Three gateways that take, lease, spend and crash as they like: the times at which they spent a unit, ascending. */
function spendingOf(rule: RateRule, steps: readonly { gapMs: number; gateway: number; action: Action }[]): number[] {
  let state: WindowState | null = null;
  let nowMs = startMs;
  const blocks: (Block | null)[] = [null, null, null];
  const spending: number[] = [];
  const exchange = (ended: EndedUnits[], needed: number, wanted: number, diesAtMs: number): UnitsAnswer => {
    const request = { key: 'k', rule, nowMs, ended, needed, wanted, sharers: 3, diesAtMs };
    const result = exchangeUnits(state, request);
    state = JSON.parse(JSON.stringify(result.state)) as WindowState;
    return result.answer;
  };
  for (const { gapMs, gateway, action } of steps) {
    nowMs += gapMs;
    const block = blocks[gateway]!;
    switch (action.kind) {
      case 'take': {
        const { granted } = exchange([], action.units, action.units, nowMs);
        for (let unit = 0; unit < granted; unit++) spending.push(nowMs);
        break;
      }
      case 'lease': {
        const windowEndMs = nowMs - (nowMs % rule.windowMs) + rule.windowMs - 1;
        const life = nowMs + blockLifeMs(rule);
        const diesAtMs = rule.algorithm === 'fixed_window' ? Math.min(life, windowEndMs) : life;
        const ended = block ? [{ ...block, isBlock: true }] : [];
        const { granted } = exchange(ended, 0, action.units, diesAtMs);
        blocks[gateway] = granted > 0 ? { units: granted, diesAtMs, spent: 0, lastSpentMs: 0 } : null;
        break;
      }
      case 'spend':
        for (let unit = 0; unit < action.units; unit++) {
          if (!block || nowMs >= block.diesAtMs || block.spent === block.units) break;
          block.spent++;
          block.lastSpentMs = nowMs;
          spending.push(nowMs);
        }
        break;
      case 'crash':
        blocks[gateway] = null;
    }
  }
  return spending;
}

/** A block is spent as it dies and never ended: what time had paid back of it before is not there for others. */
const spentLastThing = {
  rule: { algorithm: 'gcra', limit: 8, windowMs: 1_510, burst: 6 } satisfies RateRule,
  steps: [
    { gapMs: 12, gateway: 0, action: { kind: 'lease', units: 1 } },
    { gapMs: 149, gateway: 0, action: { kind: 'spend', units: 1 } },
    { gapMs: 36, gateway: 1, action: { kind: 'take', units: 1 } },
    { gapMs: 4, gateway: 1, action: { kind: 'take', units: 5 } },
  ] satisfies { readonly gapMs: number; readonly gateway: number; readonly action: Action }[],
};

describe('units that several gateways take, lease, spend and lose', () => {
  it('are never more than the limit in any sliding window', () => {
    fc.assert(
      fc.property(someRule('sliding_window'), someSteps, (rule, steps) => {
        const spending = spendingOf(rule, steps);
        for (const [index, time] of spending.entries()) {
          const last = spending[index + rule.limit];
          if (last !== undefined) expect(last - time).toBeGreaterThanOrEqual(rule.windowMs);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are never more than the limit in a fixed window', () => {
    fc.assert(
      fc.property(someRule('fixed_window'), someSteps, (rule, steps) => {
        const spending = spendingOf(rule, steps);
        const windows = Map.groupBy(spending, (time) => Math.floor(time / rule.windowMs));
        for (const spent of windows.values()) expect(spent.length).toBeLessThanOrEqual(rule.limit);
      }),
      { numRuns: 400 },
    );
  });

  it('are never more than burst + rate · t in any span of t', () => {
    fc.assert(
      fc.property(someRule('gcra'), someSteps, (rule, steps) => {
        const spending = spendingOf(rule, steps);
        for (const [from, start] of spending.entries()) {
          for (const [to, end] of spending.entries()) {
            if (to < from) continue;
            expect((to - from + 1 - rule.burst) * rule.windowMs).toBeLessThanOrEqual((end - start) * rule.limit);
          }
        }
      }),
      { numRuns: 400, examples: [[spentLastThing.rule, spentLastThing.steps]] },
    );
  });

  it.each(['sliding_window', 'fixed_window', 'gcra'] as const)(
    'are all there again when given back (%s)',
    (algorithm) => {
      fc.assert(
        fc.property(someRule(algorithm), fc.integer({ min: 1, max: 30 }), (rule, units) => {
          const request = {
            key: 'k',
            rule,
            nowMs: startMs,
            ended: [],
            needed: units,
            wanted: units,
            sharers: 1,
            diesAtMs: startMs,
          };
          const taken = exchangeUnits(null, request);
          const { granted, diesAtMs } = taken.answer;
          const ended = [{ units: granted, diesAtMs, spent: 0, lastSpentMs: startMs, isBlock: false }];
          const { answer } = exchangeUnits(taken.state, { ...request, ended, needed: 0, wanted: 0 });
          expect(answer).toMatchObject({ granted: 0, remaining: rule.burst, nextUnitInMs: 0 });
        }),
      );
    },
  );

  it('come in blocks of what is left / 2N, but always as many as are needed', () => {
    const rule: RateRule = { algorithm: 'sliding_window', limit: 100, windowMs: 60_000, burst: 100 };
    const ask = (needed: number, wanted: number, sharers: number) =>
      exchangeUnits(null, { key: 'k', rule, nowMs: startMs, ended: [], needed, wanted, sharers, diesAtMs: startMs })
        .answer.granted;
    expect([ask(1, 50, 2), ask(40, 50, 2), ask(40, 50, 1), ask(1, 10, 2), ask(120, 120, 2), ask(0, 50, 60)]).toEqual([
      25, 40, 50, 10, 100, 0,
    ]);
  });
});
