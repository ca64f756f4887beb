import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someUsage } from '../../../../test/support/plan-arbitraries.js';
import { ratingInputHash, type RatingInputIdentity } from './rating-input-hash.js';

const input: RatingInputIdentity = {
  subscriptionId: '019a0000-0000-7000-8000-000000000001',
  planVersionId: '019a0000-0000-7000-8000-000000000002',
  period: { startMs: Date.UTC(2026, 7, 1), endMs: Date.UTC(2026, 8, 1) },
  usage: { requests: '15001', tokens: '1.5' },
};

describe('ratingInputHash', () => {
  it('is the same in every release under the same rules, as it is stored with each line', () => {
    expect(ratingInputHash(input)).toBe('02498a89fe6f8da0642755686ba06a1e5d064809eed3aff804789ee00fdf1340');
  });

  it('does not depend on the order of meters and fields, nor on the spelling of quantities', () => {
    const same: RatingInputIdentity = {
      usage: { tokens: '1.500000000000', unused: '0.000', requests: '15001.0' },
      period: { endMs: input.period.endMs, startMs: input.period.startMs },
      planVersionId: input.planVersionId,
      billedUsage: { requests: '0' },
      subscriptionId: input.subscriptionId,
    };
    expect(ratingInputHash(same)).toBe(ratingInputHash(input));
  });

  it.each<[string, Partial<RatingInputIdentity>]>([
    ['the subscription', { subscriptionId: '019a0000-0000-7000-8000-000000000003' }],
    ['the plan version', { planVersionId: '019a0000-0000-7000-8000-000000000003' }],
    ['the start of the period', { period: { ...input.period, startMs: input.period.startMs + 1 } }],
    ['the end of the period', { period: { ...input.period, endMs: input.period.endMs + 1 } }],
    ['a quantity', { usage: { ...input.usage, tokens: '1.500000000001' } }],
    ['the meter of a quantity', { usage: { request: '15001', tokens: '1.5' } }],
    ['what was billed before', { billedUsage: { requests: '1' } }],
  ])('changes with %s', (_, change) => {
    expect(ratingInputHash({ ...input, ...change })).not.toBe(ratingInputHash(input));
  });

  it('tells billed usage and usage apart', () => {
    const usage = { requests: '1' };
    expect(ratingInputHash({ ...input, usage, billedUsage: {} })).not.toBe(
      ratingInputHash({ ...input, usage: {}, billedUsage: usage }),
    );
  });

  it('is stable under reordering for any usage, meters named like numbers included', () => {
    fc.assert(
      fc.property(someUsage(['requests', '10', '9', 'a', 'A', 'é']), (usage) => {
        const reversed = Object.fromEntries(Object.entries(usage).toReversed());
        expect(ratingInputHash({ ...input, usage: reversed })).toBe(ratingInputHash({ ...input, usage }));
      }),
    );
  });
});
