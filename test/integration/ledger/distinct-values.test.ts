import { valueHash } from '#domain';
import {
  closeDuePeriods,
  currentUsage,
  explainLine,
  ingestSegment,
  ingestSegments,
  reaggregateUsage,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type UsageEventOptions, aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const february = new Date('2026-02-01T00:00:00Z');
const march = new Date('2026-03-01T00:00:00Z');
const aDollar = { model: 'per_unit', unitAmount: '1' } as const;

describe('values that a meter counts once', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(february.toISOString());
    subscription = await aSubscription(database, {
      definition: aPlanDefinition({
        fixedFee: '0',
        prices: [
          { meter: 'users', aggregation: 'unique', included: '1', price: aDollar },
          { meter: 'seats', aggregation: 'max', included: '0', price: aDollar },
          { meter: 'disk', aggregation: 'last', included: '0', price: aDollar },
          { meter: 'calls', aggregation: 'count', included: '0', price: aDollar },
        ],
      }),
    });
    database.clock.moveTo('2026-02-20T00:00:00Z');
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const anEvent = (user: string | null, options: UsageEventOptions = {}) =>
    aUsageEvent(subscription, {
      at: new Date('2026-02-10T12:00:00Z'),
      quantities: { users: '1' },
      ...(user !== null && { distinctValues: { users: valueHash(subscription.id, 'users', user) } }),
      ...options,
    });
  const counted = () =>
    rows<{ settles: Date; values: number }>(
      `SELECT settles_in AS settles, count(*)::integer AS values FROM usage_distinct_value GROUP BY 1 ORDER BY 1`,
    );
  const lines = () =>
    rows(
      `SELECT invoice_line.kind, meter, trim_scale(quantity)::text AS quantity, amount_minor::integer AS amount FROM invoice_line
       JOIN invoice ON invoice.id = invoice_id ORDER BY invoice.period_start, position`,
    );
  const linesOfUsers = () =>
    rows<{ invoice: string; line: number; quantity: string }>(
      `SELECT invoice_id AS invoice, position AS line, trim_scale(quantity)::text AS quantity FROM invoice_line
       JOIN invoice ON invoice.id = invoice_id WHERE meter = 'users' ORDER BY invoice.period_start, position`,
    );
  const close = async (at: string) => {
    database.clock.moveTo(at);
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
  };

  it('are there once, whatever is delivered twice, by several workers, together or one by one', async () => {
    const users = Array.from({ length: 40 }, (_, index) => `user-${index % 13}`);
    const jobs = await Promise.all(
      Array.from({ length: 6 }, (_, segment) =>
        aSegmentJob(
          users.map((user) => anEvent(user)),
          { segment: segment + 1 },
        ),
      ),
    );
    const repeated = jobs.map((job) => ({ ...job, attempt: 2 }));
    const results = await Promise.all([
      ingestSegments(database.context, jobs.slice(0, 3)),
      ingestSegments(database.context, repeated.toReversed()),
      ...jobs.map((job) => ingestSegment(database.context, job)),
    ]);
    expect(results.flat().filter((result) => 'reason' in result)).toEqual([]);
    expect(await counted()).toEqual([{ settles: february, values: 13 }]);
    expect(await rows(`SELECT count(*)::integer AS events FROM usage_event`)).toEqual([{ events: 240 }]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('are not taken from events that the ledger keeps aside, nor from calls with test keys', async () => {
    const first = anEvent('ada');
    await ingestSegment(database.context, await aSegmentJob([first]));
    const other = { ...first, distinctValues: { users: valueHash(subscription.id, 'users', 'grace') } };
    const result = await ingestSegment(database.context, await aSegmentJob([other], { segment: 2 }));
    expect(result).toMatchObject({ inserted: 0, quarantined: 1 });
    expect(await counted()).toEqual([{ settles: february, values: 1 }]);
    const malformed = { ...anEvent('ada'), distinctValues: { users: 'ada@example.com' } };
    const refused = await ingestSegment(database.context, await aSegmentJob([malformed], { segment: 3 }));
    expect(refused).toMatchObject({ inserted: 0, quarantined: 1 });
  });

  it('are what is used and billed, as the highest, the last and the number of events are', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 1, day, 12));
    const quantities = (seats: string, disk: string) => ({ users: '1', seats, disk, calls: '7' });
    const events = [
      anEvent('ada', { at: at(10), quantities: quantities('3', '50') }),
      anEvent('grace', { at: at(12), quantities: quantities('9', '20.5') }),
      anEvent('ada', { at: at(11), quantities: quantities('4', '80') }),
      anEvent('alan', { at: at(9), quantities: quantities('100', '1'), billable: false }),
      anEvent(null, { at: at(8), quantities: quantities('1', '1') }),
    ];
    await ingestSegments(database.context, [
      await aSegmentJob(events.slice(0, 3)),
      await aSegmentJob(events.slice(3), { segment: 2 }),
    ]);
    await rows(
      `INSERT INTO meter VALUES ($1, $2, 'users', 'Users', 'user', 'unique', '[]', '{"from": "application"}')`,
      [database.context.ids.next(), subscription.apiProductId],
    );
    const [usage] = await currentUsage(database.context, { organizationId: subscription.organizationId });
    expect(usage!.meters.find(({ slug }) => slug === 'users')).toMatchObject({
      aggregation: 'unique',
      quantity: '3',
      billableQuantity: '2',
    });
    const billed = [
      { kind: 'usage', meter: 'users', quantity: '2', amount: 100 },
      { kind: 'usage', meter: 'seats', quantity: '9', amount: 900 },
      { kind: 'usage', meter: 'disk', quantity: '20.5', amount: 2050 },
      { kind: 'usage', meter: 'calls', quantity: '4', amount: 400 },
    ];
    expect(usage!.estimateMinor).toBe(3450n);
    await close('2026-03-01T02:00:00Z');
    expect(await lines()).toEqual(billed);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('cost nothing when they come late and were counted, and are a late line when they were not', async () => {
    await ingestSegment(database.context, await aSegmentJob([anEvent('ada'), anEvent('grace')]));
    await close('2026-03-01T02:00:00Z');
    await ingestSegment(database.context, await aSegmentJob([anEvent('ada'), anEvent('alan')], { segment: 2 }));
    expect(await counted()).toEqual([
      { settles: february, values: 2 },
      { settles: march, values: 1 },
    ]);
    await close('2026-04-01T02:00:00Z');
    expect((await lines()).filter((line) => (line as { kind: string }).kind === 'late_usage')).toEqual([
      { kind: 'late_usage', meter: 'users', quantity: '1', amount: 100 },
    ]);
    for (const { invoice, line, quantity } of await linesOfUsers()) {
      const explained = await explainLine(database.context, { invoice, line });
      expect(explained).toMatchObject({ aggregation: 'unique', units: quantity, agrees: true });
    }
    expect(await linesOfUsers()).toMatchObject([{ quantity: '2' }, { quantity: '0' }, { quantity: '1' }]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('of a closed period cannot be added, nor any be changed or taken away', async () => {
    await ingestSegment(database.context, await aSegmentJob([anEvent('ada')]));
    await close('2026-03-01T02:00:00Z');
    const add = rows(
      `INSERT INTO usage_distinct_value SELECT (jsonb_populate_record(one, '{"value_hash": "\\\\x00112233445566778899aabbccddeeff"}')).*
       FROM usage_distinct_value AS one`,
    );
    await expect(add).rejects.toThrow(/is closed/);
    await expect(rows(`UPDATE usage_distinct_value SET meter = 'others'`)).rejects.toThrow(/permission denied/);
    await expect(rows(`DELETE FROM usage_distinct_value`)).rejects.toThrow(/permission denied/);
  });

  it.each([
    ['taken away', `DELETE FROM usage_distinct_value WHERE value_hash = $1`, 'not counted'],
    [
      'invented',
      `INSERT INTO usage_distinct_value SELECT (jsonb_populate_record(one,
         '{"value_hash": "\\\\x00112233445566778899aabbccddeeff"}')).* FROM usage_distinct_value AS one WHERE value_hash = $1`,
      'counted in the period from 2026-02-01T00:00:00.000Z',
    ],
    [
      'moved to a later bill',
      `UPDATE usage_distinct_value SET settles_in = '2026-03-01T00:00:00Z' WHERE value_hash = $1`,
      'counted in the period from 2026-03-01T00:00:00.000Z',
    ],
  ])('that are %s are named by the proof, and no invoice is made from them', async (_, sql, actual) => {
    const hash = valueHash(subscription.id, 'users', 'ada');
    await ingestSegment(
      database.context,
      await aSegmentJob([anEvent('ada'), anEvent('grace'), anEvent('ada', { at: new Date('2026-03-02T00:00:00Z') })]),
    );
    await tamper(database, sql, [Buffer.from(hash, 'hex')]);
    const { checks } = await verifyLedger(database.context);
    const difference = checks.find(({ name }) => name === 'rollups')!.difference!;
    expect(difference).toMatchObject({ actual, row: expect.stringContaining('usage_distinct_value') });
    expect(difference.row).toContain('meter=users');
    const found: unknown[] = [];
    await reaggregateUsage(
      database.context,
      { from: new Date('2026-02-10T12:00:00Z'), to: new Date('2026-02-10T12:15:00Z') },
      (one) => void found.push(one),
    );
    expect(found.length).toBeGreaterThan(0);
    database.clock.moveTo('2026-03-01T02:00:00Z');
    const closing = await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    expect(JSON.stringify(closing)).toMatch(/usage_not_proven|users from 2026-02-01/);
    expect(await rows(`SELECT 1 FROM invoice`)).toEqual([]);
  });

  it('are numbered rightly when workers add the same ones at once, billed and not billed', async () => {
    const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    const segments = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const isBilled = index % 2 === 0;
        const named = users.filter((_, user) => isBilled || user % 3 !== 0);
        const events = named.map((user) => anEvent(user, isBilled ? {} : { status: 500, billable: false }));
        return aSegmentJob(events, { segment: index + 1 });
      }),
    );
    const both = segments.splice(-2);
    await Promise.all([
      ...segments.map((segment) => ingestSegment(database.context, segment)),
      ingestSegments(database.context, both),
    ]);
    await ingestSegment(
      database.context,
      await aSegmentJob([anEvent('never billed', { status: 500, billable: false })], { segment: 9 }),
    );
    expect(
      await rows(`SELECT value_count::int AS all, billable_count::int AS billable FROM usage_distinct_count`),
    ).toEqual([{ all: 31, billable: 30 }]);
    expect(await rows(`SELECT value_count::int AS values FROM usage_settled_value_count`)).toEqual([{ values: 30 }]);
    const [current] = await currentUsage(database.context, { organizationId: subscription.organizationId });
    expect(current!.lines.find(({ meter }) => meter === 'users')).toMatchObject({ quantity: '30' });
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('are numbered once when one is added as billed and as not billed in two transactions at once', async () => {
    await ingestSegment(database.context, await aSegmentJob([anEvent('ada')]));
    const add = (isBilled: boolean) =>
      `INSERT INTO usage_distinct_value SELECT (jsonb_populate_record(one,
         '{"value_hash": "\\\\x00112233445566778899aabbccddeeff", "billable": ${isBilled}}')).*
       FROM usage_distinct_value AS one WHERE value_hash <> '\\x00112233445566778899aabbccddeeff'`;
    let second: Promise<unknown> = Promise.resolve();
    await database.unitOfWork.inSystem(async (transaction) => {
      await transaction.query(add(true));
      second = rows(add(false));
      const waiting = () =>
        rows(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
      await eventually(waiting, (found) => found.length === 1);
    });
    await second;
    expect(
      await rows(`SELECT value_count::int AS all, billable_count::int AS billable FROM usage_distinct_count`),
    ).toEqual([{ all: 2, billable: 2 }]);
  });

  it.each([
    ['all', `UPDATE usage_distinct_count SET value_count = value_count + 1`, 'usage_distinct_count', '2', '3'],
    ['billable', `UPDATE usage_distinct_count SET billable_count = 1`, 'usage_distinct_count', '2', '1'],
    ['missing', `DELETE FROM usage_distinct_count`, 'usage_distinct_count', '2', '0'],
    ['settled', `UPDATE usage_settled_value_count SET value_count = 5`, 'usage_settled_value_count', '2', '5'],
  ])('whose number is wrong (%s) are named by the proof', async (kind, sql, table, present, kept) => {
    await ingestSegment(database.context, await aSegmentJob([anEvent('ada'), anEvent('grace')]));
    await expect(rows(sql)).rejects.toThrow(/permission denied/);
    await tamper(database, sql);
    const { checks } = await verifyLedger(database.context);
    expect(checks.find(({ name }) => name === 'rollups')!.difference).toMatchObject({
      row: expect.stringContaining(`${table} subscription_id=${subscription.id}`),
      expected: expect.stringMatching(`^${present} different`),
      actual: expect.stringMatching(`^${kept} different`),
    });
    if (kind !== 'settled') return;
    database.clock.moveTo('2026-03-01T02:00:00Z');
    const closing = await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    expect(JSON.stringify(closing)).toMatch(/There are 2 different values of users from 2026-02-01.*and 5 are counted/);
    expect(await rows(`SELECT 1 FROM invoice`)).toEqual([]);
  });
});
