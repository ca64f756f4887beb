// `npm run bench:stores`: what raw events take and cost to read in Postgres, in files and in ClickHouse: the same days of the
// same ledger, which go from one to the next. `-- --events=200000` loads fewer. ClickHouse is the server at
// CLICKHOUSE_TEST_URL, whose table usage_event is dropped, else its engine (npm install --no-package-lock --prefix test/support/clickhouse-server).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/launcher/install.mjs';
import { Stage, machine, option, say } from '../stage.mjs';
import { writeReport } from './report.mjs';

const dayMs = 86_400_000;
const days = 4;
const repetitions = 20;
const events = Number(option('events') ?? 2e6);

await Stage.run(async (stage) => {
  const postgres = await stage.startPostgres();
  const { prepareInstallation } = await import('../gateway/tollgate/prepare.mjs');
  const { withClient } = await import('../../scripts/launcher/database.mjs');
  const { connect } = await import('./context.mjs');
  const { fillLedger } = await import('./fill-ledger.mjs');
  const { ArchiveFolder, ClickHouseEventStore, FileEventStore, RawEventStores } = await import('#archive');
  const installation = await prepareInstallation('stores', {
    postgres,
    folder: stage.folder,
  });
  // Whole days that ended.
  const endMs = Math.floor(Date.now() / dayMs) * dayMs;
  const startMs = endMs - days * dayMs;
  const clickhouse = await startClickHouse(path.join(stage.folder, 'clickhouse'));
  const stores = {
    files: new FileEventStore(new ArchiveFolder(path.join(stage.folder, 'files'))),
    clickhouse: ClickHouseEventStore.at(clickhouse.url),
  };
  const { context, clock, close } = await connect(installation.settings.DATABASE_URL);
  try {
    await withClient(installation.superuserUrl, async (client) => {
      const back = `interval '${days + 2} days'`;
      await client.query(`
        SET session_replication_role = replica;
        UPDATE subscription SET created_at = created_at - ${back}, anchor_at = anchor_at - ${back};
        UPDATE subscription_phase SET starts_at = starts_at - ${back};
        UPDATE billing_period SET starts_at = starts_at - ${back}, ends_at = starts_at - ${back} + interval '1 month';
        SET session_replication_role = origin;
        SELECT ensure_usage_event_partitions((now() - interval '${days + 1} days')::date, now()::date)`);
      const seconds = (days * dayMs) / 1_000 - 60;
      const { superuserUrl } = installation;
      await fillLedger({ context, clock, superuserUrl, callerCount: 1_000, events, startMs, seconds });
      await client.query('VACUUM ANALYZE usage_event');
      const callers = await callersOf(client);
      const { rows } = await client.query(
        `SELECT sum(pg_total_relation_size(inhrelid))::float AS bytes FROM pg_inherits WHERE inhparent = 'usage_event'::regclass`,
      );
      const names = Array.from({ length: days }, (_, day) =>
        new Date(startMs + day * dayMs).toISOString().slice(0, 10),
      );
      const results = [{ where: 'Postgres', bytes: rows[0].bytes / events, ...(await readAll(context, callers)) }];
      const written = { files: await writeAll(context, stores.files, names), clickhouse: null };
      written.clickhouse = await writeAll(context, stores.clickhouse, names);
      await drop(client, names);
      for (const kind of ['files', 'clickhouse']) {
        await record(client, written[kind]);
        const archived = { ...context, archive: new RawEventStores([stores[kind]]) };
        const bytes = written[kind].days.reduce((sum, { stored }) => sum + stored.bytes, 0) / events;
        const all = await readWhole(stores[kind], written[kind]);
        results.push({
          where: kind,
          bytes,
          write: written[kind].perSecond,
          all,
          ...(await readAll(archived, callers)),
        });
      }
      print({ callers, results });
    });
  } finally {
    await close();
    await clickhouse.stop();
  }
});

