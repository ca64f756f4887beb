import type { UsageEvent } from '#domain';
import { ingestSegment, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';

const february = new Date('2026-02-01T00:00:00Z');
const march = new Date('2026-03-01T00:00:00Z');

describe('the rows of a stream', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(february.toISOString());
    subscription = await aSubscription(database);
    database.clock.moveTo(new Date('2026-03-02T00:00:00Z'));
  });
  afterEach(() => database.dispose());

  /** Begun in the last minute of February, and open for three minutes. */
  function aStream(): UsageEvent[] {
    const first = aUsageEvent(subscription, {
      at: new Date(march.getTime() - 60_000),
      status: 101,
      outcome: 'checkpoint',
      quantities: { requests: '1' },
    });
    const row = (seq: number, minutes: number, period: Date, messages: string): UsageEvent => ({
      ...first,
      seq,
      endedAtMs: march.getTime() + minutes * 60_000,
      periodStartMs: period.getTime(),
      quantities: { messages },
    });
    return [
      first,
      row(1, 0, february, '5'),
      row(2, 1, march, '7'),
      { ...row(3, 2, march, '0.5'), outcome: 'delivered' },
    ];
  }

  it('count once each, in the periods in which their spans began, whatever is delivered twice', async () => {
    const rows = aStream();
    await ingestSegment(database.context, await aSegmentJob(rows.slice(0, 2)));
    await ingestSegment(database.context, await aSegmentJob(rows.slice(2), { segment: 2 }));
    const once = await readLedgerTotals(database);
    const again = await ingestSegment(database.context, await aSegmentJob(rows, { segment: 3 }));
    expect(again).toEqual({ status: 'ingested', inserted: 0, duplicates: 4, quarantined: 0 });
    expect(await readLedgerTotals(database)).toEqual(once);
    const sums = await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT meter, period_start, settles_in = period_start AS own, trim_scale(sum(quantity_sum))::text AS quantity
         FROM usage_rollup GROUP BY 1, 2, 3 ORDER BY 1, 2`,
      ),
    );
    expect(sums).toEqual([
      { meter: 'messages', period_start: february, own: true, quantity: '5' },
      { meter: 'messages', period_start: march, own: true, quantity: '7.5' },
      { meter: 'requests', period_start: february, own: true, quantity: '1' },
    ]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('are kept aside when they name a period that they cannot be in', async () => {
    const [first, second] = aStream();
    const early = { ...second!, periodStartMs: march.getTime(), endedAtMs: march.getTime() - 1 };
    const ahead = { ...first!, periodStartMs: march.getTime() };
    const result = await ingestSegment(database.context, await aSegmentJob([early, ahead]));
    expect(result).toMatchObject({ inserted: 0, quarantined: 2 });
  });
});
