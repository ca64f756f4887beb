import { expect, it } from 'vitest';
import type { DunningCase } from './dunning-case.js';
import { dunningOutlook } from './dunning-outlook.js';
import { DEFAULT_DUNNING_POLICY } from './dunning-policy.js';

const DAY_MS = 86_400_000;
const now = new Date('2026-02-02T00:00:00Z');
const found: DunningCase = {
  invoiceId: 'invoice',
  organizationId: 'organization',
  beganAt: new Date('2026-02-01T00:00:00Z'),
  startMs: 0,
  toldAttempt: 1,
  retriesMade: 1,
  warnedAt: null,
  suspendedAt: null,
  exhaustedAt: null,
  endedAt: null,
};

it('counts what is left on the clock of dunning from now, or from the end of a pause', () => {
  const half = { runningMs: DAY_MS / 2, now, pausedUntil: null, isCharged: true };
  expect(dunningOutlook(found, DEFAULT_DUNNING_POLICY, half)).toEqual({
    nextStep: { kind: 'warn', at: new Date('2026-02-03T12:00:00Z') },
    nextRetryAt: new Date('2026-02-04T12:00:00Z'),
    accessEndsAt: new Date('2026-02-04T12:00:00Z'),
  });
  expect(dunningOutlook(found, DEFAULT_DUNNING_POLICY, { ...half, isCharged: false }).nextRetryAt).toBeNull();
  const paused = { ...half, pausedUntil: new Date('2026-02-10T00:00:00Z') };
  expect(dunningOutlook(found, DEFAULT_DUNNING_POLICY, paused).accessEndsAt).toEqual(new Date('2026-02-12T12:00:00Z'));
});

it('says of what is overdue that it happens now, and of what has happened nothing', () => {
  const late = { runningMs: 30 * DAY_MS, now, pausedUntil: null, isCharged: true };
  expect(dunningOutlook(found, DEFAULT_DUNNING_POLICY, late)).toMatchObject({ accessEndsAt: now });
  const suspended = { ...found, warnedAt: now, suspendedAt: now };
  expect(dunningOutlook(suspended, DEFAULT_DUNNING_POLICY, late)).toMatchObject({ accessEndsAt: null });
  const over = { ...suspended, exhaustedAt: now };
  expect(dunningOutlook(over, DEFAULT_DUNNING_POLICY, late)).toEqual({
    nextStep: null,
    nextRetryAt: null,
    accessEndsAt: null,
  });
});