async function startClickHouse(folder) {
  const configured = process.env['CLICKHOUSE_TEST_URL'];
  if (configured) return { url: configured, stop: async () => {} };
  fs.mkdirSync(folder);
  const script = path.join(root, 'test/support/clickhouse-server/server.mjs');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [port] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => {
      throw new Error(
        'The engine of ClickHouse did not start. Set CLICKHOUSE_TEST_URL, or install it: npm install --no-package-lock --prefix test/support/clickhouse-server',
      );
    }),
  ]);
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${port}/tollgate`, stop };
}

/** The caller with most requests, and one in the middle; of each its oldest request. */
async function callersOf(client) {
  const { rows } = await client.query(
    `SELECT organization_id AS id, count(*)::integer AS events, min(id::text) AS "requestId" FROM usage_event
     GROUP BY 1 ORDER BY 2 DESC`,
  );
  return { largest: rows[0], middle: rows[Math.floor(rows.length / 2)] };
}

async function writeAll(context, store, names) {
  const { ARCHIVE_COLUMNS, allowLongStatements, exportUsageDay } = await import('#persistence');
  const startedAt = performance.now();
  const written = [];
  for (const day of names) {
    const stored = await context.unitOfWork.inSystem(async (transaction) => {
      await allowLongStatements(transaction);
      return store.write(day, ARCHIVE_COLUMNS, () => exportUsageDay(transaction, day));
    });
    written.push({ day, stored });
  }
  const perSecond = events / ((performance.now() - startedAt) / 1_000);
  say(`${store.kind} written: ${Math.round(perSecond)} events/s`);
  return { kind: store.kind, days: written, perSecond };
}

/** How many events a second all days are read through with, as a proof does. */
async function readWhole(store, { days: written }) {
  const startedAt = performance.now();
  for (const { stored } of written) await store.check(stored);
  return events / ((performance.now() - startedAt) / 1_000);
}

/** As when the days have been archived, but without their periods having been closed. */
async function drop(client, names) {
  await client.query(`CREATE TEMP TABLE counted AS SELECT organization_id,
    (uuid_extract_timestamp(id) AT TIME ZONE 'UTC')::date AS day, count(*) AS event_count FROM usage_event GROUP BY 1, 2`);
  for (const day of names) await client.query(`DROP TABLE usage_event_${day.replaceAll('-', '')}`);
}

async function record(client, { kind, days: written }) {
  await client.query('SET session_replication_role = replica');
  await client.query('DELETE FROM usage_archive_organization; DELETE FROM usage_archive');
  for (const { day, stored } of written) {
    await client.query(
      `INSERT INTO usage_archive (day, sealed_at, event_count, store, file, sha256, bytes, content_sha256, columns, blocks,
         quantity_sums, archived_at, dropped_at)
       VALUES ($1, now(), $2, $3, $4, decode($5, 'hex'), $6, decode($7, 'hex'), $8, $9, '{}', now(), now())`,
      [
        day,
        stored.rowCount,
        kind,
        stored.file,
        stored.sha256,
        stored.bytes,
        stored.contentSha256,
        stored.columns,
        JSON.stringify(stored.blocks),
      ],
    );
  }
  await client.query('INSERT INTO usage_archive_organization SELECT organization_id, day, event_count FROM counted');
  await client.query('SET session_replication_role = origin');
}

async function readAll(context, callers) {
  const { findUsageRequest, listUsageRequests } = await import('#services');
  const { quantiles } = await import('./quantiles.mjs');
  const times = {};
  for (const [size, { id: organizationId, requestId }] of Object.entries(callers)) {
    const reads = {
      page: () => listUsageRequests(context, { organizationId, limit: 50 }),
      request: () => findUsageRequest(context, { organizationId, requestId }),
      // What somebody looks for who has a key that was never used: all days must be looked through.
      rare: async () => {
        for (let before, page; page?.next !== null; before = page.next) {
          page = await listUsageRequests(context, { organizationId, credentialId: organizationId, before, limit: 50 });
        }
      },
    };
    for (const [name, read] of Object.entries(reads)) {
      const taken = [];
      for (let count = -2; count < repetitions; count++) {
        const startedAt = performance.now();
        await read();
        if (count >= 0) taken.push(performance.now() - startedAt);
      }
      times[`${name} ${size}`] = quantiles(taken);
    }
  }
  say(JSON.stringify(times));
  return { times };
}

function print({ callers, results }) {
  const names = Object.keys(results[0].times);
  const cell = ({ p50, p95 }) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;
  writeReport(
    [
      `${events} events of ${days} days; the largest caller has ${callers.largest.events}, one in the middle ${callers.middle.events}. Times are p50 / p95 in ms.`,
      '',
      `| where | bytes an event | written, events/s | read through, events/s | ${names.join(' | ')} |`,
      `| --- | --: | --: | --: | ${names.map(() => '--:').join(' | ')} |`,
      ...results.map(
        ({ where, bytes, write, all, times }) =>
          `| ${where} | ${Math.round(bytes)} | ${write ? Math.round(write) : ''} | ${all ? Math.round(all) : ''} | ${names.map((name) => cell(times[name])).join(' | ')} |`,
      ),
    ],
    { name: 'stores', machine: machine(), callers, results },
    path.join(root, 'bench/results'),
  );
  say(`load average ${os.loadavg()[0].toFixed(1)}`);
}
