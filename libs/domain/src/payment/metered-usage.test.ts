import { describe, expect, it } from 'vitest';
import { meteredSpan, meteredUsageIdentifier, reportedAsOfMs } from './metered-usage.js';

const at = (text: string) => Date.parse(text);
const period = { startMs: at('2027-01-31T10:15:23.456Z'), endMs: at('2027-02-28T10:15:23.456Z') };
const span = { startMs: at('2027-01-31T10:16:00Z'), endMs: at('2027-02-28T10:15:00Z') };

describe('the span that usage is reported in', () => {
  it('is the whole minutes of the period, from the instant on that the provider began', () => {
    expect(meteredSpan(period, 0)).toEqual(span);
    expect(meteredSpan(period, at('2027-02-02T08:00:01Z'))).toEqual({ ...span, startMs: at('2027-02-02T08:01:00Z') });
    expect(meteredSpan(period, at('2027-02-28T10:14:30Z'))).toBe(null);
  });
});

describe('the instant as of which an hour is reported', () => {
  it.each([
    ['its last second', '2027-02-10T08:00:00Z', '2027-02-10T09:00:00Z', '2027-02-10T08:59:59Z'],
    ['not after the period', '2027-02-28T10:00:00Z', '2027-02-28T11:30:00Z', '2027-02-28T10:14:59Z'],
    [
      'not longer ago than the provider takes it',
      '2027-02-01T08:00:00Z',
      '2027-03-12T00:00:00Z',
      '2027-02-06T00:00:00Z',
    ],
    ['but within the period all the same', '2027-02-01T08:00:00Z', '2027-06-12T00:00:00Z', '2027-02-28T10:14:59Z'],
  ])('is %s', (_, hour, now, expected) => {
    expect(new Date(reportedAsOfMs(at(hour), span, at(now))).toISOString()).toBe(new Date(expected).toISOString());
  });

  it('is not before the period', () => {
    const early = at('2027-01-31T09:00:00Z');
    expect(reportedAsOfMs(early, span, at('2027-01-31T11:00:00Z'))).toBe(span.startMs);
  });
});

describe('the name of a report', () => {
  it('is the same for the same usage, and another for every other', () => {
    const usage = {
      meteredSubscriptionId: 'a',
      periodStart: new Date(period.startMs),
      meter: 'requests',
      hourAt: new Date(span.startMs),
      revision: 1,
    };
    expect(meteredUsageIdentifier(usage)).toBe(meteredUsageIdentifier({ ...usage }));
    expect(meteredUsageIdentifier(usage)).toMatch(/^[0-9a-f]{64}$/);
    const others = [{ meteredSubscriptionId: 'b' }, { meter: 'tokens' }, { revision: 2 }, { hourAt: new Date(0) }];
    const names = others.map((other) => meteredUsageIdentifier({ ...usage, ...other }));
    expect(new Set([meteredUsageIdentifier(usage), ...names]).size).toBe(5);
  });
});
