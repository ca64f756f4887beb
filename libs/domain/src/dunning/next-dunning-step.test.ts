import { describe, expect, it } from 'vitest';
import { DEFAULT_DUNNING_POLICY, type DunningPolicy } from './dunning-policy.js';
import { type NextDunningStep, nextDunningStep } from './next-dunning-step.js';

const DAY_MS = 86_400_000;
const at = new Date('2026-02-01T00:00:00Z');
const fresh = { retriesMade: 0, warnedAt: null, suspendedAt: null, exhaustedAt: null, endedAt: null };

/** Every step of a case that is never paid, as `kind@day`. */
function allSteps(policy: DunningPolicy): string[] {
  const steps: string[] = [];
  let found = fresh as Parameters<typeof nextDunningStep>[0];
  for (let next: NextDunningStep | null; (next = nextDunningStep(found, policy));) {
    steps.push(`${next.kind}@${next.afterMs / DAY_MS}`);
    found = {
      ...found,
      retriesMade: found.retriesMade + (next.kind === 'retry' ? 1 : 0),
      ...(next.kind === 'warn' && { warnedAt: at }),
      ...(next.kind === 'suspend' && { suspendedAt: at }),
      ...(next.kind === 'exhaust' && { exhaustedAt: at }),
    };
  }
  return steps;
}

describe('nextDunningStep', () => {
  it('charges, warns, suspends and ends in the order of the days', () => {
    expect(allSteps(DEFAULT_DUNNING_POLICY)).toEqual([
      'retry@1',
      'warn@2',
      'retry@3',
      'suspend@3',
      'retry@5',
      'retry@7',
      'exhaust@7',
    ]);
  });

  it('warns at once when there is less grace than notice, and never after the suspension', () => {
    expect(allSteps({ ...DEFAULT_DUNNING_POLICY, retryDays: [2], graceDays: 1, warningDays: 3 })).toEqual([
      'warn@0',
      'suspend@1',
      'retry@2',
      'exhaust@2',
    ]);
  });

  it('ends after the grace when that is longer than the attempts, or when there are none', () => {
    expect(allSteps({ ...DEFAULT_DUNNING_POLICY, retryDays: [1], graceDays: 10 })).toEqual([
      'retry@1',
      'warn@9',
      'suspend@10',
      'exhaust@10',
    ]);
    expect(allSteps({ ...DEFAULT_DUNNING_POLICY, retryDays: [], graceDays: 0, warningDays: 0 })).toEqual([
      'warn@0',
      'suspend@0',
      'exhaust@0',
    ]);
  });

  it('counts whole milliseconds of parts of a day', () => {
    expect(nextDunningStep(fresh, { ...DEFAULT_DUNNING_POLICY, retryDays: [0.7] })?.afterMs).toBe(60_480_000);
    const notice = { ...DEFAULT_DUNNING_POLICY, retryDays: [], graceDays: 1, warningDays: 0.9 };
    expect(nextDunningStep(fresh, notice)?.afterMs).toBe(8_640_000);
  });

  it('has nothing to do once the invoice is settled', () => {
    expect(nextDunningStep({ ...fresh, endedAt: at }, DEFAULT_DUNNING_POLICY)).toBeNull();
  });
});
