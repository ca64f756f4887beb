import { type IngestResult, ingestSegment } from '#services';
import type { SegmentJob } from '#queues';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aSubscription } from '../../support/billing-rows.js';
import { CrashingUnitOfWork, type CrashPoint } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aRandom } from '../../support/random.js';
import { aSegmentJob, aTestModeEvent, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';

const anchor = new Date('2026-02-01T00:00:00Z');
const noon = new Date('2026-02-10T12:00:00Z');

describe('the ledger counts exactly once', () => {
  let database: TestDatabase;
  let subscriptions: SubscriptionRow[];
  beforeEach(async () => {
    database = await createTestDatabase(anchor.toISOString());
    subscriptions = [];
    for (let count = 0; count < 3; count++) subscriptions.push(await aSubscription(database, { anchorAt: anchor }));
    database.clock.moveTo(noon);
  });
  afterEach(() => database.dispose());

  /** Segments of several gateways whose events share subscriptions and rollups, and now and then an event. */
  async function segmentsOf(seed: number): Promise<{ jobs: SegmentJob[]; events: number; requests: number }> {
    const random = aRandom(seed);
    const pick = (count: number) => Math.floor(random.between(0, count));
    const jobs: SegmentJob[] = [];
    let [events, requests] = [0, 0];
    for (let segment = 1; segment <= 6; segment++) {
      for (const gatewayId of ['gateway-1', 'gateway-2']) {
        const batch = Array.from({ length: 1 + pick(40) }, () => {
          const at = new Date(noon.getTime() - pick(3 * 86_400_000));
          const subscription = subscriptions[pick(3)]!;
          if (pick(10) === 0) return aTestModeEvent(subscription, { at, gatewayId });
          const quantity = 1 + pick(5);
          requests += quantity;
          return aUsageEvent(subscription, { at, gatewayId, quantities: { requests: String(quantity) } });
        });
        events += batch.length;
        const repeated = pick(4) === 0 ? [batch[0]!] : [];
        jobs.push(await aSegmentJob([...batch, ...repeated], { gatewayId, segment }));
      }
    }
    return { jobs, events, requests };
  }

  it.each([1, 2, 3, 4, 5])(
    'whatever is delivered how often, in which order and to how many workers (seed %i)',
    async (seed) => {
      const { jobs, events, requests } = await segmentsOf(seed);
      const random = aRandom(seed + 1000);
      const deliveries = jobs
        .flatMap((job) =>
          Array.from({ length: 1 + Math.floor(random.between(0, 5)) }, (_, n) => ({ ...job, attempt: n + 1 })),
        )
        .map((job) => ({ job, place: random.between(0, 1) }))
        .toSorted((a, b) => a.place - b.place);
      const results: IngestResult[] = [];
      const worker = async () => {
        for (let next = deliveries.shift(); next; next = deliveries.shift()) {
          results.push(await ingestSegment(database.context, next.job));
        }
      };
      await Promise.all([worker(), worker(), worker(), worker(), worker()]);

      expect(results.filter(({ status }) => status === 'ingested')).toHaveLength(jobs.length);
      expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(events);
      const [sums] = await database.unitOfWork.inSystem((transaction) =>
        transaction.query<{ events: number; requests: number; quarantined: number }>(
          `SELECT (SELECT count(*)::integer FROM usage_event) AS events,
           (SELECT sum(quantity_sum)::integer FROM usage_rollup WHERE mode = 'live') AS requests,
           (SELECT count(*)::integer FROM usage_event_quarantine) AS quarantined`,
        ),
      );
      expect(sums).toEqual({ events, requests, quarantined: 0 });
    },
  );

  it('when the connection is lost before or after any statement, and the segment comes again', async () => {
    const subscription = subscriptions[0]!;
    const event = aUsageEvent(subscription, { at: noon });
    const segmentWithEverything = async (segment: number) =>
      aSegmentJob(
        [
          aUsageEvent(subscription, { at: noon }),
          aUsageEvent(subscription, { at: new Date('2026-02-09T12:00:00Z') }),
          { ...event, status: 500 },
          'malformed',
        ],
        { segment },
      );
    await ingestSegment(database.context, await aSegmentJob([event]));
    const watched = new CrashingUnitOfWork(database, null);
    await ingestSegment({ ...database.context, unitOfWork: watched }, await segmentWithEverything(2));
    expect(watched.statements).toBeGreaterThan(8);

    let segment = 2;
    for (let statement = 1; statement <= watched.statements; statement++) {
      for (const when of ['before', 'after'] as const) {
        const job = await segmentWithEverything(++segment);
        const before = await counts();
        await crash(job, { statement, when });
        expect(await counts(), `after a crash ${when} statement ${statement}`).toEqual(before);
        expect(await ingestSegment(database.context, job)).toEqual({
          status: 'ingested',
          inserted: 2,
          duplicates: 0,
          quarantined: 2,
        });
        expect(await ingestSegment(database.context, job)).toMatchObject({ status: 'already_acknowledged' });
      }
    }
    const { events, requests, manifests, quarantined } = (await counts())!;
    expect({ events, requests, manifests, quarantined }).toEqual({
      events: 1 + 2 * (segment - 1),
      requests: 1 + 2 * (segment - 1),
      manifests: segment,
      quarantined: 2 * (segment - 1),
    });
  });

  it('when two workers bring overlapping events in opposite orders at the same time', async () => {
    const events = Array.from({ length: 300 }, (_, n) => aUsageEvent(subscriptions[n % 3]!, { at: noon }));
    const jobs = await Promise.all([
      aSegmentJob(events, { segment: 1 }),
      aSegmentJob(events.toReversed(), { segment: 2 }),
      aSegmentJob(events.slice(100), { segment: 3 }),
    ]);
    const results = await Promise.all(jobs.map((job) => ingestSegment(database.context, job)));
    expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(300);
    expect(results.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(500);
    const totals = (await readLedgerTotals(database)) as { rollups: { event_count: number }[] };
    expect(totals.rollups.map(({ event_count }) => event_count)).toEqual([100, 100, 100]);
  });

  async function crash(job: SegmentJob, crashPoint: CrashPoint): Promise<void> {
    const unitOfWork = new CrashingUnitOfWork(database, crashPoint);
    await expect(ingestSegment({ ...database.context, unitOfWork }, job)).rejects.toThrow();
    expect(unitOfWork.hasCrashed).toBe(true);
  }

  async function counts() {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<Record<'events' | 'requests' | 'manifests' | 'quarantined', number>>(
        `SELECT (SELECT count(*)::integer FROM usage_event) AS events,
           (SELECT coalesce(sum(quantity_sum), 0)::integer FROM usage_rollup) AS requests,
           (SELECT count(*)::integer FROM segment_manifest) AS manifests,
           (SELECT count(*)::integer FROM usage_event_quarantine) AS quarantined`,
      ),
    );
    return row;
  }
});
