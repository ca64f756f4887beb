import { findUsageRequest, ingestSegment, listUsageRequests, usageByKey } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

const noon = new Date('2026-02-10T12:00:00Z');
const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

describe('a stream in the request log', () => {
  let database: TestDatabase;
  let mine: SubscriptionRow;
  let theirs: SubscriptionRow;
  const stream = { id: '', next: '', before: '' };

  beforeAll(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    mine = await aSubscription(database);
    theirs = await aSubscription(database);
    database.clock.moveTo(at(10));
    const first = aUsageEvent(mine, { at: noon, status: 101, outcome: 'checkpoint', bytesOut: 0 });
    const row = (seq: number, messages: string) => ({
      ...first,
      seq,
      endedAtMs: at(seq).getTime(),
      quantities: { messages },
      bytesIn: 10,
      bytesOut: 20,
    });
    const last = {
      ...row(3, '0.25'),
      outcome: 'interrupted',
      reason: 'quota_exceeded',
      overrun: { messages: '2' },
    } as const;
    const [earlier, later] = [aUsageEvent(mine, { at: at(-1) }), aUsageEvent(mine, { at: at(1) })];
    Object.assign(stream, { id: first.id, next: later.id, before: earlier.id });
    await ingestSegment(database.context, await aSegmentJob([earlier, first, row(1, '5'), later, row(2, '7.5'), last]));
  });
  afterAll(() => database.dispose());

  it('is one entry with the sum of its rows, and takes one place of a page', async () => {
    const { organizationId } = mine;
    const { requests, next } = await listUsageRequests(database.context, { organizationId, limit: 2 });
    expect(requests.map(({ requestId, rowCount }) => [requestId, rowCount])).toEqual([
      [stream.next, 1],
      [stream.id, 4],
    ]);
    expect(requests[1]).toMatchObject({
      admittedAt: noon,
      endedAt: at(3),
      status: 101,
      outcome: 'interrupted',
      reason: 'quota_exceeded',
      billable: true,
      quantities: { requests: '1', messages: '12.75' },
      overrun: { messages: '2' },
      bytesIn: 30,
      bytesOut: 60,
    });
    const page = await listUsageRequests(database.context, { organizationId, limit: 2, before: next! });
    expect(page.requests.map(({ requestId }) => requestId)).toEqual([stream.before]);
  });

  it('has its final total and its rows in its receipt, for its organization only', async () => {
    const { organizationId } = mine;
    const receipt = await findUsageRequest(database.context, { organizationId, requestId: stream.id });
    expect(receipt).toMatchObject({ rowCount: 4, quantities: { requests: '1', messages: '12.75' } });
    expect(receipt.rows.map(({ seq, quantities }) => [seq, quantities])).toEqual([
      [3, { messages: '0.25' }],
      [2, { messages: '7.5' }],
      [1, { messages: '5' }],
      [0, { requests: '1' }],
    ]);
    const foreign = { organizationId: theirs.organizationId, requestId: stream.id };
    await expect(findUsageRequest(database.context, foreign)).rejects.toMatchObject({
      code: 'usage_request_not_found',
    });
  });

  it('is one request in the usage of its key', async () => {
    const [{ key }] = (await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ key: string }>('SELECT key_id AS key FROM credential WHERE id = $1', [mine.credentialId]),
    )) as [{ key: string }];
    expect(await usageByKey(database.context, { keyId: key })).toMatchObject({
      eventCount: 3,
      billedCount: 3,
      requestIds: [stream.before, stream.id, stream.next],
    });
  });
});
