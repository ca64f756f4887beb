import { ingestSegment } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const january = new Date('2026-01-31T10:00:00Z');
const february = new Date('2026-02-28T10:00:00Z');
const march = new Date('2026-03-31T10:00:00Z');
const april = new Date('2026-04-30T10:00:00Z');

describe('usage that arrives after its period was closed', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(january.toISOString());
    subscription = await aSubscription(database);
    database.clock.moveTo(april);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const close = (startsAt: Date) =>
    rows(`UPDATE billing_period SET state = 'closed', closed_at = $2 WHERE starts_at = $1`, [startsAt, april]);
  const ingest = async (segment: number, at: Date) =>
    ingestSegment(database.context, await aSegmentJob([aUsageEvent(subscription, { at })], { segment }));
  const rollups = () =>
    rows(`SELECT period_start, settles_in, event_count::integer AS count FROM usage_rollup ORDER BY settles_in`);

  it('keeps its own period and settles in the next open one; the closed rollup stays as it was', async () => {
    await ingest(1, new Date('2026-02-03T00:00:00Z'));
    await close(january);
    await ingest(2, new Date('2026-02-03T00:00:01Z'));
    expect(await rollups()).toEqual([
      { period_start: january, settles_in: january, count: 1 },
      { period_start: january, settles_in: february, count: 1 },
    ]);
    expect(await rows(`SELECT starts_at, ends_at, state FROM billing_period ORDER BY starts_at`)).toEqual([
      { starts_at: january, ends_at: february, state: 'closed' },
      { starts_at: february, ends_at: march, state: 'open' },
    ]);
  });

  it('skips every closed period, and takes one that is only held for another reason', async () => {
    await ingest(1, new Date('2026-02-03T00:00:00Z'));
    await ingest(2, new Date('2026-03-03T00:00:00Z'));
    await close(january);
    await close(february);
    await ingest(3, new Date('2026-02-03T00:00:01Z'));
    await rows(`UPDATE billing_period SET state = 'incomplete', held_reason = 'gateway-2' WHERE starts_at = $1`, [
      march,
    ]);
    await ingest(4, new Date('2026-02-03T00:00:02Z'));
    expect(await rollups()).toEqual([
      { period_start: january, settles_in: january, count: 1 },
      { period_start: february, settles_in: february, count: 1 },
      { period_start: january, settles_in: march, count: 2 },
    ]);
  });

  it('waits for a period that is just being closed, and then settles in the next', async () => {
    await ingest(1, new Date('2026-02-03T00:00:00Z'));
    const held = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const closing = database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(`SELECT FROM billing_period WHERE starts_at = $1 FOR UPDATE`, [january]);
      held.resolve();
      await released.promise;
      await transaction.query(`UPDATE billing_period SET state = 'closed', closed_at = $2 WHERE starts_at = $1`, [
        january,
        april,
      ]);
    });
    await held.promise;
    const late = ingest(2, new Date('2026-02-03T00:00:01Z'));
    await waitsForLock();
    released.resolve();
    await Promise.all([closing, late]);
    expect(await rollups()).toMatchObject([
      { settles_in: january, count: 1 },
      { settles_in: february, count: 1 },
    ]);
  });

  it('is refused by the database itself when something tries to count it in the closed period', async () => {
    await ingest(1, new Date('2026-02-03T00:00:00Z'));
    await close(january);
    for (const table of ['usage_rollup', 'usage_hour'])
      await expect(rows(`UPDATE ${table} SET event_count = event_count + 1`)).rejects.toThrow(/is closed/);
  });

  async function waitsForLock(): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (performance.now() < deadline) {
      const waiting = await rows(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'`,
      );
      if (waiting.length > 0) return;
    }
    throw new Error('nobody waits for the period');
  }
});
