import {
  closeDuePeriods,
  exportInvoicesCsv,
  findInvoice,
  findInvoiceDocument,
  listInvoices,
  listPeriods,
  readPeriodBoard,
  renderInvoicePdf,
} from '#services';
import { holdPeriod } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { drain } from '../../support/drain.js';

const start = '2026-01-15T00:00:00Z';

describe('invoices of two organizations over three months', () => {
  let database: TestDatabase;
  let ada: SubscriptionRow;
  let eve: SubscriptionRow;
  beforeAll(async () => {
    database = await createTestDatabase(start);
    ada = await aSubscription(database, { organizationName: 'Ada "and", Sons' });
    eve = await aSubscription(database, {
      organizationName: '=HYPERLINK("http://eve.test")',
      definition: aPlanDefinition({ currency: 'JPY', fixedFee: '500' }),
    });
    await addUsage(database, ada, { at: new Date(start), quantity: '350.5' });
    for (const month of ['2026-02-15', '2026-03-15', '2026-04-15']) {
      database.clock.moveTo(`${month}T02:00:00Z`);
      await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    }
  });
  afterAll(() => database.dispose());

  const csv = async (...options: [filter?: Parameters<typeof exportInvoicesCsv>[1], pageSize?: number]) => {
    const pieces = await drain(exportInvoicesCsv(database.context, ...options));
    return { pieces, rows: pieces.join('').trimEnd().split('\r\n') };
  };

  it('lists an organization its own, newest first, page by page', async () => {
    const { organizationId } = ada;
    const first = await listInvoices(database.context, { organizationId }, { limit: 2 });
    expect(first.invoices.map(({ periodStart }) => periodStart.toISOString().slice(0, 7))).toEqual([
      '2026-03',
      '2026-02',
    ]);
    expect(first.invoices[0]).toMatchObject({
      organization: { name: 'Ada "and", Sons' },
      product: { title: 'Weather' },
    });
    const second = await listInvoices(database.context, { organizationId }, { limit: 2, before: first.next! });
    expect(second.invoices.map(({ totalMinor }) => totalMinor)).toEqual([100n + 251n]);
    expect(second.next).toBeNull();
  });

  it('lists finance those of all, by state and by when they were issued', async () => {
    expect((await listInvoices(database.context)).invoices).toHaveLength(6);
    expect((await listInvoices(database.context, { state: 'paid' })).invoices).toHaveLength(0);
    const march = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') };
    const { invoices } = await listInvoices(database.context, { state: 'issued', ...march });
    expect(invoices.map(({ periodStart }) => periodStart.toISOString())).toEqual(
      Array(2).fill('2026-02-15T00:00:00.000Z'),
    );
  });

  it('finds finance those with a part of a number or a name, one by its id, and those of one payer', async () => {
    const found = async (filter: Parameters<typeof listInvoices>[1]) =>
      (await listInvoices(database.context, filter)).invoices.map(({ organization, number }) => ({
        name: organization.name,
        number,
      }));
    const all = await found({});
    expect(await found({ search: 'inv-000004' })).toEqual([expect.objectContaining({ number: 'INV-000004' })]);
    expect(await found({ search: '00000' })).toEqual(all);
    const adas = all.filter(({ name }) => name.startsWith('Ada'));
    expect(adas).toHaveLength(3);
    expect(await found({ search: 'and", SONS' })).toEqual(adas);
    expect(await found({ payerId: ada.organizationId })).toEqual(adas);
    expect(await found({ payerId: ada.organizationId, search: 'eve.test' })).toEqual([]);
    // It is a text, not a pattern.
    expect(await found({ search: 'INV%' })).toEqual([]);
    const { invoices } = await listInvoices(database.context, { payerId: eve.organizationId }, { limit: 1 });
    expect(await found({ search: invoices[0]!.id.toUpperCase() })).toEqual([
      { name: '=HYPERLINK("http://eve.test")', number: invoices[0]!.number },
    ]);
    expect((await csv({ payerId: ada.organizationId })).rows).toEqual(
      (await csv({ organizationId: ada.organizationId })).rows,
    );
    expect((await csv({ search: 'INV-000004' })).rows).toHaveLength(1 + 2);
  });

  it('shows finance where each period stands and what that comes to, by month or all that is not done', async () => {
    const board = async (query: Parameters<typeof readPeriodBoard>[1] = {}) =>
      Object.fromEntries(
        (await readPeriodBoard(database.context, query)).columns
          .filter(({ count }) => count > 0)
          .map(({ state, count, totals }) => [
            state,
            [count, ...totals.map(({ currency, totalMinor }) => `${totalMinor} ${currency}`)],
          ]),
      );
    expect(await board()).toEqual({ open: [2], issued: [6, '1500 JPY', '551 USD'] });
    expect(await board({ month: '2026-02' })).toEqual({ issued: [2, '500 JPY', '351 USD'] });
    expect(await board({ month: '2026-05', at: new Date('2026-05-15T00:00:00Z') })).toEqual({ grace: [2] });
    const [open] = (await listPeriods(database.context, { state: 'open' })).periods;
    const { subscriptionId, organization } = open!;
    await database.unitOfWork.inSystem((transaction) => holdPeriod(transaction, open!, 'gw-1 lags.'));
    const { columns, holdReasons } = await readPeriodBoard(database.context);
    expect(columns.find(({ state }) => state === 'held')?.count).toBe(1);
    expect(holdReasons).toEqual([{ reason: 'gw-1 lags.', count: 1 }]);
    expect((await listPeriods(database.context, { state: 'held' })).periods).toMatchObject([
      { subscriptionId, organization, heldReason: 'gw-1 lags.', invoice: null, product: { title: 'Weather' } },
    ]);
  });

  it('pages through the periods of the board, each once', async () => {
    const seen: string[] = [];
    let after = null;
    do {
      const page = await listPeriods(database.context, { state: 'issued', limit: 4, after });
      seen.push(
        ...page.periods.map(({ endsAt, invoice }) => `${endsAt.toISOString().slice(0, 7)} ${invoice?.currency}`),
      );
      after = page.next;
    } while (after !== null);
    expect(seen.map((row) => row.slice(0, 7))).toEqual([
      '2026-04',
      '2026-04',
      '2026-03',
      '2026-03',
      '2026-02',
      '2026-02',
    ]);
    expect(new Set(seen).size).toBe(6);
    expect(await listPeriods(database.context, { state: 'unbilled', month: '2026-02' })).toEqual({
      periods: [],
      next: null,
    });
  });

  it('shows an invoice to nobody but its organization and finance', async () => {
    const { invoices } = await listInvoices(database.context, { organizationId: ada.organizationId }, { limit: 3 });
    const invoiceId = invoices.at(-1)!.id;
    for (const organizationId of [ada.organizationId, undefined]) {
      const invoice = await findInvoice(database.context, { invoiceId, organizationId });
      expect(invoice.lines.map(({ kind, quantity, amountMinor }) => [kind, quantity, amountMinor])).toEqual([
        ['fixed_fee', '1', 100n],
        ['usage', '350.5', 251n],
      ]);
    }
    for (const find of [findInvoice, findInvoiceDocument]) {
      await expect(find(database.context, { invoiceId, organizationId: eve.organizationId })).rejects.toMatchObject({
        code: 'invoice_not_found',
      });
    }
    await expect(findInvoice(database.context, { invoiceId: ada.id })).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
  });

  it('prints an invoice', async () => {
    const { invoices } = await listInvoices(database.context, { organizationId: eve.organizationId }, { limit: 1 });
    const document = await findInvoiceDocument(database.context, { invoiceId: invoices[0]!.id });
    expect(document).toMatchObject({
      plans: [{ title: 'Pro', versionNumber: 1 }],
      meters: [{ slug: 'requests', title: 'Requests', unit: 'request' }],
      seller: { name: 'Tollgate' },
      renderedAt: database.clock.now(),
    });
    expect((await renderInvoicePdf(document)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('exports a row for each line, with exact amounts', async () => {
    const { rows } = await csv({ organizationId: ada.organizationId });
    expect(rows).toHaveLength(1 + 6);
    expect(rows[0]).toBe(
      'invoice_number,invoice_id,state,organization_id,organization,subscription_id,product,plan,plan_version,period_start,' +
        'period_end,line,kind,meter,description,quantity,amount_minor,amount,currency,issued_at,paid_at,seller,tax_category,tax_percent,purchase_order,payment_method,due_at',
    );
    expect(rows[2]).toMatch(
      new RegExp(
        `^INV-00000\\d,[0-9a-f-]{36},issued,${ada.organizationId},"Ada ""and"", Sons",${ada.id},\\w+,pro,1,2026-01-15T00:00:00.000Z,` +
          `2026-02-15T00:00:00.000Z,2,usage,requests,"[^"]+",350.5,251,2.51,USD,2026-02-15T02:00:00.000Z,,Tollgate,outside_scope,0,,card,2026-02-15T02:00:00.000Z$`,
      ),
    );
  });

  it('exports no cell that a spreadsheet would run, and amounts in the places of their currency', async () => {
    const { rows } = await csv({ organizationId: eve.organizationId });
    expect(rows[1]).toContain(`,"'=HYPERLINK(""http://eve.test"")",`);
    expect(rows[1]).toContain(',500,500,JPY,');
    for (const name of ['+1', '-1', '@SUM(A1)', '\tA', '\rA', '=1']) {
      await database.unitOfWork.inSystem((transaction) =>
        transaction.query('UPDATE organization SET name = $2 WHERE id = $1', [eve.organizationId, `${name} Ltd`]),
      );
      const [, row] = (await csv({ organizationId: eve.organizationId })).pieces.join('').split('\r\n');
      expect(row, name).toContain(`'${name} Ltd`);
    }
  });

  it('exports the same in pages of any size, and holds no more than one', async () => {
    const whole = (await csv()).pieces.join('');
    for (const pageSize of [1, 5, 12]) {
      const { pieces } = await csv({}, pageSize);
      expect(pieces.join('')).toBe(whole);
      expect(Math.max(...pieces.map((piece) => piece.trimEnd().split('\r\n').length))).toBeLessThanOrEqual(pageSize);
    }
  });

  it('exports only a header when there is nothing', async () => {
    expect((await csv({ state: 'void' })).rows).toHaveLength(1);
  });
});
