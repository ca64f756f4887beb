import type { UsageEvent } from '#domain';
import { UnitOfWork } from '#persistence';
import {
  archiveUsageDay,
  ingestSegment,
  ingestSegments,
  prepareUsagePartitions,
  reportUsage,
  usageByKey,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSegmentJob, aTestModeEvent, aUsageEvent, readLedgerTotals } from '../../support/usage-events.js';
import { TestArchive } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

const FIRST_SEGMENT = 6;

describe('usage of a day that is archived', () => {
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  let segment: number;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
    archive = new TestArchive(ledger.database);
    segment = FIRST_SEGMENT;
  });
  afterEach(async () => {
    archive.dispose();
    await ledger.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    ledger.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const jobOf = (events: readonly UsageEvent[]) => aSegmentJob(events, { segment: segment++ });
  const keptAside = () =>
    rows<{ id: string; reason: string }>(
      `SELECT event_id AS id, reason FROM usage_event_quarantine WHERE segment >= ${FIRST_SEGMENT} ORDER BY 1`,
    );
  const at = (time: string) => aUsageEvent(ledger.subscriptions[0]!, { at: new Date(time) });
  /** The gateway's last word comes after the segments that it sent. */
  const isProven = async () => {
    await rows(`UPDATE gateway SET sealed_segment = $1 WHERE id = 'gateway-1'`, [segment - 1]);
    return (await verifyLedger(archive.context)).ok;
  };

  it('is kept aside as too old, and holds up nothing of its segment', async () => {
    await archive.archiveAll();
    const late = [at('2026-02-10T13:00:00Z'), at('2026-02-01T13:00:00Z')];
    const fresh = at('2026-03-31T23:00:00Z');
    const result = await ingestSegment(ledger.database.context, await jobOf([...late, fresh]));
    expect(result).toEqual({ status: 'ingested', inserted: 1, duplicates: 0, quarantined: 2 });
    const expected = late.map(({ id }) => ({ id, reason: 'too_old' })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(await keptAside()).toEqual(expected);
    expect(await rows(`SELECT id FROM usage_event`)).toEqual([{ id: fresh.id }]);
    expect(await isProven()).toBe(true);
  });

  it('is kept aside as well when segments go in together', async () => {
    await archive.archiveAll();
    const late = at('2026-02-10T13:00:00Z');
    const jobs = [
      await jobOf([at('2026-03-31T23:00:00Z')]),
      await jobOf([late]),
      await jobOf([at('2026-03-31T23:00:01Z')]),
    ];
    expect(await ingestSegments(ledger.database.context, jobs)).toMatchObject([
      { value: { inserted: 1, quarantined: 0 } },
      { value: { inserted: 0, quarantined: 1 } },
      { value: { inserted: 1, quarantined: 0 } },
    ]);
    expect(await keptAside()).toEqual([{ id: late.id, reason: 'too_old' }]);
    expect(await isProven()).toBe(true);
  });

  it('is not counted a second time when an event comes again, in its own segment or in another', async () => {
    const keyId = `t${ledger.subscriptions[0]!.credentialId.replaceAll('-', '').slice(-20)}`;
    await archive.archiveAll();
    const [totals, used] = [await readLedgerTotals(ledger.database), await usageByKey(archive.context, { keyId })];
    const again = ledger.events[0]!;
    await ingestSegment(ledger.database.context, await jobOf([again]));
    await ingestSegment(ledger.database.context, await aSegmentJob([], { segment: 4 }));
    expect(await keptAside()).toEqual([{ id: again.id, reason: 'too_old' }]);
    expect(await readLedgerTotals(ledger.database)).toEqual(totals);
    expect(await usageByKey(archive.context, { keyId })).toEqual(used);
    expect(await isProven()).toBe(true);
  });

  it('puts off the sealing of the day when it comes after the proof', async () => {
    const late = aTestModeEvent(ledger.subscriptions[0]!, { at: new Date('2026-02-10T13:00:00Z') });
    const job = await jobOf([late]);
    const unitOfWork = new UnitOfWork(ledger.database.dataSource);
    const proof = unitOfWork.inLedgerSnapshot.bind(unitOfWork);
    unitOfWork.inLedgerSnapshot = async (work) => {
      const result = await proof(work);
      await ingestSegment(ledger.database.context, job);
      return result;
    };
    expect(await archiveUsageDay({ ...archive.context, unitOfWork }, '2026-02-10')).toMatchObject({ status: 'busy' });
    expect(await rows('SELECT day FROM usage_archive')).toEqual([]);
    expect(await isProven()).toBe(true);
    expect(await archiveUsageDay(archive.context, '2026-02-10')).toMatchObject({ status: 'archived', eventCount: 7 });
    expect(await isProven()).toBe(true);
  });

  it('has no partition again, whoever prepares some', async () => {
    await archive.archiveAll();
    await rows(`SELECT ensure_usage_event_partitions('2026-02-08', '2026-02-14')`);
    await prepareUsagePartitions(ledger.database.context);
    const [first] = await rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^usage_event_2' AND relkind = 'r' ORDER BY 1 LIMIT 1`,
    );
    expect(first).toEqual({ name: 'usage_event_20260213' });
  });

  it('is refused with its place when it is reported', async () => {
    await archive.archiveAll();
    const { id: subject, apiProductId } = ledger.subscriptions[0]!;
    const [team] = await rows<{ id: string }>(`SELECT publisher_team_id AS id FROM api_product WHERE id = $1`, [
      apiProductId,
    ]);
    const report = reportUsage(ledger.database.context, {
      publisherTeamId: team!.id,
      ingestTokenId: ledger.database.context.ids.next(),
      events: [
        {
          specversion: '1.0',
          type: 'tollgate.usage',
          source: 'batch',
          id: '1',
          subject,
          time: '2026-02-10T12:00:00Z',
          data: { quantities: { requests: '1' } },
        },
      ],
    });
    await expect(report).rejects.toMatchObject({
      faults: [{ index: 0, pointer: '/time', message: expect.stringContaining('before 2026-02-13 is archived') }],
    });
  });

  it('is in the archive or kept aside, each event once, when it comes while the day is being archived', async () => {
    // In test mode: late billed usage would settle in the period that is open, which holds the day.
    const late = Array.from({ length: 24 }, (_, second) =>
      aTestModeEvent(ledger.subscriptions[0]!, { at: new Date(Date.UTC(2026, 1, 10, 13, 0, second)) }),
    );
    const fresh = Array.from({ length: 24 }, (_, index) => at(`2026-03-31T22:00:${String(index).padStart(2, '0')}Z`));
    const jobs = await Promise.all(late.map((event, index) => jobOf([event, fresh[index]!])));
    const archiving = (async () => {
      const statuses: string[] = [];
      while (statuses.at(-1) !== 'archived') {
        statuses.push((await archiveUsageDay(archive.context, '2026-02-10')).status);
      }
      return statuses;
    })();
    const results = [];
    for (const job of jobs) results.push(...(await ingestSegments(ledger.database.context, [job])));
    await archiving;
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const aside = new Set((await keptAside()).map(({ id }) => id));
    const [day] = await rows<{ count: number }>(
      `SELECT event_count::int AS count FROM usage_archive WHERE day = '2026-02-10'`,
    );
    expect(day!.count - 6 + aside.size).toBe(late.length);
    expect(await rows(`SELECT count(*)::int AS count FROM usage_event WHERE id >= '${fresh[0]!.id}'`)).toEqual([
      { count: fresh.length },
    ]);
    expect(await isProven()).toBe(true);
  });
});
