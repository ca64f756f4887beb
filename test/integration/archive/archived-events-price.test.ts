import fs from 'node:fs';
import type { MeterPrice } from '#domain';
import { archiveUsageDay, closeDuePeriods, ingestSegment, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aGateway, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { GATEWAY_ID, aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { TestArchive } from '../../support/usage-archive.js';

const GRACE_MS = 3_600_000;
/** The first two events of a period are free, whatever their value: so it matters which there were. */
const price: MeterPrice = {
  meter: 'requests',
  included: '0',
  price: { model: 'percentage', ratePercent: '2', fixedAmount: '0.3', freeEvents: '2' },
};

describe('a price of single events, some of which are in the archive', () => {
  let database: TestDatabase;
  let archive: TestArchive;
  let subscription: SubscriptionRow;
  let segment: number;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    archive = new TestArchive(database);
    segment = 0;
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '0', prices: [price] }) });
    await use('2026-02-10T12:00:00Z', '1000');
    await use('2026-02-20T12:00:00Z', '100');
    await closeAt('2026-03-01T00:00:00Z');
    // After this day's turn only: 20 February still takes late usage.
    expect(await archiveUsageDay(archive.context, '2026-02-10')).toMatchObject({ status: 'archived' });
    database.clock.moveTo(new Date('2026-03-02T00:00:00Z'));
    await use('2026-02-20T13:00:00Z', '50');
  });
  afterEach(async () => {
    archive.dispose();
    await database.dispose();
  });

  async function use(at: string, quantity: string): Promise<void> {
    const admittedAt = new Date(at);
    if (admittedAt > database.clock.now()) database.clock.moveTo(admittedAt);
    const event = aUsageEvent(subscription, { at: admittedAt, quantities: { requests: quantity } });
    await ingestSegment(database.context, await aSegmentJob([event], { segment: ++segment }));
  }

  async function closeAt(endsAt: string, context = archive.context) {
    database.clock.moveTo(Math.max(Date.parse(endsAt) + GRACE_MS, database.clock.nowMs()));
    await aGateway(database, { id: GATEWAY_ID, admittedThrough: database.clock.now(), sealedSegment: segment });
    return closeDuePeriods(context, { graceMs: GRACE_MS });
  }

  const lateLines = () =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query(`SELECT amount_minor AS amount FROM invoice_line WHERE kind = 'late_usage'`),
    );

  it('bills late usage as if all were still in Postgres, and verify computes the same', async () => {
    expect((await closeAt('2026-04-01T00:00:00Z')).closed).toHaveLength(1);
    // 2 % of 50 and the fixed part: the free events were that of 10 February and the first of 20 February.
    expect(await lateLines()).toEqual([{ amount: '130' }]);
    expect(await verifyLedger(archive.context)).toMatchObject({ ok: true });
    await archive.archiveAll(30);
    const march = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') };
    for (const span of [{}, march]) expect(await verifyLedger(archive.context, span)).toMatchObject({ ok: true });
  });

  it('bills nothing while the archive cannot be read: the period is held, and verify names the day', async () => {
    const file = archive.first();
    const content = fs.readFileSync(file);
    fs.rmSync(file);
    const { closed, held } = await closeAt('2026-04-01T00:00:00Z');
    expect(closed).toEqual([]);
    expect(held).toMatchObject([{ reason: expect.stringContaining('The usage of 2026-02-10 is in the archive') }]);
    fs.writeFileSync(file, content);
    expect((await closeAt('2026-04-01T00:00:00Z')).closed).toHaveLength(1);
    expect(await lateLines()).toEqual([{ amount: '130' }]);
    fs.rmSync(file);
    const { checks } = await verifyLedger(archive.context);
    expect(checks.filter(({ ok }) => !ok).map(({ name, difference }) => [name, difference!.row])).toContainEqual([
      'lines',
      'usage_archive 2026-02-10',
    ]);
  });
});
