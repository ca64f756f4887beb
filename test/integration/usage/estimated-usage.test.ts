import type { MeterPrice, UsageEvent } from '#domain';
import { closeDuePeriods, currentUsage, ingestSegment } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const start = new Date('2026-02-01T00:00:00Z');
const march = new Date('2026-03-01T00:00:00Z');
const HOUR = 3_600_000;

/** Each event costs 0.30 and 2 % of its value, and 1 at least: so that single ones decide. */
const price: MeterPrice = {
  meter: 'payments',
  included: '0',
  price: { model: 'percentage', ratePercent: '2', fixedAmount: '0.3', minimumPerEvent: '1' },
};

describe('a look at a period whose prices depend on single events', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase(start.toISOString());
    const definition = aPlanDefinition({ fixedFee: '0', prices: [price] });
    subscription = await aSubscription(database, { definition });
    database.clock.moveTo('2026-02-20T00:00:00Z');
  });
  afterAll(() => database.dispose());

  const look = async () => (await currentUsage(database.context, { organizationId: subscription.organizationId }))[0]!;
  const events = (count: number, worth: string): UsageEvent[] =>
    Array.from({ length: count }, () =>
      aUsageEvent(subscription, { at: new Date('2026-02-10T12:00:00Z'), quantities: { payments: worth } }),
    );

  it('is exact as long as there are as many as one page has', async () => {
    await ingestSegment(database.context, await aSegmentJob([...events(4_998, '0'), ...events(2, '1000')]));
    // 4,998 times the minimum, and twice 20.30.
    expect(await look()).toMatchObject({ isExact: true, estimateMinor: 503_860n });
  });

  it('is about so, and says it, when there are more: the invoice looks at each', async () => {
    await ingestSegment(database.context, await aSegmentJob(events(1, '2000'), { segment: 2 }));
    // 4,000 of value in 5,001 events: each is worth 0.80 and costs the minimum.
    expect(await look()).toMatchObject({ isExact: false, estimateMinor: 500_100n });
    database.clock.moveTo(new Date(march.getTime() + HOUR));
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(closed).toMatchObject([{ totalMinor: 507_890n }]);
  });

  it('is about so when some came late', async () => {
    expect(await look()).toMatchObject({ isExact: true, estimateMinor: 0n });
    const at = new Date('2026-02-11T00:00:00Z');
    await addUsage(database, subscription, { at, meter: 'payments', quantity: '100', settlesIn: march });
    expect(await look()).toMatchObject({ isExact: false, estimateMinor: 100n });
  });
});
