import {
  type CatalogFile,
  type RecordTransferInput,
  applyCatalog,
  assignStatementRow,
  catalogFileSchema,
  closeDuePeriods,
  createApplication,
  exportInvoicesCsv,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  findInvoiceJson,
  importStatement,
  issueCreditNote,
  journalEntryPages,
  listTransfers,
  listUnmatchedRows,
  markPastDue,
  putStatementRowAside,
  readBalance,
  readReceivables,
  recordTransfer,
  reverseTransfer,
  setPaymentTerms,
  subscribe,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { brokenRules } from '../../support/en16931-rules.js';
import { dataOf } from '../../support/stripe-sandbox/sandbox-client.js';
import { parseXml, textAt } from '../../support/xml-tree.js';

const HOUR = 3_600_000;
const ada = { kind: 'user', id: 'ada' } as const;
const account = { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', referenceText: 'Atlas' };
const definition = aPlanDefinition({ fixedFee: '5.00' });

describe('an organization that pays by transfer', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    subscription = await aSubscription(database, { definition });
    await tamper(database, `UPDATE seller SET bank_account = $1, country = 'DE', tax_id = 'DE136695976'`, [account]);
  });
  afterEach(async () => {
    await collection.settle();
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    await collection[Symbol.asyncDispose]();
    await database.dispose();
    expect(checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const payByTransfer = (netDays: number) =>
    setPaymentTerms(database.context, {
      organizationId: subscription.organizationId,
      terms: { method: 'transfer', netDays },
      actor: ada,
    });
  const bill = async (at = '2026-03-01T01:00:00Z') => {
    database.clock.moveTo(at);
    await closeDuePeriods(database.context, { graceMs: HOUR });
    const [row] = await rows<{ id: string }>('SELECT id FROM invoice ORDER BY id DESC LIMIT 1');
    return row!.id;
  };
  const invoiceOf = (invoiceId: string) => findInvoice(database.context, { invoiceId });

  it('gets invoices with the day they are due and the bank account, which the provider never hears of', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    expect(await payByTransfer(30)).toBe(true);
    expect(await payByTransfer(30)).toBe(false);
    const [audit] = await rows<{ details: unknown }>(
      `SELECT details FROM audit_log WHERE action = 'set_payment_terms'`,
    );
    expect(audit).toEqual({
      details: { from: { method: 'card', netDays: 0 }, to: { method: 'transfer', netDays: 30 } },
    });
    const id = await bill();
    await collection.settle();
    const invoice = await invoiceOf(id);
    expect(invoice).toMatchObject({ state: 'issued', paymentMethod: 'transfer', netDays: 30, providerInvoiceId: null });
    expect(invoice.dueAt!.toISOString()).toBe('2026-03-31T23:59:59.999Z');
    expect(invoice.seller.bankAccount).toEqual(account);
    expect(dataOf(await collection.client.get('/v1/invoices'))).toEqual([]);

    await tamper(database, `UPDATE invoice SET buyer = buyer || '{"country": "FR"}'`);
    const { xml } = await findElectronicInvoice(database.context, { invoiceId: id });
    expect(brokenRules(parseXml(xml))).toEqual([]);
    const says = (...path: readonly string[]) => textAt(parseXml(xml), ...path);
    expect([
      says('cbc:DueDate'),
      says('cac:PaymentTerms', 'cbc:Note'),
      says('cac:PaymentMeans', 'cbc:PaymentMeansCode'),
      says('cac:PaymentMeans', 'cbc:PaymentID'),
      says('cac:PaymentMeans', 'cac:PayeeFinancialAccount', 'cbc:ID'),
    ]).toEqual([
      '2026-03-31',
      'Net 30 days: payable by bank transfer by 31 Mar 2026.',
      '30',
      `Atlas ${invoice.number}`,
      account.iban,
    ]);
    const { document } = await findInvoiceJson(database.context, { invoiceId: id });
    expect(document).toMatchObject({ dueAt: invoice.dueAt, paymentTerms: { method: 'transfer', netDays: 30 } });
    let csv = '';
    for await (const part of exportInvoicesCsv(database.context)) csv += part;
    expect(csv).toContain('transfer,2026-03-31T23:59:59.999Z');
    expect((await findInvoiceDocument(database.context, { invoiceId: id })).invoice.netDays).toBe(30);

    await tamper(database, `UPDATE invoice SET provider_invoice_id = 'in_other'`);
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    expect(checks.find(({ name }) => name === 'provider')!.difference).toMatchObject({ row: `invoice ${id}` });
    await tamper(database, `UPDATE invoice SET provider_invoice_id = NULL`);
  });

  it('is past due after the day has passed, not on it, once, and since then', async () => {
    await payByTransfer(14);
    const id = await bill();
    database.clock.moveTo('2026-03-15T23:59:59.999Z');
    expect(await markPastDue(database.context)).toEqual([]);
    database.clock.moveTo('2026-03-16T00:00:00.000Z');
    const marked = await Promise.all([1, 2, 3].map(() => markPastDue(database.context)));
    expect(marked.flat().map((invoice) => invoice.id)).toEqual([id]);
    const invoice = await invoiceOf(id);
    expect(invoice.state).toBe('past_due');
    expect(invoice.pastDueSince!.toISOString()).toBe('2026-03-16T00:00:00.000Z');
  });

  it('keeps the terms of invoices that are issued, and pays later ones by card again', async () => {
    await payByTransfer(10);
    const first = await bill();
    await collection.saveCard(subscription.organizationId, cards.good);
    await setPaymentTerms(database.context, {
      organizationId: subscription.organizationId,
      terms: { method: 'card', netDays: 0 },
      actor: ada,
    });
    const second = await bill('2026-04-01T01:00:00Z');
    await collection.settle();
    expect(await invoiceOf(first)).toMatchObject({ state: 'issued', netDays: 10 });
    const { state, dueAt, issuedAt } = await invoiceOf(second);
    expect([state, dueAt]).toEqual(['paid', issuedAt]);
  });

  it('is refused without an account of the seller, and beyond ninety days', async () => {
    await expect(payByTransfer(91)).rejects.toMatchObject({ code: 'net_days_invalid' });
    const { organizationId, planVersionId } = subscription;
    const subscribeAnother = async (name: string) => {
      const { id: applicationId } = await createApplication(database.context, {
        organizationId,
        name,
        actor: ada,
      });
      const input = { organizationId, applicationId, planVersionId, paymentProvider: collection.provider };
      return subscribe(database.context, { ...input, actor: ada });
    };
    await tamper(database, 'UPDATE seller SET bank_account = NULL');
    await expect(payByTransfer(30)).rejects.toMatchObject({ code: 'seller_account_missing' });
    await tamper(database, 'UPDATE seller SET bank_account = $1', [account]);
    await payByTransfer(30);
    // Nor does one come to be that could not be paid: by a new subscription, or by a file that leaves the account out.
    const apply = (seller: object) =>
      applyCatalog(database.context, {
        file: catalogFileSchema.parse({ tollgate: 1, seller }) as CatalogFile,
        documents: new Map(),
        encryptionKeys: [],
        allowsPrivateUpstreams: true,
        dryRun: false,
        actor: ada,
      });
    const seller = { name: 'Atlas GmbH', invoicePrefix: 'INV', country: 'DE', taxId: 'DE136695976' };
    await expect(apply(seller)).rejects.toMatchObject({ code: 'seller_account_needed' });
    expect(await apply({ ...seller, bankAccount: { iban: account.iban } })).toHaveLength(1);
    await tamper(database, 'UPDATE seller SET bank_account = NULL');
    await expect(subscribeAnother('First')).rejects.toMatchObject({ code: 'seller_account_missing' });
    await tamper(database, 'UPDATE seller SET bank_account = $1', [account]);
    expect(await subscribeAnother('Second')).toMatchObject({ status: 'active' });
  });

  it('is past due with the rest of an invoice by card that was paid in part before its first charge', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    const id = await bill();
    await record(200n, { pays: { invoiceId: id } });
    await collection.settle();
    expect(await invoiceOf(id)).toMatchObject({ state: 'issued', paidMinor: 200n });
    database.clock.moveTo('2026-03-01T01:00:01Z');
    expect((await markPastDue(database.context)).map((invoice) => invoice.id)).toEqual([id]);
    expect(await invoiceOf(id)).toMatchObject({ state: 'past_due', pastDueSince: database.clock.now() });
    await record(300n, { pays: { invoiceId: id }, reference: 'the rest' });
    expect(await invoiceOf(id)).toMatchObject({ state: 'paid' });
  });

  it('never waits in a circle with others who pay the same invoices', async () => {
    await payByTransfer(30);
    const first = await bill();
    const second = await bill('2026-04-01T01:00:00Z');
    const waiting = async () => {
      const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return (await rows(sql)).length;
    };
    /** Lets others queue up, one after the other, behind whoever holds an invoice. */
    const queued = async (invoiceId: string, works: readonly (() => Promise<unknown>)[]) => {
      const running: Promise<unknown>[] = [];
      await database.unitOfWork.inSystem(async (transaction) => {
        await transaction.query('SELECT FROM invoice WHERE id = $1 FOR UPDATE', [invoiceId]);
        for (const [index, work] of works.entries()) {
          running.push(work());
          await eventually(waiting, (count) => count === index + 1);
        }
      });
      return Promise.all(running);
    };
    // A statement that names the later invoice first, and a transfer for both in the order of their age.
    const { number: older } = await invoiceOf(first);
    const { number: newer } = await invoiceOf(second);
    const content = `date,amount,currency,reference,sender\n2026-03-01,1.00,USD,${newer},A\n2026-03-01,1.00,USD,${older},B\n`;
    await queued(second, [
      () => importStatement(database.context, { fileName: 'may.csv', content, actor: ada }),
      () => record(150n, { reference: 'both' }),
    ]);
    // Two that look the same: of one invoice, and of whatever is open.
    const alike = { reference: 'alike', insist: true };
    await queued(first, [
      () => record(10n, { ...alike, pays: { invoiceId: first } }),
      () => record(10n, alike),
      () => issueCreditNote(database.context, { invoiceId: first, lines: null, reason: 'A gift', actor: ada }),
    ]);
    const paid = (await invoiceOf(first)).paidMinor + (await invoiceOf(second)).paidMinor;
    expect(paid).toBe(100n + 100n + 150n + 10n + 10n);
  });

  const record = (amountMinor: bigint, changes: Partial<RecordTransferInput> = {}) =>
    recordTransfer(database.context, {
      pays: { organizationId: subscription.organizationId },
      currency: 'USD',
      amountMinor,
      valueDate: '2026-03-01',
      reference: 'thanks',
      sender: 'Ada SARL',
      insist: false,
      actor: ada,
      ...changes,
    });
  const balance = async () => {
    const { balances } = await readBalance(database.context, { organizationId: subscription.organizationId });
    return balances[0]?.amountMinor ?? 0n;
  };
  /** Of all books: what each account holds. */
  const books = async () => {
    const sums: Record<string, bigint> = {};
    for await (const page of journalEntryPages(database.context, { from: null, to: null }))
      for (const { entry } of page) {
        expect(entry.postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
        for (const { account: name, amountMinor } of entry.postings) sums[name] = (sums[name] ?? 0n) + amountMinor;
      }
    return sums;
  };

  it('pays with a transfer what was due first, in part too, and has the rest in the balance', async () => {
    await payByTransfer(10);
    const first = await bill();
    const second = await bill('2026-04-01T01:00:00Z');
    await record(700n);
    expect(await invoiceOf(first)).toMatchObject({ state: 'paid', paidMinor: 500n });
    expect(await invoiceOf(second)).toMatchObject({ state: 'issued', paidMinor: 200n });
    database.clock.moveTo('2026-04-12T00:00:00Z');
    await markPastDue(database.context);
    expect(await invoiceOf(second)).toMatchObject({ state: 'past_due', paidMinor: 200n });
    await expect(record(700n)).rejects.toMatchObject({ code: 'transfer_recorded' });
    await record(700n, { insist: true });
    expect(await invoiceOf(second)).toMatchObject({ state: 'paid', paidMinor: 500n });
    expect(await balance()).toBe(400n);
    expect(await books()).toMatchObject({ cash: 1_400n, receivables: 0n, customer_balances: -400n });
    expect((await listTransfers(database.context)).map(({ keptMinor }) => keptMinor)).toEqual([400n, 0n]);
  });

  it('records one transfer once, however many people do it at a time', async () => {
    await payByTransfer(10);
    const invoiceId = await bill();
    const tries = await Promise.allSettled([1, 2, 3].map(() => record(500n, { pays: { invoiceId } })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await invoiceOf(invoiceId)).paidMinor).toBe(500n);
  });

  it('takes a transfer back by a row of its own, once, and the invoice is due again', async () => {
    await payByTransfer(10);
    const invoiceId = await bill();
    const { id } = await record(650n, { pays: { invoiceId } });
    expect(await balance()).toBe(150n);
    database.clock.moveTo('2026-03-20T00:00:00Z');
    const reverse = () => reverseTransfer(database.context, { transferId: id, reason: 'Of another', actor: ada });
    const reversalId = await reverse();
    await expect(reverse()).rejects.toMatchObject({ code: 'transfer_reversed' });
    const invoice = await invoiceOf(invoiceId);
    expect(invoice).toMatchObject({ state: 'past_due', paidMinor: 0n, paidAt: null });
    expect(invoice.payments.map(({ amountMinor }) => amountMinor)).toEqual([500n, -500n]);
    expect(await balance()).toBe(0n);
    expect(await books()).toMatchObject({ cash: 0n, receivables: 500n, customer_balances: 0n });
    await expect(
      reverseTransfer(database.context, { transferId: reversalId, reason: 'Again', actor: ada }),
    ).rejects.toMatchObject({ code: 'transfer_reversed' });
    // What was taken back may be recorded again, where it belongs.
    await record(650n);
    expect((await invoiceOf(invoiceId)).state).toBe('paid');
    await bill('2026-04-01T01:00:00Z');
    const [again] = await listTransfers(database.context);
    await expect(
      reverseTransfer(database.context, { transferId: again!.id, reason: 'No', actor: ada }),
    ).rejects.toMatchObject({ code: 'transfer_used' });
    for (const change of ['amount_minor = 1', `reference = 'x'`])
      await expect(rows(`UPDATE bank_transfer SET ${change}`)).rejects.toThrow(/permission denied/);
  });

  it('pays an invoice by card too, and the provider is told; then it cannot be taken back', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const invoiceId = await bill();
    await collection.settle();
    const { id } = await record(500n, { pays: { invoiceId } });
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', failureCode: null });
    await expect(reverseTransfer(database.context, { transferId: id, reason: 'No', actor: ada })).rejects.toMatchObject(
      { code: 'transfer_told' },
    );
  });

  it('takes bank statements whole or not at all, each row once, and leaves to people what it cannot match', async () => {
    await payByTransfer(10);
    const invoiceId = await bill();
    const number = (await invoiceOf(invoiceId)).number!;
    database.clock.moveTo('2026-03-04T09:00:00Z');
    const statement = (...lines: readonly string[]) =>
      importStatement(database.context, {
        fileName: 'march.csv',
        content: ['date;amount;currency;reference;sender', ...lines].join('\n'),
        actor: ada,
      });
    const paid = `2026-03-03;2,00;USD;Atlas ${number.toLowerCase()};Ada`;
    await expect(statement(paid, '2026-02-30;1;USD;x;y', '2026-03-03;1.234;USD;x;y')).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringMatching(/line 3: date.*line 4: amount/) as string,
    });
    expect(await listTransfers(database.context)).toEqual([]);
    const other = '2026-03-03;1.00;USD;no number;Bob';
    const imported = await statement(paid, other, '2026-03-03;-9;USD;fee;Bank', paid);
    expect(imported).toMatchObject({ known: 0, outgoing: 1 });
    expect(imported.recorded.map(({ line }) => line)).toEqual([2]);
    // The second that says the same may be another transfer, or not: a person knows.
    expect(imported.unmatched.map(({ line }) => line)).toEqual([3, 5]);
    expect(await statement(paid, other, paid)).toEqual({ recorded: [], unmatched: [], known: 3, outgoing: 0 });
    expect((await invoiceOf(invoiceId)).paidMinor).toBe(200n);
    const [first, second] = await listUnmatchedRows(database.context);
    const assign = (hash: string, insist: boolean) =>
      assignStatementRow(database.context, { hash, pays: { invoiceId }, insist, actor: ada });
    await putStatementRowAside(database.context, { hash: first!.hash, reason: 'A gift', actor: ada });
    await expect(assign(first!.hash, false)).rejects.toMatchObject({ code: 'statement_row_decided' });
    await expect(assign(second!.hash, false)).rejects.toMatchObject({ code: 'transfer_recorded' });
    await assign(second!.hash, true);
    expect((await invoiceOf(invoiceId)).paidMinor).toBe(400n);
    expect(await listUnmatchedRows(database.context)).toEqual([]);
  });

  it('owes what is left of what was issued, and verify names the invoice of which something else is left', async () => {
    await payByTransfer(10);
    const first = await bill();
    const second = await bill('2026-04-01T01:00:00Z');
    const { id } = await record(700n);
    await record(50n, { pays: { invoiceId: second } });
    await reverseTransfer(database.context, { transferId: id, reason: 'Of another', actor: ada });
    await issueCreditNote(database.context, { invoiceId: first, lines: null, reason: 'A gift', actor: ada });
    expect((await readReceivables(database.context)).receivables).toMatchObject([
      { issuedMinor: 1_000n, creditedMinor: 500n, paidMinor: 50n, openMinor: 450n, leftMinor: 450n },
    ]);
    const checked = async () => {
      const { checks } = await verifyLedger(database.context);
      return checks.find(({ name }) => name === 'receivables')!;
    };
    expect(await checked()).toMatchObject({ ok: true, checked: 2 });
    await tamper(database, 'UPDATE invoice SET paid_minor = 60 WHERE id = $1', [second]);
    expect((await checked()).difference).toMatchObject({
      row: `invoice ${second}`,
      expected: expect.stringContaining('450 due') as string,
      actual: '440 due',
    });
    expect((await readReceivables(database.context)).receivables).toMatchObject([{ openMinor: 440n, leftMinor: 450n }]);
    await tamper(database, 'UPDATE invoice SET paid_minor = 50 WHERE id = $1', [second]);
  });
});
