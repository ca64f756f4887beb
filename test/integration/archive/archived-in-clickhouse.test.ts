import { createClient } from '@clickhouse/client';
import { ClickHouseEventStore, RawEventStores } from '#archive';
import { archiveUsageDay, listUsageRequests, reaggregateUsage, verifyLedger } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HOW_TO_GET_CLICKHOUSE,
  type TestClickHouse,
  hasClickHouse,
  startClickHouse,
} from '../../support/clickhouse.js';
import { TestArchive, readRequests } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

describe.skipIf(!hasClickHouse)(hasClickHouse ? 'usage that is only in ClickHouse' : HOW_TO_GET_CLICKHOUSE, () => {
  let server: TestClickHouse;
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  let before: unknown;
  let verified: unknown;
  const command = async (query: string) => {
    const client = createClient({ url: server.url });
    await client.command({ query });
    await client.close();
  };
  const everything = () => readRequests(archive.context, ledger);
  const proof = async () => ({ ...(await verifyLedger(archive.context)), checkedAt: null });

  beforeAll(async () => {
    server = await startClickHouse();
    await command('DROP TABLE IF EXISTS usage_event');
    ledger = await VerifiedLedger.create();
    archive = new TestArchive(ledger.database, { store: ClickHouseEventStore.at(server.url) });
    before = await everything();
    verified = await proof();
  });
  afterAll(async () => {
    archive.dispose();
    await ledger.dispose();
    await server.stop();
  });

  it('was compared with its partitions, and they are gone; an older day is in a file still', async () => {
    const [first, ...others] = ['2026-02-10', '2026-02-11', '2026-02-12'];
    const files = new RawEventStores([archive.context.archive!.find('files')!]);
    expect(await archiveUsageDay({ ...archive.context, archive: files }, first!)).toMatchObject({ status: 'archived' });
    expect((await archive.archiveAll()).map(({ day, status }) => [day, status])).toEqual(
      others.map((day) => [day, 'archived']),
    );
    const rows = await ledger.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ store: string; left: string | null }>(
        `SELECT store, to_regclass(usage_event_partition(day))::text AS left FROM usage_archive ORDER BY day`,
      ),
    );
    expect(rows.map(({ store, left }) => [store, left])).toEqual([
      ['files', null],
      ['clickhouse', null],
      ['clickhouse', null],
    ]);
  });

  it('is shown as before: pages of the log, requests by their id, usage by key', async () => {
    expect(await everything()).toEqual(before);
  });

  it('is proven as before, and added up anew', async () => {
    expect(await proof()).toEqual(verified);
    expect(verified).toMatchObject({ ok: true });
    const differences: unknown[] = [];
    const span = { from: new Date('2026-02-11T00:00:00Z'), to: new Date('2026-02-12T00:00:00Z') };
    const result = await reaggregateUsage(archive.context, span, (one) => void differences.push(one));
    expect([result, differences]).toEqual([{ compared: 6, differing: 0 }, []]);
  });

  const eventsOf = async (context = archive.context) =>
    (await verifyLedger(context)).checks.find(({ name }) => name === 'events');
  const log = () =>
    listUsageRequests(archive.context, { organizationId: ledger.subscriptions[1]!.organizationId, limit: 9 });

  it('is missed by proof and log when nobody says where it is, and when the server is not there', async () => {
    expect((await eventsOf({ ...ledger.database.context }))!.difference).toMatchObject({
      message: expect.stringMatching(/is in the archive only/),
    });
    const elsewhere = new TestArchive(ledger.database, { store: ClickHouseEventStore.at('http://127.0.0.1:9/none') });
    const without = { ...archive.context, archive: elsewhere.context.archive };
    const { organizationId } = ledger.subscriptions[1]!;
    await expect(listUsageRequests(without, { organizationId, limit: 9 })).rejects.toMatchObject({
      code: 'usage_archive_unreadable',
    });
    elsewhere.dispose();
  });

  it('is missed by proof and log when its partition is gone', async () => {
    await command(`ALTER TABLE usage_event DROP PARTITION '2026-02-11'`);
    expect(await eventsOf()).toMatchObject({
      ok: false,
      difference: {
        row: 'usage_archive 2026-02-11',
        actual: 'usage_event/2026-02-11 is missing',
        message: expect.stringContaining(`has 0 of 6 events of 2026-02-11. Restore the partition '2026-02-11'`),
      },
    });
    await expect(log()).rejects.toMatchObject({ code: 'usage_archive_unreadable' });
  });
});
