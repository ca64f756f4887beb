import { randomUUID } from 'node:crypto';
import { type UsedPeriod, ingestSegment, ingestSegments, verifyLedger } from '#services';
import type { SegmentJob } from '#queues';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { aRandom } from '../../support/random.js';
import { aSegmentJob, aTestModeEvent, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';

const anchor = new Date('2026-02-01T00:00:00Z');
const noon = new Date('2026-02-10T12:00:00Z');
const wholly = (inserted: number) => ({
  status: 'fulfilled',
  value: { status: 'ingested', inserted, duplicates: 0, quarantined: 0 },
});

describe('segments that go into the ledger together', () => {
  let database: TestDatabase;
  let subscriptions: SubscriptionRow[];
  beforeEach(async () => {
    database = await createTestDatabase(anchor.toISOString());
    subscriptions = [];
    for (let count = 0; count < 3; count++) subscriptions.push(await aSubscription(database, { anchorAt: anchor }));
    database.clock.moveTo(noon);
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));

  /** Segments with events of all kinds, of which none is to be kept aside. */
  async function cleanJobs(seed: number, count: number, hours = 8): Promise<SegmentJob[]> {
    const random = aRandom(seed);
    const pick = (below: number) => Math.floor(random.between(0, below));
    const quantities = ['1', '7', '0.000000000001', '123456789012345', '2.5'];
    return Promise.all(
      Array.from({ length: count }, (_, index) => {
        const events = Array.from({ length: 1 + pick(40) }, () => {
          const at = new Date(noon.getTime() - pick(hours * 3_600_000));
          const subscription = subscriptions[pick(3)]!;
          if (pick(10) === 0) return aTestModeEvent(subscription, { at });
          const isPaid = pick(4) > 0;
          return aUsageEvent(subscription, {
            at,
            status: isPaid ? 200 : 404,
            billable: isPaid,
            operation: pick(3) === 0 ? 'GET /a b\\c/größe' : 'getForecast',
            quantities: {
              ...(pick(5) > 0 && { requests: quantities[pick(5)]! }),
              ...(pick(3) === 0 && { tokens: quantities[pick(5)]! }),
            },
          });
        });
        return aSegmentJob(events, { segment: index + 1 });
      }),
    );
  }

  const transactions = () => {
    let count = 0;
    const unitOfWork = new CrashingUnitOfWork(database, null);
    const inSystem = unitOfWork.inSystem.bind(unitOfWork);
    unitOfWork.inSystem = (work) => {
      count++;
      return inSystem(work);
    };
    return { context: { ...database.context, unitOfWork }, count: () => count };
  };

  it.each([1, 2, 3])('are the sum of their events, in one transaction (seed %i)', async (seed) => {
    const jobs = await cleanJobs(seed, 8, 36);
    const { context, count } = transactions();
    const used: UsedPeriod[] = [];
    const results = await ingestSegments(context, jobs, (periods) => used.push(...periods));
    expect(results).toEqual(jobs.map(({ eventCount }) => wholly(eventCount)));
    // One for the partitions, one for all the rest.
    expect(count()).toBe(2);
    expect(used).toHaveLength(3);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
    expect(await ingestSegment(database.context, jobs[0]!)).toMatchObject({ status: 'already_acknowledged' });
  });

  it('go one by one when one of them is not clean, and each gets its own answer', async () => {
    const [first, second, third] = await cleanJobs(4, 3);
    const event = aUsageEvent(subscriptions[0]!, { at: noon });
    const once = await aSegmentJob([event], { segment: 10 });
    expect(await ingestSegments(database.context, [once])).toEqual([wholly(1)]);
    const again = await aSegmentJob([event, aUsageEvent(subscriptions[1]!, { at: noon })], { segment: 11 });
    const other = await aSegmentJob([{ ...event, status: 500 }, 'malformed'], { segment: 12 });
    const damaged = { ...second!, contentHash: 'f'.repeat(64) };
    const results = await ingestSegments(database.context, [first!, once, damaged, again, other, third!]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))).toEqual([
      { status: 'ingested', inserted: first!.eventCount, duplicates: 0, quarantined: 0 },
      { status: 'already_acknowledged', inserted: 0, duplicates: 1, quarantined: 0 },
      'segment_job_damaged',
      { status: 'ingested', inserted: 1, duplicates: 1, quarantined: 0 },
      { status: 'ingested', inserted: 0, duplicates: 0, quarantined: 2 },
      { status: 'ingested', inserted: third!.eventCount, duplicates: 0, quarantined: 0 },
    ]);
  });

  it.each([
    ['malformed', () => 'malformed'],
    ['unknown_subscription', () => ({ ...aUsageEvent(subscriptions[0]!, { at: noon }), phaseId: randomUUID() })],
    ['wrong_period', () => ({ ...aUsageEvent(subscriptions[0]!, { at: noon }), periodStartMs: noon.getTime() })],
  ])('keep aside what is %s of one, though everything else is new', async (reason, fault) => {
    const [first, second] = await cleanJobs(10, 2);
    const faulty = await aSegmentJob([aUsageEvent(subscriptions[0]!, { at: noon }), fault()], { segment: 9 });
    expect(await ingestSegments(database.context, [first!, faulty, second!])).toEqual([
      wholly(first!.eventCount),
      { status: 'fulfilled', value: { status: 'ingested', inserted: 1, duplicates: 0, quarantined: 1 } },
      wholly(second!.eventCount),
    ]);
    expect(await rows('SELECT reason FROM usage_event_quarantine')).toEqual([{ reason }]);
  });

  it('say when each key was used last', async () => {
    const times = ['10:00', '11:30', '11:00'].map((time) => new Date(`2026-02-10T${time}:00Z`));
    const jobs = times.map((at, index) =>
      aSegmentJob([aUsageEvent(subscriptions[index % 2]!, { at })], { segment: index + 1 }),
    );
    await ingestSegments(database.context, await Promise.all(jobs));
    const used = await rows<{ id: string; at: Date | null }>('SELECT id, last_used_at AS at FROM credential');
    const lastOf = ({ credentialId }: SubscriptionRow) => used.find(({ id }) => id === credentialId)!.at;
    expect(subscriptions.map(lastOf)).toEqual([times[2], times[1], null]);
  });

  it('count nothing of one that contradicts what was acknowledged under its number, though all its events are new', async () => {
    const [acknowledged, first, second] = await cleanJobs(9, 3);
    expect(await ingestSegments(database.context, [acknowledged!])).toEqual([wholly(acknowledged!.eventCount)]);
    const events = [1, 2].map(() => aUsageEvent(subscriptions[0]!, { at: noon }));
    const contradicting = await aSegmentJob(events, { segment: acknowledged!.segment });
    const results = await ingestSegments(database.context, [first!, contradicting, second!]);
    expect(results).toEqual([
      wholly(first!.eventCount),
      { status: 'fulfilled', value: { status: 'hash_conflict', inserted: 0, duplicates: 0, quarantined: 2 } },
      wholly(second!.eventCount),
    ]);
    const counted = acknowledged!.eventCount + first!.eventCount + second!.eventCount;
    expect(await readLedgerTotals(database)).toMatchObject({ events: [{ count: counted }] });
  });

  it('go in all but the one that the database refuses', async () => {
    await tamper(database, `ALTER TABLE usage_event ADD CONSTRAINT no_poison CHECK (operation <> 'poison')`);
    const [first, second] = await cleanJobs(8, 2);
    const poison = await aSegmentJob([aUsageEvent(subscriptions[0]!, { at: noon, operation: 'poison' })], {
      segment: 9,
    });
    const [one, refused, two] = await ingestSegments(database.context, [first!, poison, second!]);
    expect([one, two]).toEqual([wholly(first!.eventCount), wholly(second!.eventCount)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { constraint: 'no_poison' } });
  });

  it('leave nothing behind when the connection is lost before or after any statement, and come again', async () => {
    const watched = new CrashingUnitOfWork(database, null);
    await ingestSegments({ ...database.context, unitOfWork: watched }, await cleanJobs(5, 3));
    expect(watched.statements).toBeGreaterThan(6);
    for (let statement = 1; statement <= watched.statements; statement++) {
      for (const when of ['before', 'after'] as const) {
        const before = await readLedgerTotals(database);
        const jobs = (await cleanJobs(100 * statement + (when === 'after' ? 1 : 0), 3)).map((job) => ({
          ...job,
          epoch: 2 * statement + (when === 'after' ? 1 : 0),
        }));
        const crashing = new CrashingUnitOfWork(database, { statement, when });
        await ingestSegments({ ...database.context, unitOfWork: crashing }, jobs).catch(() => undefined);
        expect(crashing.hasCrashed).toBe(true);
        expect(await readLedgerTotals(database), `after a crash ${when} statement ${statement}`).toEqual(before);
        expect(await ingestSegments(database.context, jobs)).toEqual(jobs.map(({ eventCount }) => wholly(eventCount)));
      }
    }
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });

  it('count once when several workers get the same segments in other orders and batches', async () => {
    const jobs = await cleanJobs(6, 12);
    const random = aRandom(7);
    const worker = async (): Promise<void> => {
      const mine = jobs
        .map((job, index) => ({ job: { ...job, attempt: index + 1 }, place: random.between(0, 1) }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ job }) => job);
      while (mine.length > 0)
        await ingestSegments(database.context, mine.splice(0, 1 + Math.floor(random.between(0, 6))));
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM usage_event'),
    );
    expect(row!.count).toBe(jobs.reduce((sum, { eventCount }) => sum + eventCount, 0));
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });
  });
});
