import type { UsageEvent } from '#domain';
import { findUsageRequest, ingestSegment, listUsageRequests, usageByKey } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aTestModeEvent } from '../../support/usage-events.js';
import { TestArchive } from '../../support/usage-archive.js';

/** More than are read at a time. */
const CALLS = 150;

describe('the request log of a long archived day', () => {
  let database: TestDatabase;
  let archive: TestArchive;
  let organizationId: string;
  let credentialId: string;
  let otherKey: { readonly id: string; readonly request: string };
  let stream: UsageEvent;

  beforeAll(async () => {
    database = await createTestDatabase('2026-02-10T12:00:00Z');
    const anchorAt = new Date('2026-05-01T00:00:00Z');
    const [subscription, neighbour] = [
      await aSubscription(database, { anchorAt }),
      await aSubscription(database, { anchorAt }),
    ];
    ({ organizationId, credentialId } = subscription);
    const at = (second: number) => new Date(Date.parse('2026-02-10T10:00:00Z') + second * 1_000);
    const calls = Array.from({ length: CALLS }, (_, index) => aTestModeEvent(subscription, { at: at(index) }));
    const row = { outcome: 'checkpoint', quantities: { messages: '2' }, status: 101 } as const;
    stream = aTestModeEvent(subscription, { at: at(CALLS - 64), ...row });
    const rare = aTestModeEvent(subscription, { at: at(3), credentialId: database.context.ids.next() });
    otherKey = { id: rare.credentialId, request: rare.id };
    const others = Array.from({ length: 40 }, (_, index) => aTestModeEvent(neighbour, { at: at(index) }));
    const rows = [1, 2, 3].map((seq) => ({ ...stream, seq }));
    const events = [...calls, rare, stream, ...rows, ...others];
    await ingestSegment(database.context, await aSegmentJob(events));
    database.clock.moveTo(new Date('2026-03-01T00:00:00Z'));
    const recent = aTestModeEvent(subscription, { at: new Date('2026-02-28T23:00:00Z') });
    await ingestSegment(database.context, await aSegmentJob([recent], { segment: 2 }));
    archive = new TestArchive(database, { blockBytes: 1 });
    expect(await archive.archiveAll(7)).toMatchObject([{ status: 'archived', eventCount: events.length }]);
  });
  afterAll(async () => {
    archive.dispose();
    await database.dispose();
  });

  async function pages(filter: { readonly credentialId?: string }, limit: number) {
    const found = [];
    for (let before: string | undefined; ;) {
      const page = await listUsageRequests(archive.context, { organizationId, ...filter, before, limit });
      found.push(page);
      if (page.next === null) return found;
      expect(page.next < (before ?? 'g')).toBe(true);
      before = page.next;
    }
  }

  it('comes page by page, each request once, across ledger and archive', async () => {
    for (const limit of [1, 7, 50, 200]) {
      const ids = (await pages({}, limit)).flatMap(({ requests }) => requests.map(({ requestId }) => requestId));
      expect(ids).toHaveLength(1 + CALLS + 2);
      expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    }
  });

  it('looks at a bounded part of the archive at a time, and says where to go on', async () => {
    const found = await pages({ credentialId: otherKey.id }, 10);
    expect(found.length).toBeGreaterThan(2);
    expect(found.flatMap(({ requests }) => requests.map(({ requestId }) => requestId))).toEqual([otherKey.request]);
  });

  it('has a stream whole, though its rows are in several blocks', async () => {
    const receipt = await findUsageRequest(archive.context, { organizationId, requestId: stream.id });
    expect(receipt).toMatchObject({ rowCount: 4, quantities: { messages: '8' } });
    expect(receipt.rows.map(({ seq }) => seq)).toEqual([3, 2, 1, 0]);
    const listed = (await pages({}, 50)).flatMap(({ requests }) => requests);
    expect(listed.find(({ requestId }) => requestId === stream.id)).toMatchObject({ rowCount: 4 });
  });

  it('is counted by key, however long it is', async () => {
    const keyId = `t${credentialId.replaceAll('-', '').slice(-20)}`;
    expect(await usageByKey(archive.context, { keyId })).toMatchObject({ eventCount: 1 + CALLS + 1, billedCount: 0 });
  });

  it('does not take an id of no time for a day', async () => {
    const before = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    const { requests } = await listUsageRequests(archive.context, { organizationId, before, limit: 1 });
    expect(requests).toHaveLength(1);
    const requestId = before;
    await expect(findUsageRequest(archive.context, { organizationId, requestId })).rejects.toMatchObject({
      code: 'usage_request_not_found',
    });
  });
});
