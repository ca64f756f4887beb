import { ARCHIVE_FAULT_POINTS, InjectedFaultError, armFault, hasFaultHappened } from '#faults';
import { archiveUsageDay, ingestSegment, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { aSegmentJob, aTestModeEvent } from '../../support/usage-events.js';
import { TestArchive } from '../../support/usage-archive.js';

const day = '2026-02-10';
const EVENTS = 5;

/** A day with events that no period bills. */
async function aLedgerOfOneDay(): Promise<{ database: TestDatabase; archive: TestArchive }> {
  const database = await createTestDatabase(`${day}T12:00:00Z`);
  const subscription = await aSubscription(database, { anchorAt: new Date('2026-05-01T00:00:00Z') });
  const events = Array.from({ length: EVENTS }, () => aTestModeEvent(subscription, { at: database.clock.now() }));
  await ingestSegment(database.context, await aSegmentJob(events));
  database.clock.moveTo(new Date('2026-03-01T00:00:00Z'));
  return { database, archive: new TestArchive(database) };
}

describe('archiving that breaks off', () => {
  let database: TestDatabase;
  let archive: TestArchive;
  beforeEach(async () => {
    ({ database, archive } = await aLedgerOfOneDay());
  });
  afterEach(async () => {
    armFault(null);
    archive.dispose();
    await database.dispose();
  });

  const isDropped = async () => {
    const [row] = await database.dataSource.query<{ is: boolean }[]>(
      `SELECT to_regclass('usage_event_20260210') IS NULL AS is`,
    );
    return row!.is;
  };
  const isWhole = async () =>
    expect((await verifyLedger(archive.context)).checks.find(({ name }) => name === 'events')).toMatchObject({
      ok: true,
      checked: EVENTS,
    });
  /** Whatever has happened, the ledger with its archive is whole, and what was begun can be ended. */
  const endsWell = async () => {
    await isWhole();
    if (!(await isDropped())) {
      expect(await archiveUsageDay(archive.context, day)).toMatchObject({ status: 'archived', eventCount: EVENTS });
    }
    expect([await isDropped(), archive.files()]).toEqual([true, [`usage-${day}.copy.zst`]]);
    await isWhole();
  };

  it.each(
    ARCHIVE_FAULT_POINTS.flatMap((point) =>
      ['before', 'after'].flatMap((moment) => ['throw', 'duplicate'].map((kind) => `${point}.${moment}:${kind}`)),
    ),
  )('loses nothing and goes on where it was: %s', async (fault) => {
    armFault(fault);
    const archiving = archiveUsageDay(archive.context, day);
    if (fault.endsWith('throw')) await expect(archiving).rejects.toThrow(InjectedFaultError);
    else expect(await archiving).toMatchObject({ status: 'archived' });
    expect(hasFaultHappened()).toBe(true);
    armFault(null);
    await endsWell();
  });

  it('loses nothing wherever the database goes away, statement by statement', async () => {
    const counting = new CrashingUnitOfWork(database, null);
    await archiveUsageDay({ ...archive.context, unitOfWork: counting }, day);
    expect(counting.statements).toBeGreaterThan(20);
    for (let statement = 1; statement <= counting.statements; statement++) {
      archive.dispose();
      await database.dispose();
      ({ database, archive } = await aLedgerOfOneDay());
      const crashing = new CrashingUnitOfWork(database, { statement, when: 'after' });
      await expect(archiveUsageDay({ ...archive.context, unitOfWork: crashing }, day)).rejects.toThrow();
      expect(crashing.hasCrashed).toBe(true);
      await endsWell();
    }
  }, 120_000);
});
