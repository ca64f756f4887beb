import { revertMigrations, runMigrations } from '#persistence';
import { setReviewWindow, closeDuePeriods } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withClient } from '../../scripts/launcher/database.mjs';
import { TestArchive } from '../support/usage-archive.js';
import { VerifiedLedger } from '../support/verified-ledger.js';

/** The last migration before those that are tried here. */
const BEFORE = 'KeyReportedEventsByPublisher1764201600001';
const HOURS =
  'SELECT * FROM usage_hour ORDER BY subscription_id, settles_in, period_start, meter, hour_at, billable, mode';
const OPERATION_DAYS =
  'SELECT * FROM usage_operation_day ORDER BY organization_id, day_at, meter, credential_id, operation, status_class, billable, mode';

describe('the migrations of a database with usage and invoices', () => {
  let ledger: VerifiedLedger;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
  });
  afterEach(() => ledger.dispose());

  const asOwner = <Row>(sql: string) =>
    withClient(ledger.database.superuserUrl, async (client) => (await client.query(sql)).rows as Row[]);
  const undo = () => revertMigrations(ledger.database.ownerUrl, BEFORE);
  const redo = () => runMigrations(ledger.database.ownerUrl);
  const lastMigration = async () =>
    (await asOwner<{ name: string }>('SELECT name FROM migration ORDER BY id DESC LIMIT 1'))[0]!.name;

  it('are undone and run again with its rows, and the proof agrees as before', async () => {
    const before = await ledger.verify();
    expect(before).toMatchObject({ ok: true });
    const hours = await asOwner(HOURS);
    expect(hours.length).toBeGreaterThan(3);
    const operationDays = await asOwner(OPERATION_DAYS);
    expect(operationDays.length).toBeGreaterThan(3);
    const invoices = `SELECT id, number, state, total_minor, issued_at FROM invoice ORDER BY number`;
    const numbered = await asOwner(invoices);
    expect(numbered).toHaveLength(4);

    await undo();
    expect(await asOwner(invoices)).toEqual(numbered);
    expect(await asOwner(`SELECT to_regclass('usage_hour') AS hours, to_regclass('usage_archive') AS archive`)).toEqual(
      [{ hours: null, archive: null }],
    );
    expect(await redo()).toContain('AddSellers1764201640003');

    expect(await asOwner(HOURS)).toEqual(hours);
    expect(await asOwner(OPERATION_DAYS)).toEqual(operationDays);
    expect(await asOwner(invoices)).toEqual(numbered);
    expect(await asOwner(`SELECT DISTINCT seller_slug, seller FROM invoice`)).toEqual([
      { seller_slug: 'default', seller: { name: 'Tollgate', addressLines: [], taxId: null, country: null } },
    ]);
    expect((await ledger.verify()).checks).toEqual(before.checks);
  });

  it('say since when versions of APIs are deprecated: as the audit log has it, else since they were made', async () => {
    await revertMigrations(ledger.database.ownerUrl, 'DeleteApiVersionDrafts1764201793830');
    const versions = await asOwner<{ id: string; name: string; at: Date }>(
      `SELECT version.id, api.slug || '/' || version.name AS name, version.created_at AS at
       FROM api_version version JOIN api ON api.id = api_id ORDER BY version.id LIMIT 2`,
    );
    const [noted, other] = versions;
    await asOwner(`UPDATE api_version SET state = 'deprecated' WHERE id IN ('${noted!.id}', '${other!.id}')`);
    const changed = (fields: string, at: string) =>
      asOwner(`INSERT INTO audit_log (id, actor_kind, action, noun, noun_id, details, created_at)
        VALUES (gen_random_uuid(), 'cli', 'updated', 'API version', '${noted!.name}', '{"fields": ["${fields}"]}', '${at}')`);
    await changed('state', '2026-03-04T05:06:07Z');
    await changed('document', '2026-03-05T00:00:00Z');
    await redo();
    const at = `SELECT id, deprecated_at AS at FROM api_version WHERE id IN ('${versions.map(({ id }) => id).join("', '")}') ORDER BY id`;
    expect(await asOwner(at)).toEqual([
      { id: noted!.id, at: new Date('2026-03-04T05:06:07Z') },
      { id: other!.id, at: other!.at },
    ]);
  });

  it('say of what was suspended why: where its last phase is a trial that ended, the trial', async () => {
    const [paying, trying] = ledger.subscriptions;
    await revertMigrations(ledger.database.ownerUrl, 'CreateProductTerms1764201700601');
    await asOwner(`UPDATE subscription SET payment_state = 'suspended' WHERE id IN ('${paying!.id}', '${trying!.id}')`);
    await asOwner(`UPDATE subscription_phase SET is_trial = true, ends_at = starts_at + interval '1 day'
                   WHERE subscription_id = '${trying!.id}'`);
    await redo();
    const suspended = `SELECT id, suspended_for AS for, payment_state AS state FROM subscription WHERE suspended_for <> '{}'`;
    const rows = await asOwner(suspended);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({ id: paying!.id, for: ['payment'], state: 'current' });
    expect(rows).toContainEqual({ id: trying!.id, for: ['trial_ended'], state: 'current' });
  });

  it('keep the calls refused that a publisher has refused, when that reason is taken away', async () => {
    const [one, other] = ledger.subscriptions;
    const set = (id: string, reasons: string) =>
      asOwner(`UPDATE subscription SET suspended_for = '{${reasons}}' WHERE id = '${id}'`);
    await set(one!.id, 'publisher,payment');
    await set(other!.id, 'operator,publisher');
    await revertMigrations(ledger.database.ownerUrl, 'DateDeprecations1764201793840');
    const rows = await asOwner(`SELECT id, suspended_for AS for FROM subscription WHERE suspended_for <> '{}'`);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({ id: one!.id, for: ['operator', 'payment'] });
    expect(rows).toContainEqual({ id: other!.id, for: ['operator'] });
    await redo();
  });

  it('go on with what came to a database of before', async () => {
    await undo();
    await redo();
    const archive = new TestArchive(ledger.database);
    expect((await archive.archiveAll()).at(-1)).toMatchObject({ status: 'archived' });
    ledger.database.clock.moveTo(new Date('2026-05-01T01:00:00Z'));
    expect((await closeDuePeriods(archive.context, { graceMs: 0, releaseIncomplete: true })).closed).toMatchObject([
      { number: 'INV-000005' },
      { number: 'INV-000006' },
    ]);
    archive.dispose();
  });

  it.each([
    [
      'days that are only in the archive',
      async () => {
        const archive = new TestArchive(ledger.database);
        await archive.archiveAll();
        archive.dispose();
      },
      'only in the archive',
    ],
    [
      'invoices of several sellers',
      () =>
        ledger.tamper(`WITH made AS (INSERT INTO seller (slug, name, address_lines, invoice_prefix, last_invoice_sequence)
          VALUES ('berlin', 'Sky GmbH', '{}', 'SKYDE', 1) RETURNING slug)
          UPDATE invoice SET seller_slug = 'berlin', number = 'SKYDE-000001' WHERE number = 'INV-000001'`),
      'other sellers than the default',
    ],
    [
      'invoices in review',
      async () => {
        const [{ organizationId }] = ledger.subscriptions as [(typeof ledger.subscriptions)[0]];
        const actor = { kind: 'cli', id: null } as const;
        await setReviewWindow(ledger.database.context, { organizationId, hours: 24, actor });
        ledger.database.clock.moveTo(new Date('2026-05-01T01:00:00Z'));
        await closeDuePeriods(ledger.database.context, { graceMs: 0, releaseIncomplete: true });
      },
      'invoice_state_known',
    ],
    [
      'meters that do not add up',
      () => ledger.tamper(`UPDATE meter SET aggregation = 'max'`),
      'meter_aggregation_known',
    ],
    [
      'lines of a minimum',
      () => ledger.tamper(`UPDATE invoice_line SET kind = 'minimum_commitment' WHERE meter IS NOT NULL`),
      'invoice_line_kind_known',
    ],
  ])('are not undone, rather than losing %s', async (_, fill, reason) => {
    const last = await lastMigration();
    await fill();
    await expect(undo()).rejects.toThrow(reason);
    const stopped = await lastMigration();
    await redo();
    expect(stopped).not.toBe(BEFORE);
    expect(await lastMigration()).toBe(last);
  });
});
