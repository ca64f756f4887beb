import {
  type ReportName,
  closeDuePeriods,
  exportInvoicesNdjson,
  exportInvoicesXlsx,
  findInvoice,
  findInvoiceJson,
  issueCreditNote,
  reportTable,
  writeTable,
} from '#services';
import { read, utils } from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { drain } from '../../support/drain.js';

const HOUR = 3_600_000;
const formula = '=HYPERLINK("http://eve.test")';

/** Ada pays in dollars and is given a part back; Eve pays in yen, and her card is declined. */
describe('what finance exports', () => {
  let database: TestDatabase;
  let collection: Collection;
  let ada: SubscriptionRow;
  let eve: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase('2026-01-15T00:00:00Z');
    collection = await Collection.start(database);
    ada = await aSubscription(database, { organizationName: 'Ada Ltd' });
    eve = await aSubscription(database, {
      organizationName: formula,
      definition: aPlanDefinition({ currency: 'JPY', fixedFee: '500' }),
    });
    await collection.saveCard(ada.organizationId, cards.good);
    await collection.saveCard(eve.organizationId, cards.declined);
    await addUsage(database, ada, { at: new Date('2026-01-15T08:00:00Z'), quantity: '350.5' });
    await addUsage(database, ada, { at: new Date('2026-01-16T08:00:00Z'), quantity: '2' });
    await addUsage(database, ada, { at: new Date('2026-01-16T09:00:00Z'), quantity: '3', billable: false });
    await close('2026-02-15T01:00:00Z');
    const late = { at: new Date('2026-02-14T23:00:00Z'), settlesIn: new Date('2026-02-15T00:00:00Z') };
    await addUsage(database, ada, { ...late, quantity: '1000' });
    await close('2026-03-15T01:00:00Z');
    const [first] = await invoicesOf(ada);
    const { lines } = await findInvoice(database.context, { invoiceId: first!.id });
    await issueCreditNote(database.context, {
      invoiceId: first!.id,
      lines: [{ lineId: lines[1]!.id, amountMinor: 51n }],
      reason: '=1+1',
      actor: { kind: 'user', id: 'ada' },
    });
  });
  afterAll(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const close = async (at: string) => {
    database.clock.moveTo(at);
    await closeDuePeriods(database.context, { graceMs: HOUR });
    await collection.settle();
  };
  const invoicesOf = ({ organizationId }: SubscriptionRow) =>
    database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ id: string }>('SELECT id FROM invoice WHERE organization_id = $1 ORDER BY id', [
        organizationId,
      ]),
    );
  const report = async (
    name: ReportName,
    { from, to, pageSize }: { from?: string; to?: string; pageSize?: number } = {},
  ) => {
    const table = reportTable(database.context, name, {
      from: from === undefined ? null : new Date(from),
      to: to === undefined ? null : new Date(to),
      ...(pageSize !== undefined && { pageSize }),
    });
    const pieces = await drain(writeTable(table, 'ndjson', database.clock.now()));
    return pieces
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('has each invoice as a line of JSON, down to tiers, payments and credit notes, and the same alone', async () => {
    const lines = (await drain(exportInvoicesNdjson(database.context, {}, 2))).join('').trimEnd().split('\n');
    expect(lines).toEqual((await drain(exportInvoicesNdjson(database.context))).join('').trimEnd().split('\n'));
    expect(lines).toHaveLength(4);
    const [first] = await invoicesOf(ada);
    const invoice = lines.map((line) => JSON.parse(line) as { id: string }).find(({ id }) => id === first!.id);
    expect(invoice).toMatchObject({
      number: expect.stringMatching(/^INV-/),
      state: 'paid',
      organization: { name: 'Ada Ltd' },
      currency: 'USD',
      // The fee of a dollar, and 252.5 units of a cent.
      total: '3.53',
      due: '0.00',
      lines: [
        { position: 1, kind: 'fixed_fee', amount: '1.00', plan: { slug: 'pro', version: 1 } },
        { kind: 'usage', quantity: '352.5', amount: '2.53', breakdown: [{ units: '252.5', amount: '2.525' }] },
      ],
      payments: [{ state: 'succeeded', amount: '3.53' }],
      creditNotes: [{ total: '0.51', reason: '=1+1' }],
    });
    const { document } = await findInvoiceJson(database.context, {
      invoiceId: first!.id,
      organizationId: ada.organizationId,
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual(invoice);
    await expect(
      findInvoiceJson(database.context, { invoiceId: first!.id, organizationId: eve.organizationId }),
    ).rejects.toMatchObject({ code: 'invoice_not_found' });
    const only = await drain(exportInvoicesNdjson(database.context, { organizationId: eve.organizationId }));
    expect(only.join('')).not.toContain('Ada Ltd');
  });

  it('has a workbook of invoices, lines and credit notes, without a formula', async () => {
    const book = read(Buffer.concat(await drain(exportInvoicesXlsx(database.context))), { cellFormula: true });
    expect(book.SheetNames).toEqual(['Invoices', 'Lines', 'Credit notes']);
    const [invoices, lines, notes] = book.SheetNames.map((name) =>
      utils.sheet_to_json<Record<string, unknown>>(book.Sheets[name]!),
    );
    expect(invoices).toHaveLength(4);
    expect(lines).toHaveLength(9);
    expect(invoices![0]).toMatchObject({ organization: 'Ada Ltd', total: 3.53, tax: 0, due: 0, currency: 'USD' });
    expect(invoices![1]).toMatchObject({ organization: formula, state: 'past_due', total: 500, due: 500 });
    expect(notes).toEqual([expect.objectContaining({ amount: 0.51, reason: '=1+1' })]);
    const cells = Object.values(book.Sheets).flatMap((sheet) => Object.values(sheet) as { f?: string }[]);
    expect(cells.filter(({ f }) => f !== undefined)).toEqual([]);
  });

  it('has every payment and failed try, by when it was recorded', async () => {
    const rows = await report('payments', { pageSize: 1 });
    expect(rows).toEqual(await report('payments'));
    expect(rows.map(({ organization, state, amount, currency }) => [organization, state, amount, currency])).toEqual(
      expect.arrayContaining([
        ['Ada Ltd', 'succeeded', '3.53', 'USD'],
        [formula, 'failed', '500', 'JPY'],
      ]),
    );
    const second = await report('payments', { from: '2026-03-01T00:00:00Z' });
    expect(second.filter(({ organization }) => organization === 'Ada Ltd')).toMatchObject([{ amount: '11.00' }]);
    expect(await report('payments', { to: '2026-02-15T01:00:00Z' })).toEqual([]);
  });

  it('has usage by subscription, day, meter and operation, on whatever page', async () => {
    const rows = await report('usage', { pageSize: 1 });
    expect(rows).toEqual(await report('usage'));
    expect(
      rows.map(({ day, events, quantity, billable_quantity: billable }) => [day, events, quantity, billable]),
    ).toEqual([
      ['2026-01-15', '1', '350.5', '350.5'],
      ['2026-01-16', '2', '5', '2'],
      ['2026-02-14', '1', '1000', '1000'],
    ]);
    expect(rows[0]).toMatchObject({
      organization: 'Ada Ltd',
      subscription_id: ada.id,
      meter: 'requests',
      operation: 'getNow',
    });
    expect(await report('usage', { from: '2026-01-16T08:00:00Z', to: '2026-01-16T09:00:00Z' })).toMatchObject([
      { day: '2026-01-16', quantity: '2' },
    ]);
  });
});
