import { describe, expect, it } from 'vitest';
import { aUsageEvent } from '../../../../test/support/usage-events.js';
import { billedUses } from './reported-money.js';

const subscription = {
  id: 'subscription',
  organizationId: 'organization',
  applicationId: 'application',
  credentialId: 'key',
  phaseId: 'phase',
  planVersionId: 'version',
  product: 'weather',
  apiProductId: 'product',
  apiVersionId: 'api-version',
  anchorAt: new Date('2026-08-01T00:00:00Z'),
};

describe('what reports have used of money caps', () => {
  it('is what is billable, together by meter and period, in millionths that are begun', () => {
    const one = aUsageEvent(subscription, { quantities: { requests: '1', tokens: '0.0000001' } });
    const { organizationId, subscriptionId, phaseId, periodStartMs } = one;
    const later = { ...one, periodStartMs: periodStartMs! + 1 };
    const place = { organizationId, subscriptionId, phaseId, periodStart: new Date(periodStartMs!) };
    expect(billedUses([one, { ...one, quantities: { requests: '2.5', idle: '0' } }, later])).toEqual([
      { ...place, meter: 'requests', usedMicro: 3_500_000n },
      { ...place, meter: 'tokens', usedMicro: 1n },
      { ...place, periodStart: new Date(later.periodStartMs), meter: 'requests', usedMicro: 1_000_000n },
      { ...place, periodStart: new Date(later.periodStartMs), meter: 'tokens', usedMicro: 1n },
    ]);
    expect(billedUses([{ ...one, billable: false }])).toEqual([]);
  });
});
