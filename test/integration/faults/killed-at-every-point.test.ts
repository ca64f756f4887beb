import fs from 'node:fs';
import { allFaults } from '#faults';
import { SEGMENT_JOB_NAME, SEGMENT_QUEUE, createQueue, migrateQueueSchema } from '#queues';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBilled } from '../../support/billed-requests.js';
import { aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type Catalog, aCatalog, aConsumer } from '../../support/factories.js';
import { call, makeJournalFolder } from '../../support/gateway.js';
import { GatewayProcess } from '../../support/gateway-process.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { workerEnvironment } from '../../support/running-worker.js';
import { WorkerProcess } from '../../support/worker-process.js';

const inGateway = /^(journal-write|fdatasync|seal|segment-enqueue|acknowledgement-read|segment-delete)\./;
/** Each costs two starts of a process; `npm run drill:kills` walks all of them, and `every-fault-point` does within one process. */
const telling = [
  'journal-write.after:kill',
  'segment-delete.before:kill',
  'event-insert.after:kill',
  'commit.after:kill',
];
const kills = process.env['KILLS'] === 'all' ? allFaults().filter((fault) => fault.endsWith(':kill')) : telling;

let database: TestDatabase;
let upstream: TestUpstream;
beforeAll(async () => {
  database = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
  await migrateQueueSchema(database.ownerUrl);
  upstream = await startUpstream();
});
afterAll(async () => {
  await upstream.close();
  await database.dispose();
});

describe('a gateway that is killed around any write', () => {
  const journalFolder = makeJournalFolder();
  const delivered = new Set<string>();
  let broken = 0;
  let catalog: Catalog;
  let key: string;
  let worker: WorkerProcess;
  beforeAll(async () => {
    catalog = await aCatalog(database, { upstreamUrl: upstream.url });
    ({ key } = await aConsumer(database, catalog));
    worker = await WorkerProcess.start(database);
  });
  afterAll(async () => {
    await worker?.end('SIGKILL');
    fs.rmSync(journalFolder, { recursive: true, force: true });
  });

  /** Calls until the process is gone, at most for some seconds. */
  async function callUntilKilled({ child, port }: GatewayProcess): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
      try {
        const answer = await call(`http://127.0.0.1:${port}${catalog.version.basePath}/things`, { key });
        if (answer.status === 200) delivered.add(String(answer.headers['tollgate-request-id']));
        else broken++;
      } catch {
        broken++;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it.each(kills.filter((fault) => inGateway.test(fault)))('loses and doubles nothing: %s', async (fault) => {
    // The first batches go well, so that there is something to lose.
    const environment = { FAULT: `${fault}@${/^(journal|fdata)/.test(fault) ? 3 : 1}`, JOURNAL_SYNC: 'strict' };
    const killed = await GatewayProcess.start(database, 1, journalFolder, environment);
    await callUntilKilled(killed);
    expect(killed.child.signalCode).toBe('SIGKILL');
    const next = await GatewayProcess.start(database, 1, journalFolder);
    try {
      const left = () => fs.readdirSync(journalFolder).filter((name) => /\.(open|sealed)$/.test(name));
      await eventually(left, (names) => names.length === 0, 40_000);
    } finally {
      await next.end();
    }
    const { ids, rolledUp } = await readBilled(database);
    const billed = new Set(ids);
    expect([...delivered].filter((id) => !billed.has(id))).toEqual([]);
    expect([ids.length, rolledUp]).toEqual([billed.size, billed.size]);
    expect(billed.size).toBeLessThanOrEqual(delivered.size + broken);
  });
});

describe('a worker that is killed around any write', () => {
  let ofWorkers: TestDatabase;
  let subscription: Awaited<ReturnType<typeof aSubscription>>;
  let segment = 0;
  let events = 0;
  /** Only what names values to be counted once is staged when several segments go in together. */
  const named = { distinctValues: { users: 'ab'.repeat(16) } };
  beforeAll(async () => {
    ofWorkers = await createTestDatabase(new Date(Date.now() - 3_600_000).toISOString());
    await migrateQueueSchema(ofWorkers.ownerUrl);
    subscription = await aSubscription(ofWorkers);
  });
  afterAll(() => ofWorkers.dispose());

  it.each(kills.filter((fault) => !inGateway.test(fault)))('loses and doubles nothing: %s', async (fault) => {
    const jobs = await Promise.all(
      Array.from({ length: 8 }, () =>
        aSegmentJob([aUsageEvent(subscription), aUsageEvent(subscription, named)], { segment: ++segment }),
      ),
    );
    events += jobs.length * 2;
    const queue = createQueue(SEGMENT_QUEUE, ofWorkers.appUrl);
    for (const job of jobs) await queue.add(SEGMENT_JOB_NAME, job);
    const killed = WorkerProcess.spawn({ ...workerEnvironment(ofWorkers), FAULT: fault });
    expect(await killed.ended()).toBe('SIGKILL');
    // As a gateway does that hears nothing of its segments.
    for (const job of jobs) await queue.add(SEGMENT_JOB_NAME, { ...job, attempt: 2 });
    const next = await WorkerProcess.start(ofWorkers);
    try {
      const missing = async () => events - (await readBilled(ofWorkers)).ids.length;
      await eventually(missing, (count) => count === 0, 40_000);
      await eventually(
        () => queue.countPending(),
        (count) => count === 0,
        40_000,
      );
    } finally {
      await next.end('SIGKILL');
      await queue.close();
    }
    const { ids, rolledUp } = await readBilled(ofWorkers);
    expect([ids.length, new Set(ids).size, rolledUp]).toEqual([events, events, events]);
  });
});
