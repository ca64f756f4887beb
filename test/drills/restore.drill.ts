import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource, runMigrations } from '#persistence';
import { closeDuePeriods, ingestSegment, verifyLedger } from '#services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareDatabase, withClient } from '../../scripts/launcher/database.mjs';
import { startPostgres } from '../../scripts/launcher/postgres.mjs';
import { type SubscriptionRow, aGateway, aPlanDefinition, aSubscription } from '../support/billing-rows.js';
import type { TestDatabase } from '../support/database.js';
import { GATEWAY_ID, aSegmentJob, aUsageEvent } from '../support/usage-events.js';
import { tell } from './report.js';

const periodStart = '2026-02-01T00:00:00Z';
const PASSWORD = 'drill-password';
const POINT = 'before_the_accident';

let folder: string;
/** Stops what was started last. */
let stop: (() => void) | null = null;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-restore-'));
  fs.chmodSync(folder, 0o755);
  // Postgres runs as a user of its own.
  fs.mkdirSync(path.join(folder, 'wal'), { mode: 0o777 });
  fs.chmodSync(path.join(folder, 'wal'), 0o777);
});
afterAll(() => {
  stop?.();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A copy with owners and rights, as a back-up is. */
function copy(from: string, to: string): void {
  expect(spawnSync('cp', ['-a', from, to]).status).toBe(0);
}

/** Writes a file of a cluster, for the user that owns it. */
function write(cluster: string, name: string, content: string): void {
  const { uid, gid } = fs.statSync(path.join(folder, cluster, 'PG_VERSION'));
  const file = path.join(folder, cluster, name);
  fs.writeFileSync(file, content);
  fs.chownSync(file, uid, gid);
}

/** The database of the server in a folder, as tests have one. */
async function connect(superuserUrl: string): Promise<TestDatabase> {
  const { ownerUrl, appUrl } = await prepareDatabase({ superuserUrl, database: 'tollgate', password: PASSWORD });
  const dataSource = await createDataSource({ url: appUrl, processName: 'drill' }).initialize();
  const clock = new FixedClock(periodStart);
  const unitOfWork = new UnitOfWork(dataSource);
  const context = { unitOfWork, clock, ids: new UuidV7Generator(clock, randomFillSync), fillRandom: randomFillSync };
  const dispose = () => dataSource.destroy();
  return { appUrl, ownerUrl, superuserUrl, dataSource, unitOfWork, clock, context, dispose };
}

/** What `tollgate verify` finds first, and how many events the ledger has. */
async function stateOf(database: TestDatabase) {
  const { checks } = await verifyLedger(database.context, {});
  const [row] = await database.unitOfWork.inSystem((transaction) =>
    transaction.query<{ events: number; invoices: number }>(
      'SELECT (SELECT count(*) FROM usage_event)::int AS events, (SELECT count(*) FROM invoice)::int AS invoices',
    ),
  );
  const [first] = checks.flatMap(({ difference }) => difference ?? []);
  return { ...row!, difference: first?.message ?? null };
}

it('gets a database back to an instant, shows what it lacks, and takes it from journals', async () => {
  const live = await startPostgres({ dataFolder: path.join(folder, 'live') });
  stop = () => live.stop('immediate');
  await withClient(live.url(), async (client) => {
    await client.query('ALTER SYSTEM SET archive_mode = on');
    await client.query(`ALTER SYSTEM SET archive_command = 'cp %p ${folder}/wal/%f'`);
  });
  live.stop('fast');
  const archiving = await startPostgres({ dataFolder: path.join(folder, 'live') });
  stop = () => archiving.stop('immediate');
  const { ownerUrl } = await prepareDatabase({
    superuserUrl: archiving.url(),
    database: 'tollgate',
    password: PASSWORD,
  });
  await runMigrations(ownerUrl);
  const database = await connect(archiving.url());
  const subscription = await aSubscription(database, { definition: aPlanDefinition() });
  const segments = await Promise.all(
    [1, 2, 3, 4, 5].map((segment) =>
      aSegmentJob(
        Array.from({ length: 100 }, () => eventOf(subscription, segment)),
        { segment },
      ),
    ),
  );
  const bring = async (to: TestDatabase, segment: number) => {
    const job = { ...segments[segment - 1]!, attempt: 1 };
    await ingestSegment(to.context, job);
    await aGateway(to, {
      id: GATEWAY_ID,
      admittedThrough: to.clock.now(),
      sealedSegment: segment,
      acknowledgedSegment: 0,
    });
  };

  database.clock.moveTo('2026-02-20T00:00:00Z');
  await bring(database, 1);
  await withClient(archiving.url(), async (client) => {
    await client.query(`SELECT pg_backup_start('drill', true)`);
    copy(path.join(folder, 'live'), path.join(folder, 'base'));
    const { rows } = await client.query<{ labelfile: string }>(`SELECT labelfile FROM pg_backup_stop(true)`);
    write('base', 'backup_label', rows[0]!.labelfile);
  });
  await bring(database, 2);
  await withClient(archiving.url('tollgate'), (client) => client.query('SELECT pg_create_restore_point($1)', [POINT]));
  await bring(database, 3);
  await bring(database, 4);
  database.clock.moveTo('2026-03-01T02:00:00Z');
  await aGateway(database, {
    id: GATEWAY_ID,
    admittedThrough: database.clock.now(),
    sealedSegment: 4,
    acknowledgedSegment: 0,
  });
  await closeDuePeriods(database.context, { graceMs: 3_600_000 });
  const before = await stateOf(database);
  tell('before', before.events, before.invoices, before.difference ?? 'none');
  expect(before).toEqual({ events: 400, invoices: 1, difference: null });
  await withClient(archiving.url('tollgate'), (client) => client.query('SELECT pg_switch_wal()'));
  await database.dispose();
  archiving.stop('fast');

  const began = performance.now();
  const restored = path.join(folder, 'restored');
  copy(path.join(folder, 'base'), restored);
  fs.copyFileSync(path.join(folder, 'live.password'), `${restored}.password`);
  for (const name of ['postmaster.pid', 'postmaster.opts']) fs.rmSync(path.join(restored, name), { force: true });
  fs.appendFileSync(
    path.join(restored, 'postgresql.auto.conf'),
    `\narchive_mode = off\nrestore_command = 'cp ${folder}/wal/%f %p'\nrecovery_target_name = '${POINT}'\nrecovery_target_action = promote\n`,
  );
  write('restored', 'recovery.signal', '');
  const back = await startPostgres({ dataFolder: restored });
  stop = () => back.stop('immediate');
  await withClient(back.url(), async (client) => {
    while ((await client.query<{ on: boolean }>('SELECT pg_is_in_recovery() AS on')).rows[0]!.on);
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  const again = await connect(back.url());
  again.clock.moveTo('2026-03-01T03:00:00Z');
  const after = await stateOf(again);
  tell(
    `restored to the instant after segment 2, in ${seconds} s`,
    after.events,
    after.invoices,
    after.difference ?? 'none',
  );
  expect(after).toEqual({ events: 200, invoices: 0, difference: null });

  // Gateways go on with the next number: what lies between is missed at once, and periods wait for it.
  await bring(again, 5);
  const missing = await stateOf(again);
  tell('the gateway goes on with segment 5', missing.events, missing.invoices, missing.difference ?? 'none');
  expect(missing.difference).toBe(
    'Segment 3 of gateway-1, epoch 1, is not in the ledger. Its usage is missing until its gateway ships it.',
  );
  for (const segment of [3, 4, 2]) await ingestSegment(again.context, { ...segments[segment - 1]!, attempt: 2 });
  await closeDuePeriods(again.context, { graceMs: 3_600_000 });
  const whole = await stateOf(again);
  tell(
    'segments 3 and 4, and 2 once more, of a copy of the journal',
    whole.events,
    whole.invoices,
    whole.difference ?? 'none',
  );
  expect(whole).toEqual({ events: 500, invoices: 1, difference: null });
  await again.dispose();
});

function eventOf(subscription: SubscriptionRow, segment: number) {
  return aUsageEvent(subscription, { at: new Date(Date.UTC(2026, 1, segment, 12)), quantities: { requests: '1' } });
}
