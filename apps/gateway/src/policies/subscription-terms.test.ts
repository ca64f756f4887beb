import { FixedClock, type PlanDefinition } from '#domain';
import { MemoryWindowStore, QuotaBook, RateWindows } from '#limits';
import { describe, expect, it } from 'vitest';
import { MemoryQuotaStore } from '../../../../test/support/memory-quota-leases.js';
import { compileBillability } from '../metering/billability.js';
import { RateLimitBook } from './rate-limit-book.js';
import { TermsBook } from './subscription-terms.js';

const ms = (at: string) => new Date(at).getTime();
const definition: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '0',
  prices: [],
  rateLimits: [{ name: 'burst', limit: 10, windowSeconds: 60 }],
  quotas: [
    { name: 'large', meter: 'requests', limit: 100, enforcement: 'hard' },
    { name: 'small', meter: 'requests', limit: 50, enforcement: 'hard' },
    { name: 'told', meter: 'requests', limit: 10, enforcement: 'soft' },
  ],
};
const planVersions = new Map(
  ['v1', 'v2'].map((id) => [
    id,
    {
      id,
      planSlug: id,
      definition: id === 'v1' ? definition : { ...definition, quotas: [] },
      billability: compileBillability({}),
      operations: null,
      featureField: null,
      trial: null,
    },
  ]),
);
const subscription = {
  id: 's1',
  organizationId: 'o1',
  applicationId: 'a1',
  apiProductId: 'p1',
  anchorMs: ms('2026-01-31T12:00:00Z'),
  createdAtMs: 0,
  suspendedFor: [],
  hasMoneyCap: false,
  phases: [
    { id: 'f1', planVersionId: 'v1', startsAtMs: ms('2026-01-31T12:00:00Z'), endsAtMs: ms('2026-03-10T00:00:00Z') },
    { id: 'f2', planVersionId: 'v2', startsAtMs: ms('2026-03-10T00:00:00Z'), endsAtMs: null },
  ],
};

const windows = new RateWindows({
  store: new MemoryWindowStore(),
  timeoutMs: 100,
  clock: new FixedClock('2026-02-01T00:00:00Z'),
  sharers: () => 1,
});
const newBook = () => new QuotaBook(new MemoryQuotaStore().forGateway());
const makeBook = () => new TermsBook(newBook(), newBook(), new RateLimitBook(windows));

describe('the terms of a subscription', () => {
  it('are those of the phase and the period at that very millisecond', () => {
    const book = makeBook();
    const at = (instant: string) => {
      const terms = book.at(subscription, planVersions, ms(instant));
      return terms && [terms.phaseId, new Date(terms.periodStartMs).toISOString()];
    };
    expect(at('2026-01-31T11:59:59.999Z')).toBeNull();
    expect(at('2026-01-31T12:00:00Z')).toEqual(['f1', '2026-01-31T12:00:00.000Z']);
    expect(at('2026-02-28T11:59:59.999Z')).toEqual(['f1', '2026-01-31T12:00:00.000Z']);
    expect(at('2026-02-28T12:00:00Z')).toEqual(['f1', '2026-02-28T12:00:00.000Z']);
    expect(at('2026-03-09T23:59:59.999Z')).toEqual(['f1', '2026-02-28T12:00:00.000Z']);
    expect(at('2026-03-10T00:00:00Z')).toEqual(['f2', '2026-02-28T12:00:00.000Z']);
    expect(at('2026-03-31T12:00:00Z')).toEqual(['f2', '2026-03-31T12:00:00.000Z']);
  });

  it('keep a window that stays the same over phases, periods and changes of the subscription', () => {
    const book = makeBook();
    const terms = (from: typeof subscription, instant: string) => book.at(from, planVersions, ms(instant))!;
    const window = terms(subscription, '2026-02-01T00:00:00Z').windows![0]!;
    expect(terms({ ...subscription }, '2026-02-01T00:00:00Z').windows![0]).toBe(window);
    expect(terms(subscription, '2026-03-20T00:00:00Z').windows![0]).toBe(window);
  });

  it('have the lowest hard quota of each meter, and tell of all', () => {
    const terms = makeBook().at(subscription, planVersions, ms('2026-02-01T00:00:00Z'))!;
    expect(terms.hardQuotas.map(({ name, limit }) => [name, limit])).toEqual([['small', 50]]);
    const week4 = 28 * 86_400;
    expect(terms.policyHeader).toBe(
      `"burst";q=10;w=60, "large";q=100;w=${week4}, "small";q=50;w=${week4}, "told";q=10;w=${week4}`,
    );
  });

  it('are the same object as long as nothing changes, so that a call makes none', () => {
    const book = makeBook();
    const first = book.at(subscription, planVersions, ms('2026-02-01T00:00:00Z'));
    expect(book.at(subscription, planVersions, ms('2026-02-02T00:00:00Z'))).toBe(first);
  });
});
