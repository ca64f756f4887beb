import type { EstimatedPeriod, PlanChangePreview } from '#services';
import { describe, expect, it } from 'vitest';
import { toPlanChangePreview } from './to-subscription.js';

const anInvoice = (subtotalMinor: bigint, taxMinor: bigint, excessCreditMinor = 0n, excessTaxMinor = 0n) =>
  ({
    rated: { currency: 'USD', lines: [], subtotalMinor, excessCreditMinor, ratingHash: '' },
    taxed: { taxes: [], treatment: {}, taxMinor, excessTaxMinor },
    isExact: true,
  }) as unknown as EstimatedPeriod;

describe('the preview of a change of plan', () => {
  it('says what goes to the balance, and counts it', () => {
    const preview = {
      when: 'now',
      startsAt: new Date(0),
      currency: 'USD',
      ...anInvoice(0n, 0n, 10_000n, 2_000n),
      unchanged: anInvoice(500n, 100n),
    } satisfies PlanChangePreview;
    expect(toPlanChangePreview(preview)).toMatchObject({
      changed: { total: { amountMinor: '0' }, toBalance: { amountMinor: '12000' } },
      unchanged: { total: { amountMinor: '600' }, toBalance: { amountMinor: '0' } },
      difference: { amountMinor: '-12600' },
    });
  });
});
