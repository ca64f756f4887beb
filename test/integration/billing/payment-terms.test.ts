import {
  closeDuePeriods,
  exportInvoicesCsv,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  findInvoiceJson,
  markPastDue,
  setPaymentTerms,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
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
    await tamper(database, 'UPDATE seller SET bank_account = NULL');
    await expect(payByTransfer(30)).rejects.toMatchObject({ code: 'seller_account_missing' });
  });
});
