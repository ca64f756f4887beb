import { InvalidError, NotFoundError } from '#domain';
import {
  currentUsage,
  findUsageRequest,
  ingestSegment,
  listUsageRequests,
  usageBreakdown,
  usageBreakdownTable,
  usageByKey,
  usageRequestTable,
  usageSeries,
  usedOperations,
  writeTable,
} from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aTestModeEvent, aUsageEvent } from '../../support/usage-events.js';

const anchor = new Date('2026-02-01T00:00:00Z');
const noon = new Date('2026-02-10T12:00:00Z');
const minutesBefore = (minutes: number) => new Date(noon.getTime() - minutes * 60_000);

describe('reading usage', () => {
  let database: TestDatabase;
  let mine: SubscriptionRow;
  let theirs: SubscriptionRow;
  const ids: string[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(anchor.toISOString());
    const definition = aPlanDefinition({
      // The one that refuses comes second, and is the lower one.
      quotas: [
        { name: 'included', meter: 'requests', limit: 10_000, enforcement: 'soft' },
        { name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' },
      ],
      prices: [{ meter: 'requests', included: '5', price: { model: 'per_unit', unitAmount: '0.01' } }],
    });
    mine = await aSubscription(database, { definition });
    theirs = await aSubscription(database);
    database.clock.moveTo(noon);
    const events = [
      ...Array.from({ length: 20 }, (_, n) => aUsageEvent(mine, { at: minutesBefore(3 * (n + 1)) })),
      aUsageEvent(mine, {
        at: minutesBefore(2),
        status: 503,
        billable: false,
        countsToQuota: false,
        outcome: 'upstream_refused',
      }),
      aUsageEvent(mine, { at: minutesBefore(1), status: 404, billable: false, reason: 'upstream_4xx' }),
      aTestModeEvent(mine, { at: noon, endedAtMs: noon.getTime() + 35, credentialId: database.context.ids.next() }),
    ];
    ids.push(
      ...events
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    await ingestSegment(database.context, await aSegmentJob([...events, aUsageEvent(theirs, { at: noon })]));
  });
  afterAll(() => database.dispose());

  it('lists an organization’s requests, newest first, page by page, and none of another', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    let pages = 0;
    for (let next: string | null = ''; next !== null; pages++) {
      const page = await listUsageRequests(database.context, {
        organizationId: mine.organizationId,
        limit: 10,
        before,
      });
      seen.push(...page.requests.map(({ requestId }) => requestId));
      next = page.next;
      before = next ?? undefined;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(ids);
  });

  it('finds requests by application, key and id', async () => {
    const list = async (filter: object) => {
      const page = await listUsageRequests(database.context, {
        organizationId: mine.organizationId,
        limit: 100,
        ...filter,
      });
      return page.requests.length;
    };
    expect(await list({ applicationId: mine.applicationId })).toBe(23);
    expect(await list({ applicationId: theirs.applicationId })).toBe(0);
    expect(await list({ credentialId: mine.credentialId })).toBe(22);
    expect(await list({ requestId: ids[0] })).toBe(1);
  });

  it('shows one request whole, and says the same of a foreign one as of none', async () => {
    const request = await findUsageRequest(database.context, {
      organizationId: mine.organizationId,
      requestId: ids[1]!,
    });
    expect(request).toEqual({
      requestId: ids[1],
      admittedAt: minutesBefore(1),
      endedAt: new Date(minutesBefore(1).getTime() + 12),
      mode: 'live',
      organizationId: mine.organizationId,
      applicationId: mine.applicationId,
      credential: { id: mine.credentialId, keyId: expect.any(String) },
      apiVersion: { api: expect.any(String), name: 'v1' },
      operation: 'getForecast',
      method: 'GET',
      status: 404,
      outcome: 'delivered',
      reason: 'upstream_4xx',
      billable: false,
      countsToQuota: true,
      quantities: { requests: '1' },
      estimated: false,
      overrun: null,
      bytesIn: 0,
      bytesOut: 512,
      rowCount: 1,
      rows: [expect.objectContaining({ seq: 0, outcome: 'delivered', quantities: { requests: '1' } })],
    });
    expect(request.credential.keyId).not.toBe('');
    const foreign = { organizationId: theirs.organizationId, requestId: ids[1]! };
    await expect(findUsageRequest(database.context, foreign)).rejects.toThrow(NotFoundError);
  });

  it('adds usage up over time, by meter, billability and status', async () => {
    const filter = { organizationId: mine.organizationId, from: minutesBefore(61), to: new Date(noon.getTime() + 1) };
    const series = await usageSeries(database.context, { ...filter, bucket: 'hour' });
    expect(series).toEqual([
      bucket('2026-02-10T11:00:00Z', { billable: false, statusClass: 4, quantity: '1' }),
      bucket('2026-02-10T11:00:00Z', { billable: false, statusClass: 5, quantity: '1' }),
      bucket('2026-02-10T11:00:00Z', { billable: true, statusClass: 2, quantity: '20' }),
      bucket('2026-02-10T12:00:00Z', { billable: false, statusClass: 2, quantity: '1' }),
    ]);
    const ofKey = await usageSeries(database.context, { ...filter, bucket: 'day', credentialId: mine.credentialId });
    expect(ofKey.map(({ at, eventCount }) => [at, eventCount])).toEqual([
      [new Date('2026-02-10T00:00:00Z'), 1],
      [new Date('2026-02-10T00:00:00Z'), 1],
      [new Date('2026-02-10T00:00:00Z'), 20],
    ]);
    const quarters = await usageSeries(database.context, { ...filter, bucket: 'quarter' });
    expect(quarters.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(23);
  });

  it('finds requests by status, operation, outcome, billability and time', async () => {
    const list = async (filter: object) => {
      const { requests, next } = await listUsageRequests(database.context, {
        organizationId: mine.organizationId,
        limit: 100,
        ...filter,
      });
      expect(next).toBeNull();
      return requests.length;
    };
    expect(await list({ status: '4xx' })).toBe(1);
    expect(await list({ status: '503' })).toBe(1);
    expect(await list({ status: '500' })).toBe(0);
    expect(await list({ outcome: 'upstream_refused' })).toBe(1);
    expect(await list({ operation: 'getForecast' })).toBe(23);
    expect(await list({ operation: 'getAlerts' })).toBe(0);
    expect(await list({ apiVersionId: database.context.ids.next() })).toBe(0);
    expect(await list({ billable: false })).toBe(3);
    expect(await list({ billable: true, credentialId: mine.credentialId })).toBe(20);
    expect(await list({ from: minutesBefore(2), to: noon })).toBe(2);
    const { requests, next } = await listUsageRequests(database.context, {
      organizationId: mine.organizationId,
      limit: 5,
      status: '2xx',
    });
    expect([requests.length, next]).toEqual([5, requests[4]!.requestId]);
  });

  it('tells usage apart by operation, key and status, from the days and quarters that ingestion adds up', async () => {
    const filter = {
      organizationId: mine.organizationId,
      from: minutesBefore(61),
      to: new Date(noon.getTime() + 1),
      limit: 8,
    };
    const at = new Date('2026-02-10T00:00:00Z');
    const byOperation = await usageBreakdown(database.context, { ...filter, bucket: 'day', groupBy: 'operation' });
    expect(byOperation.groups.map(({ label }) => label)).toEqual([expect.stringMatching(/^getForecast \(\S+ v1\)$/)]);
    expect(byOperation.buckets).toEqual([
      {
        at,
        group: byOperation.groups[0]!.id,
        meter: 'requests',
        eventCount: 23,
        quantity: '23',
        billableQuantity: '20',
        failedQuantity: '2',
      },
    ]);
    const sumOf = async (changes: object) => {
      const { buckets } = await usageBreakdown(database.context, {
        ...filter,
        bucket: 'hour',
        groupBy: 'operation',
        ...changes,
      });
      return buckets.reduce((sum, { eventCount }) => sum + eventCount, 0);
    };
    expect(await sumOf({})).toBe(23);
    expect(await sumOf({ operation: 'getAlerts' })).toBe(0);
    expect(await sumOf({ groupBy: 'key', credentialId: mine.credentialId })).toBe(22);
    expect(await sumOf({ groupBy: 'product', statusClass: 5 })).toBe(1);
    expect(await sumOf({ bucket: 'day', groupBy: 'application', operation: 'getForecast', statusClass: 4 })).toBe(1);

    const byStatus = await usageBreakdown(database.context, { ...filter, bucket: 'day', groupBy: 'status', limit: 1 });
    expect(byStatus.groups).toEqual([{ id: '2', label: '2xx' }]);
    expect(byStatus.buckets.map(({ group, eventCount }) => [group, eventCount])).toEqual([
      ['2', 21],
      [null, 2],
    ]);
    expect(await usedOperations(database.context, filter)).toEqual([
      {
        apiVersion: { id: expect.any(String), api: expect.any(String), name: 'v1' },
        operation: 'getForecast',
        eventCount: 23,
      },
    ]);
    const tooFine = { ...filter, from: minutesBefore(3 * 1_440), bucket: 'hour', groupBy: 'operation' } as const;
    await expect(usageBreakdown(database.context, tooFine)).rejects.toThrow(/bucket=day/);
  });

  it('exports the log and the breakdown as CSV, page by page, as many rows as are asked for', async () => {
    const rowsOf = async (table: Parameters<typeof writeTable>[0]) => {
      let csv = '';
      for await (const piece of writeTable(table, 'csv', noon)) csv += piece.toString();
      return csv.trimEnd().split('\r\n');
    };
    const filter = { organizationId: mine.organizationId, limit: 22 };
    const log = await rowsOf(usageRequestTable(database.context, filter, 5));
    expect(log[0]).toMatch(/^request_id,admitted_at,duration_ms,mode,key,api,/);
    expect(log.slice(1).map((row) => row.split(',')[0])).toEqual(ids.slice(0, 22));
    const failed = await rowsOf(usageRequestTable(database.context, { ...filter, status: '5xx' }));
    expect(failed[1]).toMatch(/,getForecast,GET,503,upstream_refused,no,/);
    expect(failed).toHaveLength(2);
    const days = { from: anchor, to: new Date(noon.getTime() + 1), bucket: 'day', groupBy: 'operation' } as const;
    expect(await rowsOf(await usageBreakdownTable(database.context, { ...filter, ...days }))).toEqual([
      'from,operation,meter,events,quantity,billable_quantity,failed_quantity',
      expect.stringMatching(/^2026-02-10T00:00:00.000Z,getForecast \(\S+ v1\),requests,23,23,20,2$/),
    ]);
  });

  it('refuses a series that is too long or runs backwards', () => {
    const filter = { organizationId: mine.organizationId, bucket: 'quarter' } as const;
    const ask = (from: Date, to: Date) => () => usageSeries(database.context, { ...filter, from, to });
    expect(ask(noon, noon)).toThrow(InvalidError);
    expect(ask(anchor, new Date('2026-03-01T00:00:00Z'))).toThrow(/larger spans/);
  });

  it('tells what the current period has used, counts to the quota, and costs', async () => {
    const [usage, ...others] = await currentUsage(database.context, { organizationId: mine.organizationId });
    expect(others).toEqual([]);
    expect(usage).toMatchObject({
      subscription: { id: mine.id, currentPeriod: { start: anchor, end: new Date('2026-03-01T00:00:00Z') } },
      meters: [
        {
          slug: 'requests',
          quantity: '22',
          billableQuantity: '20',
          included: '5',
          quotas: [
            { name: 'monthly', limit: 1000, used: '21', enforcement: 'hard' },
            { name: 'included', limit: 10_000, used: '21', enforcement: 'soft' },
          ],
          quota: { name: 'monthly', limit: 1000, used: '21', enforcement: 'hard' },
        },
      ],
      currency: 'USD',
      estimateMinor: 115n,
      lines: [
        { kind: 'fixed_fee', amountMinor: 100n },
        { kind: 'usage', quantity: '20', amountMinor: 15n },
      ],
    });
    const foreign = { organizationId: theirs.organizationId, subscriptionId: mine.id };
    expect(await currentUsage(database.context, foreign)).toEqual([]);
  });

  it('tells everything that a key was billed for, request by request', async () => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ key_id: string }>(`SELECT key_id FROM credential WHERE id = $1`, [mine.credentialId]),
    );
    expect(await usageByKey(database.context, { keyId: row!.key_id })).toEqual({
      keyId: row!.key_id,
      eventCount: 22,
      billedCount: 20,
      billedQuantities: { requests: '20' },
      requestIds: ids.slice(3).toReversed(),
    });
    await expect(usageByKey(database.context, { keyId: 'unknown' })).rejects.toThrow(NotFoundError);
  });

  function bucket(at: string, facts: { billable: boolean; statusClass: number; quantity: string }) {
    return { at: new Date(at), meter: 'requests', eventCount: Number(facts.quantity), ...facts };
  }
});
