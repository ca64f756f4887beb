import { UnitOfWork } from '#persistence';
import { type UsedPeriod, ingestSegment, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aTestModeEvent, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';

const anchor = new Date('2026-01-31T10:00:00Z');
const noon = new Date('2026-02-10T12:00:00Z');

describe('ingesting a segment', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(anchor.toISOString());
    subscription = await aSubscription(database);
    database.clock.moveTo(noon);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const quarantine = () =>
    rows<{ reason: string }>(`SELECT event_id, seq, reason, event FROM usage_event_quarantine ORDER BY id`);

  it('stores the events, acknowledges the segment and adds up quarters of an hour by admission', async () => {
    const at = (time: string) => new Date(`2026-02-10T${time}Z`);
    const events = [
      aUsageEvent(subscription, { at: at('11:14:59.999'), quantities: { requests: '1', tokens: '0.5' } }),
      aUsageEvent(subscription, { at: at('11:15:00.000'), quantities: { requests: '1', tokens: '12.25' } }),
      aUsageEvent(subscription, {
        at: at('11:29:59.999'),
        endedAtMs: at('11:31:00').getTime(),
        quantities: { requests: '1' },
      }),
      aUsageEvent(subscription, { at: at('11:20:00'), status: 502, outcome: 'upstream_refused', billable: false }),
      aTestModeEvent(subscription, { at: at('11:20:01') }),
    ];
    expect(await ingestSegment(database.context, await aSegmentJob(events))).toEqual({
      status: 'ingested',
      inserted: 5,
      duplicates: 0,
      quarantined: 0,
    });
    const rollup = await rows(
      `SELECT mode, meter, to_char(bucket_at, 'HH24:MI') AS bucket, status_class, billable, event_count::integer AS count,
         trim_scale(quantity_sum)::text AS quantity, settles_in = period_start AS own
       FROM usage_rollup ORDER BY mode, meter, bucket_at, billable`,
    );
    const live = { mode: 'live', status_class: 2, billable: true, own: true };
    expect(rollup).toEqual([
      { ...live, meter: 'requests', bucket: '11:00', count: 1, quantity: '1' },
      { ...live, meter: 'requests', bucket: '11:15', count: 1, quantity: '1', status_class: 5, billable: false },
      { ...live, meter: 'requests', bucket: '11:15', count: 2, quantity: '2' },
      { ...live, meter: 'tokens', bucket: '11:00', count: 1, quantity: '0.5' },
      { ...live, meter: 'tokens', bucket: '11:15', count: 1, quantity: '12.25' },
      {
        mode: 'test',
        meter: 'requests',
        bucket: '11:15',
        count: 1,
        quantity: '1',
        status_class: 2,
        billable: false,
        own: null,
      },
    ]);
    expect(await rows(`SELECT event_count, quantity_sums, acknowledged_at FROM segment_manifest`)).toEqual([
      { event_count: 5, quantity_sums: { requests: '5', tokens: '12.75' }, acknowledged_at: noon },
    ]);
  });

  it('counts a call that has used nothing of any meter as one of none, which is neither billed nor in a quota', async () => {
    const call = aUsageEvent(subscription, { at: noon, quantities: {} });
    const events = [
      call,
      { ...call, seq: 1, outcome: 'interrupted' },
      aUsageEvent(subscription, { at: noon, quantities: {}, status: 404, billable: false, countsToQuota: false }),
      aUsageEvent(subscription, { at: noon, quantities: { requests: '1' } }),
    ];
    await ingestSegment(database.context, await aSegmentJob(events));
    const of = (table: string) =>
      rows(`SELECT meter, status_class AS status, billable, event_count::integer AS count, quantity_sum::float AS units
            FROM ${table} ORDER BY meter, status_class`);
    const expected = [
      { meter: '', status: 2, billable: false, count: 1, units: 1 },
      { meter: '', status: 4, billable: false, count: 1, units: 1 },
      { meter: 'requests', status: 2, billable: true, count: 1, units: 1 },
    ];
    for (const table of ['usage_rollup', 'usage_hour', 'usage_operation_day'])
      expect(await of(table)).toEqual(expected);
    expect(await rows(`SELECT counts_to_quota AS counts FROM usage_rollup WHERE meter = ''`)).toEqual([
      { counts: false },
      { counts: false },
    ]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('notes to the minute when a key was last used, and never goes back', async () => {
    const lastUse = async () => {
      const [row] = await rows<{ at: Date | null }>('SELECT last_used_at AS at FROM credential WHERE id = $1', [
        subscription.credentialId,
      ]);
      return row!.at?.toISOString() ?? null;
    };
    const ingestAt = async (segment: number, ...times: readonly string[]) => {
      const events = times.map((time) => aUsageEvent(subscription, { at: new Date(`2026-02-10T${time}Z`) }));
      await ingestSegment(database.context, await aSegmentJob(events, { segment }));
    };
    expect(await lastUse()).toBeNull();
    await ingestAt(1, '11:20:59.999', '11:10:00');
    expect(await lastUse()).toBe('2026-02-10T11:20:00.000Z');
    await ingestAt(2, '11:19:00');
    expect(await lastUse()).toBe('2026-02-10T11:20:00.000Z');
    await Promise.all([ingestAt(3, '11:30:10'), ingestAt(4, '11:31:10'), ingestAt(5, '11:29:10')]);
    expect(await lastUse()).toBe('2026-02-10T11:31:00.000Z');
  });

  it('acknowledges the same segment again without counting anything twice', async () => {
    const events = [aUsageEvent(subscription, { at: noon }), aUsageEvent(subscription, { at: noon })];
    await ingestSegment(database.context, await aSegmentJob(events));
    const once = await readLedgerTotals(database);
    const again = await ingestSegment(database.context, await aSegmentJob(events, { attempt: 2 }));
    expect(again).toEqual({ status: 'already_acknowledged', inserted: 0, duplicates: 2, quarantined: 0 });
    expect(await readLedgerTotals(database)).toEqual(once);
  });

  it('counts an event once that comes in two segments, or twice in one', async () => {
    const [first, second] = [aUsageEvent(subscription, { at: noon }), aUsageEvent(subscription, { at: noon })];
    await ingestSegment(database.context, await aSegmentJob([first, first]));
    const result = await ingestSegment(database.context, await aSegmentJob([first, second], { segment: 2 }));
    expect(result).toEqual({ status: 'ingested', inserted: 1, duplicates: 1, quarantined: 0 });
    expect(await rows(`SELECT event_count FROM usage_rollup`)).toEqual([{ event_count: '2' }]);
    expect(await quarantine()).toEqual([]);
  });

  it('keeps an event aside whose id is known with another content, across segments and within one', async () => {
    const event = aUsageEvent(subscription, { at: noon });
    const forged = { ...event, quantities: { requests: '1000' } };
    const twisted = { ...event, status: 404 };
    await ingestSegment(database.context, await aSegmentJob([event, forged]));
    const result = await ingestSegment(database.context, await aSegmentJob([twisted], { segment: 2 }));
    expect(result).toEqual({ status: 'ingested', inserted: 0, duplicates: 0, quarantined: 1 });
    expect(await quarantine()).toEqual([
      { event_id: event.id, seq: 0, reason: 'content_differs', event: forged },
      { event_id: event.id, seq: 0, reason: 'content_differs', event: twisted },
    ]);
    expect(await rows(`SELECT quantity_sum::float FROM usage_rollup`)).toEqual([{ quantity_sum: 1 }]);
  });

  it('changes nothing when a segment comes back with another content, and keeps what is unknown aside, once', async () => {
    const [known, other] = [aUsageEvent(subscription, { at: noon }), aUsageEvent(subscription, { at: noon })];
    await ingestSegment(database.context, await aSegmentJob([known]));
    const once = await readLedgerTotals(database);
    const conflicting = await aSegmentJob([known, other, 'no event']);
    const results = [
      await ingestSegment(database.context, conflicting),
      await ingestSegment(database.context, { ...conflicting, attempt: 2 }),
    ];
    expect(results).toEqual(Array(2).fill({ status: 'hash_conflict', inserted: 0, duplicates: 1, quarantined: 2 }));
    expect(await readLedgerTotals(database)).toEqual(once);
    expect((await quarantine()).map(({ reason }) => reason)).toEqual(['segment_differs', 'segment_differs']);
  });

  it('takes an event up to five minutes ahead of the clock, and keeps later ones aside', async () => {
    const ahead = (ms: number) => aUsageEvent(subscription, { at: new Date(noon.getTime() + ms) });
    const result = await ingestSegment(database.context, await aSegmentJob([ahead(300_000), ahead(300_001)]));
    expect(result).toMatchObject({ inserted: 1, quarantined: 1 });
    expect(await quarantine()).toMatchObject([{ reason: 'in_future' }]);
  });

  it('keeps malformed events aside without holding up the others', async () => {
    const good = aUsageEvent(subscription, { at: noon });
    const bad: unknown[] = [
      'no JSON {',
      '"\\u0000 a text that Postgres cannot hold"',
      null,
      [good],
      { ...good, id: 'not-a-uuid' },
      { ...good, id: '0190aaaa-0000-4000-8000-000000000000' },
      { ...good, quantities: { requests: 1 } },
      { ...good, quantities: { requests: '-1' } },
      { ...good, quantities: { 'a"b': '1' } },
      { ...good, quantities: { requests: '9999999999999999' } },
      { ...good, operation: 'tab\there' },
      { ...good, operation: 'lone \ud800' },
      { ...good, status: '200' },
      { ...good, seq: 70_000 },
      { ...good, phaseId: null },
      { ...good, mode: 'test' },
      { ...good, gatewayId: 'another' },
      { ...good, endedAtMs: 1e18 },
      { ...good, billable: undefined },
    ];
    const result = await ingestSegment(database.context, await aSegmentJob([...bad, good]));
    expect(result).toEqual({ status: 'ingested', inserted: 1, duplicates: 0, quarantined: bad.length });
    const kept = await quarantine();
    expect(kept.map(({ reason }) => reason)).toEqual(bad.map(() => 'malformed'));
    expect(await rows(`SELECT event_count FROM segment_manifest`)).toEqual([{ event_count: bad.length + 1 }]);
  });

  it('keeps events aside that no period of their subscription can bill', async () => {
    const other = await aSubscription(database, { anchorAt: anchor });
    const beforeAnchor = new Date(anchor.getTime() - 600_000);
    const periodStartMs = anchor.getTime();
    const events = [
      aUsageEvent(subscription, { at: noon, phaseId: other.phaseId }),
      aUsageEvent(subscription, { at: noon, organizationId: other.organizationId }),
      aUsageEvent(subscription, { at: noon, subscriptionId: database.context.ids.next() }),
      aUsageEvent(subscription, { at: noon, periodStartMs: periodStartMs + 1 }),
      aUsageEvent(subscription, { at: noon, periodStartMs: Date.parse('2026-02-28T10:00:00Z') }),
      aUsageEvent(subscription, { at: beforeAnchor }),
      aUsageEvent(subscription, { at: beforeAnchor, periodStartMs }),
    ];
    await ingestSegment(database.context, await aSegmentJob(events));
    expect((await quarantine()).map(({ reason }) => reason)).toEqual([
      ...Array<string>(3).fill('unknown_subscription'),
      ...Array<string>(4).fill('wrong_period'),
    ]);
    expect(await rows(`SELECT id FROM usage_event`)).toEqual([]);
    expect(await rows(`SELECT count(*)::integer AS count FROM billing_period`)).toEqual([{ count: 2 }]);
  });

  it('bills the first request of a gateway whose clock is a little behind in the first period', async () => {
    const early = aUsageEvent(subscription, { at: new Date(anchor.getTime() - 300), periodStartMs: anchor.getTime() });
    expect(await ingestSegment(database.context, await aSegmentJob([early]))).toMatchObject({
      inserted: 1,
      quarantined: 0,
    });
  });

  it('opens the period of an event when it does not exist yet', async () => {
    database.clock.moveTo('2026-04-05T00:00:00Z');
    await ingestSegment(
      database.context,
      await aSegmentJob([aUsageEvent(subscription, { at: new Date('2026-04-01T00:00:00Z') })]),
    );
    expect(await rows(`SELECT starts_at, ends_at, state FROM billing_period ORDER BY starts_at`)).toEqual([
      { starts_at: anchor, ends_at: new Date('2026-02-28T10:00:00Z'), state: 'open' },
      { starts_at: new Date('2026-03-31T10:00:00Z'), ends_at: new Date('2026-04-30T10:00:00Z'), state: 'open' },
    ]);
  });

  it('acknowledges a segment without events', async () => {
    expect(await ingestSegment(database.context, await aSegmentJob([]))).toMatchObject({
      status: 'ingested',
      inserted: 0,
    });
    expect(await rows(`SELECT event_count FROM segment_manifest`)).toEqual([{ event_count: 0 }]);
  });

  it('refuses a job whose content is not what its hash says', async () => {
    const job = await aSegmentJob([aUsageEvent(subscription)]);
    const other = await aSegmentJob([aUsageEvent(subscription)]);
    await expect(ingestSegment(database.context, { ...job, events: other.events })).rejects.toThrow(/hash/);
    expect(await rows(`SELECT FROM segment_manifest`)).toEqual([]);
  });

  it('tells whose usage has grown, and nobody when none has', async () => {
    const used: (readonly UsedPeriod[])[] = [];
    const job = await aSegmentJob([
      aUsageEvent(subscription, { at: noon }),
      aTestModeEvent(subscription, { at: noon }),
    ]);
    for (const attempt of [1, 2])
      await ingestSegment(database.context, { ...job, attempt }, (periods) => used.push(periods));
    expect(used).toEqual([[{ subscriptionId: subscription.id, periodStart: anchor }]]);
  });

  it('tries again when others were in its way, five times in all', async () => {
    const job = await aSegmentJob([aUsageEvent(subscription, { at: noon })]);
    await expect(ingestSegment(inTheWay(5), job)).rejects.toMatchObject({ code: '40P01' });
    expect(await ingestSegment(inTheWay(4), job)).toMatchObject({ status: 'ingested', inserted: 1 });
  });

  /** The first transactions end as the victims of deadlocks. */
  function inTheWay(times: number) {
    const unitOfWork = new UnitOfWork(database.dataSource);
    const inSystem = unitOfWork.inSystem.bind(unitOfWork);
    let left = times;
    unitOfWork.inSystem = (work) =>
      inSystem(async (transaction) => {
        if (left-- > 0)
          await transaction.query(`DO $$ BEGIN RAISE 'deadlock detected' USING ERRCODE = '40P01'; END $$`);
        return work(transaction);
      });
    return { ...database.context, unitOfWork };
  }
});
