import {
  closeDuePeriods,
  decideOnAdjustment,
  exportCreditNotesCsv,
  findCreditNoteDocument,
  findInvoice,
  issueCreditNote,
  issueReviewed,
  proposeAdjustment,
  readBalance,
  renderCreditNotePdf,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';

const start = '2026-02-01T00:00:00Z';
const HOUR = 3_600_000;
const actor = { kind: 'user', id: 'ada' } as const;
const THEFT = `INSERT INTO credit_note (id, organization_id, invoice_id, seller_slug, number, currency, subtotal_minor, tax_minor,
    total_minor, reduced_minor, refunded_minor, reason, actor_kind, issued_at)
  SELECT id, organization_id, id, seller_slug, 'INV-CN-000001', currency, subtotal_minor, tax_minor, total_minor, 0, 0, 'theft',
    'system', created_at FROM invoice`;

describe('a credit note', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start);
    collection = await Collection.start(database);
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
    await collection.saveCard(subscription.organizationId, cards.good);
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const bill = async (at: string) => {
    database.clock.moveTo(at);
    const { closed } = await closeDuePeriods(database.context, { graceMs: HOUR });
    await collection.settle();
    return findInvoice(database.context, { invoiceId: closed[0]!.invoiceId! });
  };
  const credit = (invoiceId: string, lines: Parameters<typeof issueCreditNote>[1]['lines'] = null) =>
    issueCreditNote(database.context, { invoiceId, lines, reason: 'Charged by mistake', actor });
  const balance = async () =>
    (await readBalance(database.context, { organizationId: subscription.organizationId })).balances;
  const verify = () => verifyLedger(database.context, { provider: collection.provider });
  const textOf = async (csv: AsyncIterable<string>) => {
    let text = '';
    for await (const piece of csv) text += piece;
    return text;
  };

  it('gives back parts of a paid invoice to the balance, the next invoice uses it, and all of it is proven', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    expect(invoice).toMatchObject({ state: 'paid', totalMinor: 500n });
    const lineId = invoice.lines[0]!.id;
    expect(await credit(invoice.id, [{ lineId, amountMinor: 120n }])).toMatchObject({
      number: 'INV-CN-000001',
      totalMinor: 120n,
    });
    await expect(credit(invoice.id, [{ lineId, amountMinor: 381n }])).rejects.toMatchObject({
      code: 'credit_note_invalid',
      message: expect.stringContaining('1 to 380'),
    });
    expect(await credit(invoice.id)).toMatchObject({ number: 'INV-CN-000002', totalMinor: 380n });
    await expect(credit(invoice.id)).rejects.toMatchObject({ code: 'credit_note_invalid' });
    expect(await balance()).toMatchObject([{ amountMinor: 500n }]);
    expect((await findInvoice(database.context, { invoiceId: invoice.id })).creditNotes).toMatchObject([
      { totalMinor: 120n },
      { totalMinor: 380n },
    ]);

    expect(await bill('2026-04-01T01:00:00Z')).toMatchObject({
      state: 'paid',
      balanceAppliedMinor: 500n,
      payments: [],
    });
    expect(await balance()).toMatchObject([{ amountMinor: 0n }]);
    expect((await verify()).checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
  });

  it('is only of an invoice that is issued, and takes off what is due first, by the database too', async () => {
    await rows(`UPDATE organization SET invoice_review_hours = 1`);
    const invoice = await bill('2026-03-01T01:00:00Z');
    expect(invoice.state).toBe('review');
    await expect(credit(invoice.id)).rejects.toMatchObject({ code: 'invoice_not_issued' });
    await expect(credit(subscription.id)).rejects.toMatchObject({ code: 'invoice_not_found' });
    await expect(rows(THEFT)).rejects.toThrow(/cannot be of invoice/);
    await issueReviewed(database.context, { invoiceId: invoice.id, actor });
    await expect(rows(THEFT)).rejects.toThrow(/cannot be of invoice/);
  });

  it('gives back once what many ask for at the same time, with numbers without a gap', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    const lineId = invoice.lines[0]!.id;
    const tries = await Promise.allSettled(
      Array.from({ length: 5 }, () => credit(invoice.id, [{ lineId, amountMinor: 200n }])),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await balance()).toMatchObject([{ amountMinor: 400n }]);
    expect(await rows(`SELECT number FROM credit_note ORDER BY number`)).toEqual([
      { number: 'INV-CN-000001' },
      { number: 'INV-CN-000002' },
    ]);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('is fixed by the database, and cannot be written with other lines than its total', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    await expect(rows(THEFT)).rejects.toThrow(/lines of 0, taxes of 0, the balance got 0, the card 0; it says 500/);
    await credit(invoice.id);
    for (const table of ['credit_note', 'credit_note_line']) {
      await expect(rows(`UPDATE ${table} SET organization_id = organization_id`)).rejects.toThrow(/permission denied/);
      await expect(rows(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
    }
  });

  it.each([
    ['total', `UPDATE credit_note SET total_minor = 400, subtotal_minor = 400`, /^credit_note /],
    ['line', `UPDATE credit_note_line SET amount_minor = 400`, /^credit_note /],
    ['number', `UPDATE credit_note SET number = 'INV-CN-000002'`, /^seller default/],
  ])('is proven: one whose %s was changed is named', async (_, sql, row) => {
    await credit((await bill('2026-03-01T01:00:00Z')).id);
    await tamper(database, sql);
    const { checks } = await verifyLedger(database.context);
    expect(checks.find(({ name }) => name === 'balances')?.difference?.row).toMatch(row);
  });

  it('is a PDF with the same bytes each time, of its own organization only', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    const note = await credit(invoice.id);
    const reference = { invoiceId: invoice.id, creditNoteId: note.id, organizationId: subscription.organizationId };
    const document = await findCreditNoteDocument(database.context, reference);
    const pdf = await renderCreditNotePdf(document);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toContain(`Credit note ${note.number}`);
    expect(await renderCreditNotePdf(document)).toEqual(pdf);
    const other = await aSubscription(database, { organizationName: 'Bob Ltd' });
    await expect(
      findCreditNoteDocument(database.context, { ...reference, organizationId: other.organizationId }),
    ).rejects.toMatchObject({ code: 'invoice_not_found' });
  });

  it('is in the export, page by page, with formulas made harmless', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    const lineId = invoice.lines[0]!.id;
    for (const reason of ['=1+1', 'second']) {
      const lines = [{ lineId, amountMinor: 10n }];
      await issueCreditNote(database.context, { invoiceId: invoice.id, lines, reason, actor });
    }
    const csv = await textOf(exportCreditNotesCsv(database.context, {}, 1));
    expect(csv).toBe(await textOf(exportCreditNotesCsv(database.context)));
    expect(csv.trim().split('\r\n')).toHaveLength(3);
    expect(csv).toContain(`,0.10,USD,'=1+1,`);
  });

  it('is in the export of its span, of its payer, and of what is searched for', async () => {
    const invoice = await bill('2026-03-01T01:00:00Z');
    const lineId = invoice.lines[0]!.id;
    for (const [reason, at] of [
      ['March', '2026-03-31T23:59:59.999Z'],
      ['April', '2026-04-01T00:00:00Z'],
    ] as const) {
      database.clock.moveTo(at);
      await issueCreditNote(database.context, {
        invoiceId: invoice.id,
        lines: [{ lineId, amountMinor: 10n }],
        reason,
        actor,
      });
    }
    const exported = async (filter: Parameters<typeof exportCreditNotesCsv>[1]) =>
      (await textOf(exportCreditNotesCsv(database.context, filter)))
        .trim()
        .split('\r\n')
        .slice(1)
        .map((row) => /March|April/.exec(row)![0]);
    const turn = new Date('2026-04-01T00:00:00Z');
    expect(await exported({ to: turn })).toEqual(['March']);
    expect(await exported({ from: turn })).toEqual(['April']);
    expect(await exported({ payerId: invoice.organizationId })).toEqual(['March', 'April']);
    expect(await exported({ payerId: invoice.id })).toEqual([]);
    expect(await exported({ search: invoice.number!.toLowerCase() })).toEqual(['March', 'April']);
    expect(await exported({ search: 'cn-000002' })).toEqual(['April']);
    expect(await exported({ search: 'nobody' })).toEqual([]);
  });

  it('counts what was paid from the balance as paid', async () => {
    const { organizationId } = subscription;
    const adjustment = { organizationId, currency: 'USD', amountMinor: 500n, reason: 'A gift', actor };
    const { id } = await proposeAdjustment(database.context, adjustment);
    const grace = { kind: 'user', id: 'grace' } as const;
    await decideOnAdjustment(database.context, { adjustmentId: id, decision: 'approved', actor: grace });
    const invoice = await bill('2026-03-01T01:00:00Z');
    expect(invoice).toMatchObject({ state: 'paid', balanceAppliedMinor: 500n });
    await credit(invoice.id);
    expect(await balance()).toMatchObject([{ amountMinor: 500n }]);
    expect(await verify()).toMatchObject({ ok: true });
  });
});
