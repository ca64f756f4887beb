import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { archiveUsageDay, checkUsageDay, findUsageDayToArchive, prepareUsagePartitions, verifyLedger } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropArchivedUsageDay, keepPartitions } from '#persistence';
import { createTestDatabase } from '../../support/database.js';
import { TestArchive } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

const firstDay = '2026-02-10';

describe('a day of usage', () => {
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
    archive = new TestArchive(ledger.database);
  });
  afterEach(async () => {
    archive.dispose();
    await ledger.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    ledger.database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const sealed = async () =>
    (await rows<{ day: string }>(`SELECT to_char(day, 'YYYY-MM-DD') AS day FROM usage_archive`)).map(({ day }) => day);
  const reopen = (startsAt: string) =>
    ledger.tamper(`UPDATE billing_period SET state = 'open', closed_at = NULL WHERE starts_at = $1`, [startsAt]);

  it('stays in Postgres until it ended as long ago as is set', async () => {
    ledger.database.clock.moveTo(new Date('2026-05-11T23:59:59Z'));
    expect(await findUsageDayToArchive(archive.context, { retentionDays: 90 })).toBe(null);
    ledger.database.clock.moveTo(new Date('2026-05-12T00:00:00Z'));
    expect(await findUsageDayToArchive(archive.context, { retentionDays: 90 })).toBe(firstDay);
  });

  it('stays while a period that it is in is open, and nothing of it is sealed', async () => {
    await reopen('2026-02-01T00:00:00Z');
    const outcome = await archiveUsageDay(archive.context, firstDay);
    expect(outcome).toMatchObject({ status: 'held', reason: expect.stringMatching(/period .* from 2026-02-01T00/) });
    expect(await sealed()).toEqual([]);
    expect(archive.files()).toEqual([]);
  });

  it('stays while the period is open in which late usage of it settles', async () => {
    await reopen('2026-03-01T00:00:00Z');
    const outcomes = await archive.archiveAll();
    expect(outcomes.map(({ day, status }) => `${day} ${status}`)).toEqual([
      '2026-02-10 archived',
      '2026-02-11 archived',
      '2026-02-12 held',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: expect.stringContaining('2026-03-01') });
  });

  it('stays while a lease of one of its periods is not settled', async () => {
    const { id, organizationId } = ledger.subscriptions[1]!;
    await rows(
      `INSERT INTO quota_lease (id, organization_id, subscription_id, meter, period_start, gateway_id, gateway_epoch, granted, created_at)
       VALUES ($1, $2, $3, 'requests', '2026-02-01T00:00:00Z', 'gateway-9', 1, 10, $4)`,
      [ledger.database.context.ids.next(), organizationId, id, ledger.database.clock.now()],
    );
    expect((await archive.archiveAll()).at(-1)).toMatchObject({
      day: '2026-02-11',
      status: 'held',
      reason: `gateway gateway-9 holds a lease of subscription ${id} that is not settled`,
    });
  });

  it('stays, and says why, while its proof does not agree', async () => {
    await ledger.tamper(`UPDATE usage_rollup SET quantity_sum = quantity_sum + 1 WHERE bucket_at < '2026-02-11'`);
    const outcome = await archiveUsageDay(archive.context, firstDay);
    expect(outcome).toMatchObject({ status: 'differs' });
    expect(outcome.status === 'differs' && outcome.differences[0]).toMatchObject({ check: 'rollups' });
    expect(await checkUsageDay(archive.context, firstDay)).toEqual(outcome);
    expect(await sealed()).toEqual([]);
  });

  it('is not archived without a folder, out of its order, twice, or when there is none', async () => {
    const refusal = (day: string, context = archive.context) =>
      archiveUsageDay(context, day).then(
        ({ status }) => status,
        ({ code }: { code: string }) => code,
      );
    expect(await refusal(firstDay, ledger.database.context)).toBe('usage_archive_not_configured');
    expect(await refusal('2026-02-11')).toBe('usage_day_not_oldest');
    expect(await refusal('2026-02-09')).toBe('usage_day_not_found');
    expect(await refusal(firstDay)).toBe('archived');
    expect(await refusal(firstDay)).toBe('usage_day_archived');
  });

  it('is not archived before it ended two days ago, as nobody asks for the archive before he counts recent usage', async () => {
    const database = await createTestDatabase('2026-02-12T23:59:59Z');
    const recent = new TestArchive(database);
    await prepareUsagePartitions(database.context);
    await expect(archiveUsageDay(recent.context, '2026-02-11')).rejects.toMatchObject({ code: 'usage_day_too_young' });
    database.clock.moveTo(new Date('2026-02-14T00:00:00Z'));
    expect(await archiveUsageDay(recent.context, '2026-02-11')).toMatchObject({ status: 'archived', eventCount: 0 });
    recent.dispose();
    await database.dispose();
  });

  it('is looked at and left as it is by a check', async () => {
    expect(await checkUsageDay(archive.context, firstDay)).toBe(null);
    expect([await sealed(), archive.files()]).toEqual([[], []]);
  });

  it('is dropped by nobody who has not archived it: the database itself says no', async () => {
    const drop = () => rows(`SELECT drop_archived_usage_day('${firstDay}', '2026-04-01T00:00:00Z')`);
    await expect(rows('DROP TABLE usage_event_20260210')).rejects.toThrow(/must be owner/);
    await expect(drop()).rejects.toThrow('is not archived');
    await rows(`INSERT INTO usage_archive (day, sealed_at, event_count) VALUES ('${firstDay}', '2026-04-01', 5)`);
    await expect(drop()).rejects.toThrow('is not archived');
    await expect(rows(`UPDATE usage_archive SET dropped_at = '2026-04-01T00:00:00Z'`)).rejects.toThrow(/permission/);
    await rows(
      `UPDATE usage_archive SET file = 'f', sha256 = '', bytes = 1, content_sha256 = '', columns = '{}', blocks = '[]',
         quantity_sums = '{}', archived_at = '2026-04-01T00:00:00Z'`,
    );
    await expect(drop()).rejects.toThrow('the ledger has 6 events of 2026-02-10 and the archive 5');
    await reopen('2026-02-01T00:00:00Z');
    await expect(drop()).rejects.toThrow(/must stay: the period of/);
  });

  it('is counted before anybody is kept from the ledger, and for as long as that takes', async () => {
    await rows(`INSERT INTO usage_archive (day, sealed_at, event_count) VALUES ('${firstDay}', '2026-04-01', 5)`);
    await rows(
      `UPDATE usage_archive SET file = 'f', sha256 = '', bytes = 1, content_sha256 = '', columns = '{}', blocks = '[]',
         quantity_sums = '{}', archived_at = '2026-04-01T00:00:00Z'`,
    );
    const { unitOfWork, clock } = ledger.database;
    await unitOfWork.inSystem(async (reader) => {
      await keepPartitions(reader);
      const timeouts: string[] = [];
      const dropping = unitOfWork.inSystem(async (transaction) => {
        const query: typeof transaction.query = async (sql, parameters) => {
          const [setting] = await transaction.query<{ ms: string }>(
            `SELECT current_setting('statement_timeout') AS ms`,
          );
          if (sql.includes('drop_archived_usage_day')) timeouts.push(setting!.ms);
          return transaction.query(sql, parameters);
        };
        await dropArchivedUsageDay({ ...transaction, query }, firstDay, clock.now());
      });
      await expect(dropping).rejects.toThrow('the ledger has 6 events of 2026-02-10 and the archive 5');
      expect(timeouts).toEqual(['0']);
    });
  });

  it('keeps its row in the table of the archive for ever, as it is', async () => {
    await archive.archiveAll();
    await expect(rows(`UPDATE usage_archive SET file = 'other'`)).rejects.toThrow('must stay as it is');
    await expect(rows('DELETE FROM usage_archive')).rejects.toThrow(/permission/);
  });

  it('is not dropped when its partition says something else than its file', async () => {
    const { archiveFolder: folder } = archive;
    const write = folder.write.bind(folder);
    folder.write = async (file, header, read) => {
      const written = await write(file, header, read);
      await ledger.tamper(`UPDATE usage_event SET bytes_out = 1 WHERE id < '${ledger.events[6]!.id}'`);
      return written;
    };
    await expect(archiveUsageDay(archive.context, firstDay)).rejects.toThrow(/usage-.* has 6 events .* the ledger 6/);
    expect(await rows(`SELECT dropped_at AS at FROM usage_archive`)).toEqual([{ at: null }]);
  });

  it('is written anew when its file is lost or damaged before the partition is dropped', async () => {
    const file = (day: string) => path.join(archive.folder, `usage-${day}.copy.zst`);
    const harms = { [firstDay]: fs.rmSync, '2026-02-11': (path: string) => fs.appendFileSync(path, 'x') };
    for (const [day, harm] of Object.entries(harms)) {
      const { archiveFolder: folder } = archive;
      const check = folder.check.bind(folder);
      folder.check = async (one) => {
        folder.check = check;
        harm(file(day));
        return check(one);
      };
      expect(await archiveUsageDay(archive.context, day)).toMatchObject({ status: 'archived' });
      expect(await verifyLedger(archive.context)).toMatchObject({ ok: true });
    }
    const [row] = await rows<{ sha256: string }>(
      `SELECT encode(sha256, 'hex') AS sha256 FROM usage_archive ORDER BY day LIMIT 1`,
    );
    expect(hash('sha256', fs.readFileSync(file(firstDay)), 'hex')).toBe(row!.sha256);
  });
});
