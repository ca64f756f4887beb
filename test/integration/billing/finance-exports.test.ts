import {
  type ReportName,
  closeDuePeriods,
  exportInvoicesNdjson,
  exportInvoicesXlsx,
  findElectronicCreditNote,
  findElectronicInvoice,
  findInvoice,
  decideOnAdjustment,
  findInvoiceJson,
  issueCreditNote,
  nameAccount,
  previewTable,
  proposeAdjustment,
  readChartOfAccounts,
  reportTable,
  writeTable,
} from '#services';
import { read, utils } from '@e965/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { CommandLine } from '../../support/command-line.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { brokenRules } from '../../support/en16931-rules.js';
import { parseXml, textAt } from '../../support/xml-tree.js';

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
      definition: aPlanDefinition({ currency: 'JPY', fixedFee: '500', fixedFeeDue: 'in_advance' }),
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
  type Options = { from?: string; to?: string; at?: string; pageSize?: number };
  const tableOf = (name: ReportName, { from, to, at, pageSize }: Options = {}) => {
    const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
    return reportTable(database.context, name, { from: instant(from), to: instant(to), at: instant(at), pageSize });
  };
  const report = async (name: ReportName, options: Options = {}) => {
    const table = tableOf(name, options);
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

  it('has late usage with the period that it belongs to, the invoice that bills it, and what waits', async () => {
    const [first, second] = await invoicesOf(ada);
    const billed = {
      organization: 'Ada Ltd',
      meter: 'requests',
      quantity: '1000',
      period_start: '2026-01-15T00:00:00.000Z',
      period_end: '2026-02-15T00:00:00.000Z',
      settled_period_start: '2026-02-15T00:00:00.000Z',
      invoice_id: second!.id,
      state: 'paid',
      amount: '10.00',
    };
    expect(await report('late-usage')).toMatchObject([billed]);
    const late = { at: new Date('2026-02-10T00:00:00Z'), settlesIn: new Date('2026-03-15T00:00:00Z') };
    await addUsage(database, ada, { ...late, quantity: '7' });
    expect(await report('late-usage')).toMatchObject([
      billed,
      { quantity: '7', period_start: '2026-01-15T00:00:00.000Z', state: 'waiting', amount: null, invoice_id: null },
    ]);
    expect(await report('late-usage', { to: '2026-03-01T00:00:00Z' })).toEqual([]);
    expect(first!.id).not.toBe(second!.id);
  });

  it('has books in which debits are credits, and what is receivable is what is open', async () => {
    const { id } = await proposeAdjustment(database.context, {
      organizationId: ada.organizationId,
      currency: 'USD',
      amountMinor: 250n,
      reason: 'An outage',
      actor: { kind: 'user', id: 'ada' },
    });
    await decideOnAdjustment(database.context, {
      adjustmentId: id,
      decision: 'approved',
      actor: { kind: 'user', id: 'grace' },
    });
    await close('2026-04-15T01:00:00Z');
    const rows = await report('journal-entries', { pageSize: 1 });
    expect(rows).toEqual(await report('journal-entries'));
    for (const [entry, postings] of Map.groupBy(rows, ({ entry: key }) => key)) {
      expect(sumOf(postings, 'debit'), String(entry)).toBe(sumOf(postings, 'credit'));
      expect(new Set(postings.map(({ currency }) => currency)).size).toBe(1);
    }
    const open = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ currency: string; due: string }>(
        `SELECT currency, sum(total_minor - balance_applied_minor)::text AS due FROM invoice
         WHERE state IN ('issued', 'past_due') GROUP BY 1`,
      ),
    );
    expect(open).toEqual([{ currency: 'JPY', due: '1500' }]);
    const balance = (account: string, currency: string, upTo = rows) => {
      const own = upTo.filter((row) => row['account'] === account && row['currency'] === currency);
      return sumOf(own, 'debit') - sumOf(own, 'credit');
    };
    expect([balance('receivables', 'JPY'), balance('receivables', 'USD')]).toEqual([150_000n, 0n]);
    // Credited 0.51 and given 2.50, of which the invoice of April took 1.07.
    expect(balance('customer_balances', 'USD')).toBe(-194n);
    expect(balance('adjustments', 'USD')).toBe(250n);
    const until = await report('journal-entries', { to: '2026-03-01T00:00:00Z' });
    expect(until).toEqual(rows.filter(({ at }) => String(at) < '2026-03-01'));
    // Of the 500 yen for 28 days from 15 February, 14 are over.
    expect(balance('deferred_revenue', 'JPY', until)).toBe(-25_000n);
    const rest = await report('journal-entries', { from: '2026-03-01T00:00:00Z' });
    const keyOf = (row: Record<string, unknown>) => JSON.stringify(row);
    expect([...until, ...rest].map(keyOf).toSorted()).toEqual(rows.map(keyOf).toSorted());
    expect(rows.find(({ account }) => account === 'usage_revenue')).toMatchObject({
      account_number: '4100',
      plan: 'pro',
      organization: 'Ada Ltd',
    });
  });

  it('has the accounts of finance’s own chart', async () => {
    const actor = { kind: 'user', id: 'ada' } as const;
    const name = (account: string, plan: string | null, number: string | null) =>
      nameAccount(database.context, {
        account,
        plan,
        named: number === null ? null : { number, name: 'Erlöse' },
        actor,
      });
    const [row] = await report('journal-entries', { to: '2026-02-16T00:00:00Z' });
    const numbersOf = async (account: string) => [
      ...new Set(
        (await report('journal-entries'))
          .filter((one) => one['account'] === account)
          .map((one) => one['account_number']),
      ),
    ];
    await name('usage_revenue', null, '8400');
    expect(await numbersOf('usage_revenue')).toEqual(['8400']);
    const product = (await report('mrr')).find(({ currency }) => currency === 'USD')!['product'];
    await name('usage_revenue', `${String(product)}/pro`, '8401');
    expect(await numbersOf('usage_revenue')).toEqual(['8401']);
    expect((await readChartOfAccounts(database.context)).filter(({ isMapped }) => isMapped)).toHaveLength(2);
    await name('usage_revenue', `${String(product)}/pro`, null);
    await name('usage_revenue', null, null);
    expect(await numbersOf('usage_revenue')).toEqual(['4100']);
    await expect(name('petty_cash', null, '1')).rejects.toMatchObject({ code: 'account_not_found' });
    await expect(name('cash', 'pro', '1')).rejects.toThrow(/plan: expected PRODUCT\/PLAN/);
    await expect(name('cash', null, ' ')).rejects.toThrow(/number: expected 1 to 40/);
    expect(row).toMatchObject({ kind: 'invoice' });
  });

  it('has revenue by month and plan, and what recurs each month apart from usage', async () => {
    const revenue = await report('revenue');
    expect(revenue.filter(({ currency }) => currency === 'USD')).toMatchObject([
      { month: '2026-02', plan: 'pro', fixed_fees: '1.00', usage: '2.53', credit_notes: '0.00', revenue: '3.53' },
      { month: '2026-03', plan: 'pro', fixed_fees: '1.00', usage: '10.00', credit_notes: '-0.51', revenue: '10.49' },
      // The usage that waited: 7 units.
      { month: '2026-04', plan: 'pro', fixed_fees: '1.00', usage: '0.07', revenue: '1.07' },
    ]);
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(3);
    expect(await report('mrr', { at: '2026-03-15T02:00:00Z' })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          currency: 'USD',
          subscriptions: 1,
          trials: 0,
          mrr: '1.00',
          usage_of_last_month: '10.00',
        }),
        expect.objectContaining({ currency: 'JPY', subscriptions: 1, mrr: '500', usage_of_last_month: '0' }),
      ]),
    );
    expect(await report('mrr', { at: '2026-01-01T00:00:00Z' })).toEqual([]);
    expect(() => tableOf('mrr', { from: '2026-01-01' })).toThrow(/of one instant/);
    expect(() => tableOf('revenue', { at: '2026-01-01' })).toThrow(/of a span/);
    expect(() => tableOf('revenue', { from: '2026-02-01', to: '2026-02-01' })).toThrow(/after “from”/);
  });

  it('has an electronic invoice and credit note once it is known where seller and buyer are', async () => {
    const [first] = await invoicesOf(ada);
    const reference = { invoiceId: first!.id };
    await expect(findElectronicInvoice(database.context, reference)).rejects.toMatchObject({
      code: 'electronic_invoice_incomplete',
      message: expect.stringContaining('the country of the buyer'),
    });
    // As if it had been known when the invoice was made.
    await tamper(
      database,
      `UPDATE invoice SET seller = seller || '{"country": "DE"}', buyer = coalesce(buyer, '{}') ||
         '{"name": "Ada Ltd", "addressLines": [], "country": "FR", "region": null, "taxIds": [], "purchaseOrderNumber": "PO-7"}'
       WHERE id = $1`,
      [first!.id],
    );
    const { number, xml } = await findElectronicInvoice(database.context, reference);
    const invoice = parseXml(xml);
    expect(brokenRules(invoice)).toEqual([]);
    expect([textAt(invoice, 'cbc:ID'), textAt(invoice, 'cac:LegalMonetaryTotal', 'cbc:PayableAmount')]).toEqual([
      number,
      '3.53',
    ]);
    const { creditNotes } = await findInvoice(database.context, reference);
    const note = parseXml(
      (await findElectronicCreditNote(database.context, { ...reference, creditNoteId: creditNotes[0]!.id })).xml,
    );
    expect(brokenRules(note)).toEqual([]);
    expect(textAt(note, 'cac:BillingReference', 'cac:InvoiceDocumentReference', 'cbc:ID')).toBe(number);
    expect(textAt(note, 'cac:LegalMonetaryTotal', 'cbc:PayableAmount')).toBe('0.51');
    const eveId = eve.organizationId;
    await expect(
      findElectronicInvoice(database.context, { ...reference, organizationId: eveId }),
    ).rejects.toMatchObject({ code: 'invoice_not_found' });
  });

  it('prints an invoice at the command line by its number', async () => {
    const commandLine = new CommandLine(database);
    const [first] = await invoicesOf(ada);
    const { number } = await findInvoice(database.context, { invoiceId: first!.id });
    const { output } = await commandLine.run('invoice', 'export', number!, '--format', 'json');
    expect(JSON.parse(output)).toMatchObject({ id: first!.id, total: '3.53' });
    expect((await commandLine.run('report', 'mrr', '--at', '2026-03-15T02:00:00Z')).output).toContain(
      ',USD,1,0,1.00,10.00',
    );
    await expect(commandLine.run('invoice', 'export', 'INV-999999')).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
    const notes = await commandLine.run('credit-notes', 'export', '--from', '2026-01-01', '--to', '2027-01-01');
    expect(notes.output).toMatch(/^credit_note_number,/);
    await expect(commandLine.run('credit-notes', 'export', '--from', 'May')).rejects.toThrow(/--from/);
    await expect(commandLine.run('report', 'secrets')).rejects.toThrow(/expected one of payments/);
    await expect(commandLine.run('invoices', 'export', '--format', 'pdf')).rejects.toThrow(
      /expected csv, ndjson, xlsx/,
    );
    commandLine.dispose();
  });

  it('shows the first rows of a report, and whether there are more', async () => {
    const { columns, rows, hasMore } = await previewTable(tableOf('usage', { pageSize: 2 }), 3);
    expect(hasMore).toBe(true);
    expect(rows).toHaveLength(3);
    expect(Object.fromEntries(columns.map((column, index) => [column, rows[0]![index]]))).toMatchObject({
      day: '2026-01-15',
      quantity: '350.5',
    });
    expect(await previewTable(tableOf('usage', { to: '2026-01-16T00:00:00Z' }), 1)).toMatchObject({ hasMore: false });
  });
});

/** Σ of a column of amounts in hundredths, so that no float adds them up. */
function sumOf(rows: readonly Record<string, unknown>[], column: 'debit' | 'credit'): bigint {
  return rows.reduce((sum, row) => {
    const amount = row[column];
    if (typeof amount !== 'string') return sum;
    const [whole, fraction = ''] = amount.split('.');
    return sum + BigInt(whole! + fraction.padEnd(2, '0'));
  }, 0n);
}
