import { ARCHIVE_FAULT_POINTS } from '#faults';
import { migrateQueueSchema } from '#queues';
import { ingestSegment, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { workerEnvironment } from '../../support/running-worker.js';
import { aSegmentJob, aTestModeEvent } from '../../support/usage-events.js';
import { TestArchive } from '../../support/usage-archive.js';
import { WorkerProcess } from '../../support/worker-process.js';

const DAY_MS = 86_400_000;
const points = ARCHIVE_FAULT_POINTS.flatMap((point) => [`${point}.before:kill`, `${point}.after:kill`]);
/** Each costs two starts of a process; `archive-crashes` walks all of them within one. */
const telling = ['archive-write.after:kill', 'archive-rename.after:kill', 'archive-drop.before:kill'];
const kills = process.env['KILLS'] === 'all' ? points : telling;

describe('a worker with an archive', () => {
  let database: TestDatabase;
  let archive: TestArchive;
  let environment: Record<string, string>;
  beforeEach(async () => {
    const nowMs = Date.now();
    database = await createTestDatabase(new Date(nowMs - 8 * DAY_MS).toISOString());
    await migrateQueueSchema(database.ownerUrl);
    const subscription = await aSubscription(database, { anchorAt: new Date(nowMs + 30 * DAY_MS) });
    for (const segment of [1, 2]) {
      const events = [aTestModeEvent(subscription, { at: database.clock.now() })];
      await ingestSegment(database.context, await aSegmentJob(events, { segment }));
      database.clock.moveTo(nowMs - 7 * DAY_MS);
    }
    database.clock.moveTo(nowMs);
    archive = new TestArchive(database);
    environment = { USAGE_ARCHIVE_DIR: archive.folder, USAGE_RETENTION_DAYS: '4' };
  });
  afterEach(async () => {
    archive.dispose();
    await database.dispose();
  });

  const dropped = async () => {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM usage_archive WHERE dropped_at IS NOT NULL',
    );
    return row!.count;
  };

  it.each(kills)('moves all that is old enough, also when it is killed in between: %s', async (fault) => {
    const killed = WorkerProcess.spawn({ ...workerEnvironment(database), ...environment, FAULT: fault });
    expect(await killed.ended()).toBe('SIGKILL');
    expect(await verifyLedger(archive.context)).toMatchObject({ ok: true });
    const worker = await WorkerProcess.start(database, environment);
    await eventually(dropped, (count) => count === 2, 20_000);
    await worker.end('SIGTERM');
    const report = await verifyLedger(archive.context);
    expect(report).toMatchObject({ ok: true });
    expect(report.checks.find(({ name }) => name === 'events')).toMatchObject({ checked: 2 });
  });
});
