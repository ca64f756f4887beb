import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { closeDuePeriods, findUsageRequest, ingestSegment, reaggregateUsage, verifyLedger } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MarkDaysWithoutCallsOfNoMeter1764201793620 } from '../../../migrations/1764201793620-mark-days-without-calls-of-no-meter.js';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { aGateway, aSubscription } from '../../support/billing-rows.js';
import { createTestDatabase } from '../../support/database.js';
import { GATEWAY_ID, aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';
import { TestArchive, readRequests } from '../../support/usage-archive.js';

const days = ['2026-02-10', '2026-02-11', '2026-02-12'];

describe('usage that is only in the archive', () => {
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  let before: unknown;

  const everything = () => readRequests(archive.context, ledger);

  beforeAll(async () => {
    ledger = await VerifiedLedger.create();
    archive = new TestArchive(ledger.database);
    before = await everything();
  });
  afterAll(async () => {
    archive.dispose();
    await ledger.dispose();
  });

  it('is in one file a day, and its partitions are gone', async () => {
    const counted = await ledger.row<{ count: string }>('SELECT count(*) AS count FROM usage_event');
    const verified = await ledger.verify();
    const outcomes = await archive.archiveAll();
    expect(outcomes.map(({ day, status }) => [day, status])).toEqual(days.map((day) => [day, 'archived']));
    const rows = await ledger.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ day: string; count: number; requests: string; left: string | null }>(
        `SELECT to_char(day, 'YYYY-MM-DD') AS day, event_count::int AS count, quantity_sums->>'requests' AS requests,
           to_regclass(usage_event_partition(day))::text AS left FROM usage_archive ORDER BY 1`,
      ),
    );
    expect(rows).toEqual([
      { day: days[0], count: 6, requests: '151', left: null },
      { day: days[1], count: 6, requests: '151', left: null },
      { day: days[2], count: 3, requests: '60', left: null },
    ]);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(Number(counted.count));
    expect(await verifyLedger(archive.context)).toEqual({ ...verified, checkedAt: ledger.database.clock.now() });
    expect(verified.ok).toBe(true);
  });

  it('reads as what any zstd and COPY understand, its columns first', async () => {
    const text = zlib.zstdDecompressSync(fs.readFileSync(archive.first())).toString();
    expect(text.slice(0, 60)).toMatch(/^organization_id\tid\tseq\t/);
    const copied = await ledger.row<{ count: number }>('SELECT count(*)::int AS count FROM usage_event');
    expect(copied.count).toBe(0);
    expect(text.split('\n')).toHaveLength(1 + 6 + 1);
  });

  it('is shown as before: pages of the log, requests by their id, usage by key', async () => {
    expect(await everything()).toEqual(before);
  });

  it('is proven a day at a time, and added up anew', async () => {
    const from = new Date('2026-02-11T00:00:00Z');
    const to = new Date('2026-02-12T00:00:00Z');
    const report = await verifyLedger(archive.context, { from, to });
    expect(report).toMatchObject({ ok: true });
    expect(report.checks.find(({ name }) => name === 'events')).toMatchObject({ checked: 6 });
    const differences: unknown[] = [];
    const result = await reaggregateUsage(archive.context, { from, to }, (one) => void differences.push(one));
    expect([result, differences]).toEqual([{ compared: 6, differing: 0 }, []]);
  });

  it('of before calls without units were counted is proven without them, and no other day is', async () => {
    const upgraded = await VerifiedLedger.create();
    const own = new TestArchive(upgraded.database);
    await own.archiveAll();
    const upgrade = async () => {
      const migration = new MarkDaysWithoutCallsOfNoMeter1764201793620();
      await withClient(upgraded.database.superuserUrl, async (client) => {
        await migration.down(client as never);
        await migration.up(client as never);
      });
    };
    const differing = async () => {
      const { checks } = await verifyLedger(own.context);
      return checks.flatMap(({ name, difference }) => (difference ? [name] : []));
    };
    await upgrade();
    expect(await differing()).toEqual([]);
    for (const table of ['usage_rollup', 'usage_hour', 'usage_operation_day'])
      await upgraded.tamper(`DELETE FROM ${table} WHERE meter = ''`);
    expect(await differing()).toEqual(['rollups']);
    await upgrade();
    expect(await differing()).toEqual([]);
    own.dispose();
    await upgraded.dispose();
  });

  it('still names the different values that were counted for it', async () => {
    const database = await createTestDatabase('2026-02-01T00:00:00Z');
    const own = new TestArchive(database);
    const subscription = await aSubscription(database);
    const at = new Date('2026-02-10T12:00:00Z');
    database.clock.moveTo(at);
    const events = ['a', 'b', 'a'].map((value) =>
      aUsageEvent(subscription, { at, distinctValues: { users: value.repeat(32) } }),
    );
    await ingestSegment(database.context, await aSegmentJob(events));
    database.clock.moveTo(new Date('2026-04-01T01:00:00Z'));
    await aGateway(database, { id: GATEWAY_ID, admittedThrough: database.clock.now(), sealedSegment: 1 });
    await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    const span = { from: new Date('2026-02-10T00:00:00Z'), to: new Date('2026-02-11T00:00:00Z') };
    const rollups = async () => (await verifyLedger(own.context, span)).checks.find(({ name }) => name === 'rollups');
    const before = await rollups();
    expect(await own.archiveAll(30)).toMatchObject([{ day: '2026-02-10', status: 'archived' }]);
    expect(before).toMatchObject({ ok: true, checked: 9 });
    expect(await rollups()).toEqual(before);
    own.dispose();
    await database.dispose();
  });

  it('is missed by a proof when its file is gone, altered in one byte, or nobody knows where it is', async () => {
    const content = fs.readFileSync(archive.first());
    const name = path.basename(archive.first());
    const eventsOf = async (context = archive.context) =>
      (await verifyLedger(context)).checks.find((check) => check.name === 'events');

    const altered = Buffer.from(content);
    altered[Math.floor(altered.length / 2)]! ^= 1;
    fs.writeFileSync(archive.first(), altered);
    expect(await eventsOf()).toMatchObject({
      ok: false,
      difference: { row: `usage_archive ${days[0]}`, actual: `${name} is altered` },
    });
    fs.rmSync(path.join(archive.folder, name));
    expect(await eventsOf()).toMatchObject({
      ok: false,
      difference: { row: `usage_archive ${days[0]}`, actual: `${name} is missing` },
    });
    const { organizationId, id: requestId } = ledger.events[0]!;
    await expect(findUsageRequest(archive.context, { organizationId, requestId })).rejects.toMatchObject({
      code: 'usage_archive_unreadable',
      kind: 'unavailable',
    });
    expect(await eventsOf(ledger.database.context)).toMatchObject({
      ok: false,
      difference: { actual: 'no such archive is configured' },
    });
    fs.writeFileSync(path.join(archive.folder, name), content);
    expect(await verifyLedger(archive.context)).toMatchObject({ ok: true });
  });

  it('is missed by a proof when an event of it was changed together with the hash of the file', async () => {
    const file = archive.first();
    const text = zlib.zstdDecompressSync(fs.readFileSync(file)).toString();
    const end = text.indexOf('\n') + 1;
    const header = zlib.zstdCompressSync(text.slice(0, end));
    const rows = zlib.zstdCompressSync(text.slice(end).replace('getForecast', 'getAlmanac'));
    fs.writeFileSync(file, Buffer.concat([header, rows]));
    const firstKey = text.slice(end).split('\t').slice(0, 2).join('\t');
    await ledger.tamper(`UPDATE usage_archive SET sha256 = $1, blocks = $2 WHERE day = '${days[0]}'`, [
      hash('sha256', fs.readFileSync(file), 'buffer'),
      JSON.stringify([{ firstKey, offset: header.length, bytes: rows.length }]),
    ]);
    const { checks } = await verifyLedger(archive.context);
    expect(checks.find(({ name }) => name === 'events')!.difference).toMatchObject({
      row: `usage_event ${text.slice(end).split('\t')[1]}/0`,
      message: 'An event was changed after it was acknowledged.',
    });
  });
});
