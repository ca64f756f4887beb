import { ingestSegment, ingestSegments } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { readBilled } from '../../support/billed-requests.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';

describe('an event that is in two segments', () => {
  let database: TestDatabase;
  beforeEach(async () => (database = await createTestDatabase()));
  afterEach(() => database.dispose());

  it('is counted once and holds no other up when its second segment goes into the ledger with others', async () => {
    const subscription = await aSubscription(database, { anchorAt: database.clock.now() });
    const events = Array.from({ length: 5 }, () => aUsageEvent(subscription));
    await ingestSegment(database.context, await aSegmentJob(events.slice(0, 2), { segment: 1 }));
    const results = await ingestSegments(database.context, [
      await aSegmentJob(events.slice(1, 4), { segment: 2 }),
      await aSegmentJob(events.slice(4), { segment: 3 }),
    ]);
    expect(results.map((result) => result.status === 'fulfilled' && result.value)).toEqual([
      { status: 'ingested', inserted: 2, duplicates: 1, quarantined: 0 },
      { status: 'ingested', inserted: 1, duplicates: 0, quarantined: 0 },
    ]);
    const { ids, rolledUp } = await readBilled(database);
    expect([new Set(ids), rolledUp]).toEqual([new Set(events.map(({ id }) => id)), events.length]);
  });
});
