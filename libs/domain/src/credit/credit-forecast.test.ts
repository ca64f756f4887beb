import { describe, expect, it } from 'vitest';
import { type RunningPeriod, type StoredGrant, forecastCredits } from './credit-forecast.js';

const DAY = 86_400_000;
const at = Date.UTC(2026, 5, 11);
const grant = (id: string, amountMinor: bigint, change: Partial<StoredGrant> = {}): StoredGrant => ({
  id,
  sellerSlug: 'sky',
  currency: 'USD',
  amountMinor,
  burnedMinor: 0n,
  priority: 1,
  grantedAtMs: 0,
  expiresAtMs: null,
  ...change,
});
/** Ten days of a month have passed. */
const period = (amountMinor: bigint, change: Partial<RunningPeriod> = {}): RunningPeriod => ({
  sellerSlug: 'sky',
  currency: 'USD',
  apiProductId: 'weather',
  lines: [{ kind: 'usage', meter: 'requests', periodStart: new Date(at), amountMinor }],
  startMs: at - 10 * DAY,
  endMs: at + 20 * DAY,
  ...change,
});

describe('forecastCredits', () => {
  it('takes off what the periods would burn, and says when the rest is used up at that pace', () => {
    expect(
      forecastCredits([grant('a', 600n), grant('b', 100n, { burnedMinor: 100n })], [period(100n), period(50n)], at),
    ).toEqual([
      { sellerSlug: 'sky', currency: 'USD', remainingMinor: 600n, pendingMinor: 150n, runsOutAtMs: at + 30 * DAY },
    ]);
  });

  it('says at once when nothing is left, and nothing without usage or beyond a year', () => {
    expect(forecastCredits([grant('a', 60n)], [period(100n)], at)).toMatchObject([
      { pendingMinor: 60n, runsOutAtMs: at },
    ]);
    expect(forecastCredits([grant('a', 60n)], [], at)).toMatchObject([{ pendingMinor: 0n, runsOutAtMs: null }]);
    expect(forecastCredits([grant('a', 6000n)], [period(100n)], at)).toMatchObject([{ runsOutAtMs: null }]);
  });

  it('keeps sellers and currencies apart, and leaves expired grants out', () => {
    const grants = [
      grant('a', 10n),
      grant('b', 20n, { currency: 'EUR' }),
      grant('c', 30n, { sellerSlug: 'sea' }),
      grant('d', 40n, { expiresAtMs: at }),
    ];
    expect(forecastCredits(grants, [period(4n, { sellerSlug: 'sea' })], at)).toMatchObject([
      { currency: 'USD', remainingMinor: 10n, pendingMinor: 0n },
      { currency: 'EUR', remainingMinor: 20n, pendingMinor: 0n },
      { sellerSlug: 'sea', remainingMinor: 30n, pendingMinor: 4n },
    ]);
  });

  it('burns nothing of what expires before the period ends', () => {
    expect(forecastCredits([grant('a', 10n, { expiresAtMs: at + DAY })], [period(4n)], at)).toMatchObject([
      { remainingMinor: 10n, pendingMinor: 0n, runsOutAtMs: null },
    ]);
  });
});
