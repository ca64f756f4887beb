import { describe, expect, it } from 'vitest';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { effectiveMs } from './cancellation.js';

const ms = (text: string) => Date.parse(text);
const anchorMs = ms('2026-01-31T10:00:00Z');
const definition: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '0',
  prices: [],
  rateLimits: [],
  quotas: [],
};
const phase = { startsAt: new Date(anchorMs), endsAt: null, isTrial: false, definition };

describe('the instant at which a cancellation or another plan takes effect', () => {
  it('is the end of the month that is under way, also on the first instant of it', () => {
    expect(effectiveMs('period_end', phase, anchorMs, ms('2026-02-10T00:00:00Z'))).toBe(ms('2026-02-28T10:00:00Z'));
    expect(effectiveMs('period_end', phase, anchorMs, ms('2026-02-28T10:00:00Z'))).toBe(ms('2026-03-31T10:00:00Z'));
  });

  it('is the end of the year that is paid for, and the end of a trial', () => {
    const yearly = { ...phase, definition: { ...definition, billingInterval: 'year' as const } };
    expect(effectiveMs('period_end', yearly, anchorMs, ms('2026-02-10T00:00:00Z'))).toBe(ms('2027-01-31T10:00:00Z'));
    const endsAt = new Date('2026-02-14T10:00:00Z');
    expect(effectiveMs('period_end', { ...yearly, isTrial: true, endsAt }, anchorMs, anchorMs)).toBe(endsAt.getTime());
  });

  it('is now when it is at once, and a millisecond after the start of a phase that has just begun', () => {
    const now = ms('2026-02-10T00:00:00Z');
    expect(effectiveMs('now', phase, anchorMs, now)).toBe(now);
    expect(effectiveMs('now', phase, anchorMs, anchorMs)).toBe(anchorMs + 1);
  });
});
