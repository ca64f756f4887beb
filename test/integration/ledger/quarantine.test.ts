import type { UsageEvent } from '#domain';
import { ingestSegment, quarantineGroups, quarantinedEvents, retryQuarantined, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { GATEWAY_ID, aSegmentJob, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';

const noon = new Date('2026-02-10T12:00:00Z');
const oneOClock = new Date('2026-02-10T13:00:00Z');
const actor = { kind: 'system', id: 'test' } as const;

describe('usage that is kept aside', () => {
  let database: TestDatabase;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-01-31T10:00:00Z');
    subscription = await aSubscription(database);
    database.clock.moveTo(noon);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await database.dispose();
  });
  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));
  const deliver = async (segment: number, ...events: readonly unknown[]) =>
    ingestSegment(database.context, await aSegmentJob(events, { segment }));
  const ahead = (overrides: Partial<UsageEvent> = {}) => aUsageEvent(subscription, { at: oneOClock, ...overrides });
  const counted = async () => Number((await rows<{ count: string }>('SELECT count(*) FROM usage_event'))[0]!.count);

  it('is counted once its time has come, as a part of the segment that brought it, and proven', async () => {
    await deliver(1, aUsageEvent(subscription, { at: noon }), ahead(), ahead());
    await deliver(2, ahead());
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 0, kept: { in_future: 3 } });
    expect(await counted()).toBe(1);
    database.clock.moveTo(oneOClock);
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 3, kept: {} });
    expect(await rows('SELECT segment::integer, count(*)::integer FROM usage_event GROUP BY 1 ORDER BY 1')).toEqual([
      { segment: 1, count: 3 },
      { segment: 2, count: 1 },
    ]);
    expect(await rows(`SELECT sum(event_count)::integer AS count FROM usage_rollup`)).toEqual([{ count: 4 }]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
    expect(await quarantineGroups(database.context)).toEqual([]);
    expect(
      await rows(`SELECT action, noun_id AS id, details FROM audit_log WHERE noun = 'segment' ORDER BY noun_id`),
    ).toEqual([
      { action: 'counted events kept aside of', id: `${GATEWAY_ID}/1/1`, details: { events: 2 } },
      { action: 'counted events kept aside of', id: `${GATEWAY_ID}/1/2`, details: { events: 1 } },
    ]);
  });

  it('is listed and counted to its end when there is more than is read at a time', async () => {
    const many = 1_001;
    await deliver(1, ahead());
    database.clock.moveTo(noon.getTime() + 60_000);
    await deliver(2, ...Array.from({ length: many - 1 }, () => ahead()));
    expect(await quarantineGroups(database.context)).toEqual([
      {
        gatewayId: GATEWAY_ID,
        reason: 'in_future',
        count: many,
        firstKeptAt: noon,
        lastKeptAt: new Date(noon.getTime() + 60_000),
      },
    ]);
    const seen = new Set<string>();
    for await (const { eventId } of quarantinedEvents(database.context)) {
      expect(seen.has(eventId)).toBe(false);
      seen.add(eventId);
    }
    expect(seen.size).toBe(many);
    // What stays is gone past, or it would be tried again and again.
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 0, kept: { in_future: many } });
    database.clock.moveTo(oneOClock);
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: many, kept: {} });
    expect(await counted()).toBe(many);
  });

  it('is counted once by however many who try at a time, and never a second time', async () => {
    await deliver(1, ...Array.from({ length: 20 }, () => ahead()));
    database.clock.moveTo(oneOClock);
    const results = await Promise.all(Array.from({ length: 4 }, () => retryQuarantined(database.context, { actor })));
    expect(results.map((result) => result.counted).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 20]);
    const once = await readLedgerTotals(database);
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 0, kept: {} });
    expect(await readLedgerTotals(database)).toEqual(once);
    expect(await counted()).toBe(20);
  });

  it('stays where it is when the ledger has its id by now, with another content; with the same it is counted already', async () => {
    const [same, other] = [ahead(), ahead()];
    await deliver(1, same, other);
    database.clock.moveTo(oneOClock);
    await deliver(2, same, { ...other, quantities: { requests: '1000' } });
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 1, kept: { content_differs: 1 } });
    expect(await counted()).toBe(2);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('leaves the second of two with one id to be compared with the first', async () => {
    const event = ahead();
    await deliver(1, event);
    await deliver(2, { ...event, status: 404 });
    database.clock.moveTo(oneOClock);
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 1, kept: { content_differs: 1 } });
    expect(await rows('SELECT status FROM usage_event')).toEqual([{ status: 200 }]);
  });

  it('is never counted when it contradicts its segment, or is none that can be read', async () => {
    await deliver(1, aUsageEvent(subscription, { at: noon }), 'malformed');
    await deliver(1, aUsageEvent(subscription, { at: noon }));
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 0, kept: {} });
    expect(await quarantineGroups(database.context)).toMatchObject([
      { gatewayId: GATEWAY_ID, reason: 'malformed', count: 1 },
      { gatewayId: GATEWAY_ID, reason: 'segment_differs', count: 1 },
    ]);
  });

  it('is shown, counted and dismissed on the command line', async () => {
    const commandLine = new CommandLine(database);
    const run = (...words: readonly string[]) => commandLine.run('quarantine', ...words);
    try {
      expect(await run('list')).toEqual({ code: 0, output: 'No event is kept aside.\n' });
      await deliver(1, ahead(), 'malformed');
      expect(await run('list')).toEqual({
        code: 1,
        output: `${GATEWAY_ID}  in_future  1 events, kept from ${noon.toISOString()} to ${noon.toISOString()}
${GATEWAY_ID}  malformed  1 events, kept from ${noon.toISOString()} to ${noon.toISOString()}\n`,
      });
      const listed = await run('list', '--reason', 'malformed', '--json');
      expect(JSON.parse(listed.output)).toMatchObject({ reason: 'malformed', event: '"malformed"', segment: 1 });
      expect(await run('retry', '--reason', 'malformed')).toEqual({
        code: 0,
        output: '0 events are in the ledger now.\n',
      });
      expect(await run('retry', '--gateway', 'another')).toMatchObject({ code: 0 });
      await expect(run('list', '--reason', 'strange')).rejects.toThrow('expected one of malformed, in_future');
      await expect(run('dismiss', '--note', 'test')).rejects.toThrow('--reason');
      await expect(run('dismiss', '--reason', 'malformed')).rejects.toThrow('--note');
      const dismissed = await run('dismiss', '--reason', 'malformed', '--note', 'a gateway of the drill');
      expect(dismissed).toEqual({ code: 0, output: '1 events will not be counted. They are kept.\n' });
      const [audited] = await rows(`SELECT action, details FROM audit_log WHERE noun = 'segment'`);
      expect(audited).toEqual({
        action: 'dismissed events kept aside of',
        details: { events: 1, note: 'a gateway of the drill' },
      });
      expect((await run('list')).output).toContain('in_future');
      expect((await run('list')).output).not.toContain('malformed');
    } finally {
      commandLine.dispose();
    }
  });

  it('once dismissed, is not counted by whoever looked at it before', async () => {
    await deliver(1, ahead());
    const commandLine = new CommandLine(database);
    try {
      await commandLine.run('quarantine', 'dismiss', '--reason', 'in_future', '--note', 'of a test');
    } finally {
      commandLine.dispose();
    }
    database.clock.moveTo(oneOClock);
    expect(await retryQuarantined(database.context, { actor })).toEqual({ counted: 0, kept: {} });
    expect(await counted()).toBe(0);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });
});
