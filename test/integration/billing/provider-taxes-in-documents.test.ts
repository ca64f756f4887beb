import {
  exportInvoicesCsv,
  exportInvoicesNdjson,
  exportInvoicesXlsx,
  findCreditNoteDocument,
  findElectronicCreditNote,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  issueCreditNote,
  issueReviewed,
  journalEntryPages,
  openCheckout,
  proposeCredits,
  purchaseCredits,
  readCredits,
  rebuildCollection,
  reconcileCheckouts,
  redeemForSubscription,
  renderCreditNotePdf,
  renderInvoicePdf,
  voidInvoice,
} from '#services';
import { read, utils } from '@e965/xlsx';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, addUsage, aPlanDefinition } from '../../support/billing-rows.js';
import { expectRevenueAsBooked } from '../../support/booked-revenue.js';
import { type Collection, cards } from '../../support/collection.js';
import { aCoupon } from '../../support/coupon-scene.js';
import type { TestDatabase } from '../../support/database.js';
import { drain } from '../../support/drain.js';
import { brokenRules } from '../../support/en16931-rules.js';
import { ProviderTaxed } from '../../support/provider-taxed.js';
import { parseXml, textAt } from '../../support/xml-tree.js';

const { actor } = ProviderTaxed;
const berlin = { country: 'DE', addressLines: ['Hauptstr. 1', 'Berlin'], postalCode: '10115' } as const;
const february = new Date('2026-02-10T00:00:00Z');

describe('taxes that the payment provider has computed', () => {
  let taxed: ProviderTaxed;
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    taxed = await ProviderTaxed.start();
    ({ database, collection } = taxed);
  });
  afterEach(() => taxed[Symbol.asyncDispose]());

  /** Σ of what was posted to an account; fails where an entry does not balance. */
  const booked = async (account: string) => {
    let sum = 0n;
    for (const { entry } of (await drain(journalEntryPages(database.context, { from: null, to: null }))).flat()) {
      expect(entry.postings.reduce((all, { amountMinor }) => all + amountMinor, 0n)).toBe(0n);
      for (const posting of entry.postings) if (posting.account === account) sum += posting.amountMinor;
    }
    return sum;
  };
  const linesOf = async (subscription: SubscriptionRow) =>
    (await taxed.invoiceOf(subscription)).lines.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
  const sentLines = async (subscription: SubscriptionRow) => {
    const { providerInvoiceId } = await taxed.invoiceOf(subscription);
    const { lines } = await collection.provider.retrieveInvoice(providerInvoiceId!);
    return lines.map(({ amountMinor }) => amountMinor).toReversed();
  };

  it('are on every document and in the books, and credit notes of a line, a part and the rest give back all of them', async () => {
    await taxed.rows(`UPDATE seller SET country = 'DE', tax_id = 'DE136695976'`);
    const buyer = await taxed.aBuyer(berlin);
    await addUsage(database, buyer, { at: february, quantity: '352' });
    await taxed.bill();
    const { id, lines, number, ...invoice } = await taxed.invoiceOf(buyer);
    // 19 % of 7.55 are 1.4345.
    expect(invoice).toMatchObject({ state: 'paid', subtotalMinor: 755n, taxMinor: 143n, totalMinor: 898n });
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([503n, 252n]);

    const document = await findInvoiceDocument(database.context, { invoiceId: id });
    expect(document.billTo.details).toEqual(['Hauptstr. 1', 'Berlin', '10115', 'DE']);
    expect((await renderInvoicePdf(document)).subarray(0, 5).toString()).toBe('%PDF-');
    const csv = (await drain(exportInvoicesCsv(database.context))).join('');
    expect(csv.split('\n').filter((row) => row.includes(`${number},`))).toHaveLength(2);
    expect(csv).toMatch(/,standard,19,/);
    const sheet = read(Buffer.concat(await drain(exportInvoicesXlsx(database.context))));
    const cells = utils.sheet_to_json<Record<string, unknown>>(sheet.Sheets[sheet.SheetNames[0]!]!);
    expect(cells).toMatchObject([{ tax: 1.43, total: 8.98 }]);
    expect(JSON.parse((await drain(exportInvoicesNdjson(database.context))).join(''))).toMatchObject({
      subtotal: '7.55',
      tax: '1.43',
      total: '8.98',
      taxTreatment: { source: 'provider' },
      taxes: [{ name: 'VAT', percent: '19', country: 'DE', taxable: '7.55', tax: '1.43' }],
    });
    const electronic = parseXml((await findElectronicInvoice(database.context, { invoiceId: id })).xml);
    expect(brokenRules(electronic)).toEqual([]);
    expect(textAt(electronic, 'cac:LegalMonetaryTotal', 'cbc:PayableAmount')).toBe('8.98');
    expect(textAt(electronic, 'cac:TaxTotal', 'cbc:TaxAmount')).toBe('1.43');
    expect(textAt(electronic, 'cac:AccountingCustomerParty', 'cac:Party', 'cac:PostalAddress', 'cbc:PostalZone')).toBe(
      '10115',
    );
    expect(await booked('tax_payable')).toBe(-143n);

    const credit = (lineId: string | null, amountMinor: bigint | null = null) =>
      issueCreditNote(database.context, {
        invoiceId: id,
        lines: lineId === null ? null : [{ lineId, amountMinor }],
        reason: 'Gift',
        actor,
      });
    const notes = [await credit(lines[1]!.id), await credit(lines[0]!.id, 101n), await credit(null)];
    expect(notes.map(({ subtotalMinor }) => subtotalMinor)).toEqual([252n, 101n, 402n]);
    expect(notes.map(({ taxMinor }) => taxMinor)).toEqual([48n, 19n, 76n]);
    for (const { id: creditNoteId } of notes) {
      const note = { invoiceId: id, creditNoteId };
      expect(brokenRules(parseXml((await findElectronicCreditNote(database.context, note)).xml))).toEqual([]);
      const pdf = await renderCreditNotePdf(await findCreditNoteDocument(database.context, note));
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    }
    await collection.settle();
    expect(await booked('tax_payable')).toBe(0n);
    expect(await expectRevenueAsBooked(database.context)).toBeGreaterThan(0);
    expect(await taxed.differing()).toEqual([]);
  });

  it('are computed anew for the invoice in the place of one that is void, and taken off one that is not paid yet', async () => {
    const buyer = await taxed.aBuyer(berlin);
    const other = await taxed.aBuyer(berlin);
    for (const { organizationId } of [buyer, other]) await collection.saveCard(organizationId, cards.declined);
    await taxed.bill();
    const first = await taxed.invoiceOf(buyer);
    expect(first).toMatchObject({ state: 'past_due', totalMinor: 599n });
    const replacement = await voidInvoice(database.context, {
      invoiceId: first.id,
      reason: 'Another address',
      reissue: true,
      actor,
    });
    await taxed.say(buyer, { country: 'FR', addressLines: ['1 rue Ada'], postalCode: '75001' });
    await collection.saveCard(buyer.organizationId, cards.good);
    await collection.settle();
    const read = () => findInvoice(database.context, { invoiceId: replacement! });
    expect(await read()).toMatchObject({ state: 'review', number: null, taxMinor: 101n, replacesInvoiceId: first.id });
    await issueReviewed(database.context, { invoiceId: replacement!, actor });
    await collection.settle();
    expect(await read()).toMatchObject({ state: 'paid', totalMinor: 604n, buyer: { postalCode: '75001' } });
    expect(await findInvoice(database.context, { invoiceId: first.id })).toMatchObject({ state: 'void' });

    // A part is taken off what is due there too, with its tax; then what is left is paid.
    const unpaid = await taxed.invoiceOf(other);
    const [line] = unpaid.lines;
    const part = [{ lineId: line!.id, amountMinor: 200n }];
    const note = await issueCreditNote(database.context, { invoiceId: unpaid.id, lines: part, reason: 'Slow', actor });
    expect(note).toMatchObject({ taxMinor: 38n, reducedMinor: 238n });
    await collection.settle();
    await collection.saveCard(other.organizationId, cards.good);
    await collection.settle();
    expect(await taxed.invoiceOf(other)).toMatchObject({ state: 'paid', paidMinor: 361n, creditedMinor: 238n });
    expect(await booked('tax_payable')).toBe(-(101n + 96n - 38n));
    expect(await taxed.differing()).toEqual([]);
  });

  it('are on credits that are bought, by card and on the page of the provider, and not on what these pay later', async () => {
    const buyer = await taxed.aBuyer(berlin, aPlanDefinition({ fixedFee: '1.00' }));
    await taxed.rows(`UPDATE api_product SET credit_packs = $1`, [
      JSON.stringify([{ slug: 'big', title: 'Big pack', currency: 'USD', price: '9', credits: '10' }]),
    ]);
    const buy = (pageReturnUrl?: string) =>
      purchaseCredits(database.context, {
        organizationId: buyer.organizationId,
        subscriptionId: buyer.id,
        pack: 'big',
        amountMinor: null,
        paymentProvider: collection.provider,
        ...(pageReturnUrl !== undefined && { pageReturnUrl }),
        actor,
      });
    const granted = async () =>
      (await readCredits(database.context, buyer.organizationId)).grants.map(({ amountMinor }) => amountMinor);
    const { id } = await buy();
    expect(await granted()).toEqual([]);
    await collection.settle();
    expect(await findInvoice(database.context, { invoiceId: id })).toMatchObject({
      state: 'paid',
      kind: 'credit_purchase',
      subtotalMinor: 900n,
      taxMinor: 171n,
      totalMinor: 1071n,
    });
    const { id: onPage } = await buy('http://127.0.0.1:4000/dashboard/billing');
    // Whoever goes to the page waits for the tax.
    const url = await openCheckout(database.context, collection.provider, onPage);
    expect(await (await fetch(url!)).text()).toContain('10.71');
    const body = new URLSearchParams({ number: cards.good, expiry: '12/40', cvc: '123', name: '' });
    expect((await fetch(url!, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
    await collection.settle();
    await reconcileCheckouts(database.context, collection.provider);
    expect(await granted()).toEqual([1000n, 1000n]);
    expect(await findInvoice(database.context, { invoiceId: onPage })).toMatchObject({
      state: 'paid',
      paidMinor: 1071n,
    });

    // 20 units are 20 cents: credits pay the usage, and the tax is on the fee alone.
    await addUsage(database, buyer, { at: february, quantity: '120' });
    await taxed.bill();
    expect(await linesOf(buyer)).toEqual(['fixed_fee 100', 'usage 20', 'prepaid_credit -20']);
    expect(await taxed.invoiceOf(buyer)).toMatchObject({ state: 'paid', subtotalMinor: 100n, taxMinor: 19n });
    expect(await sentLines(buyer)).toEqual([100n]);
    expect(await booked('tax_payable')).toBe(-(171n * 2n + 19n));
    expect(await taxed.differing()).toEqual([]);
  });

  it('are on what coupons, promotional credits and a minimum leave, by the tax code of the product', async () => {
    const prices = [
      { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' }, minimumAmount: '20.00' },
    ] as const;
    const buyer = await taxed.aBuyer(berlin, aPlanDefinition({ fixedFee: '10.00', prices }));
    await aCoupon(database, buyer, { amountOffMinor: 1_500n, currency: 'USD' });
    const { organizationId, id: subscriptionId } = buyer;
    await redeemForSubscription(database.context, { organizationId, subscriptionId, couponCode: 'SPRING', actor });
    const gift = { currency: 'USD', amountMinor: 300n, reason: 'Welcome', limit: 10_000 };
    await proposeCredits(database.context, { organizationId, ...gift, actor });
    await addUsage(database, buyer, { at: february, quantity: '1200' });
    // Books that are downloaded: 7 % in Germany.
    await taxed.rows(`UPDATE api_product SET tax_code = 'txcd_10302000'`);
    await taxed.bill();
    expect(await linesOf(buyer)).toEqual([
      'fixed_fee 1000',
      'discount -1000',
      'usage 1200',
      'discount -500',
      'minimum_commitment 800',
      'prepaid_credit -300',
    ]);
    expect(await taxed.invoiceOf(buyer)).toMatchObject({
      state: 'paid',
      subtotalMinor: 1200n,
      taxMinor: 84n,
      taxTreatment: { category: 'reduced', taxCode: 'txcd_10302000' },
      taxes: [{ category: 'reduced', percent: '7' }],
    });
    expect(await sentLines(buyer)).toEqual([700n, 500n]);
    expect(await booked('tax_payable')).toBe(-84n);
    expect(await taxed.differing()).toEqual([]);
  });

  it('wait where Stripe does not know the tax code, and come by the one that the product has then', async () => {
    const buyer = await taxed.aBuyer(berlin);
    await taxed.rows(`UPDATE api_product SET tax_code = 'txcd_00000001'`);
    await taxed.bill();
    const { id, ...held } = await taxed.invoiceOf(buyer);
    expect(held).toMatchObject({
      state: 'draft',
      failureCode: 'tax_failed',
      failureMessage: expect.stringContaining("No such tax code: 'txcd_00000001'"),
    });
    await taxed.rows(`UPDATE api_product SET tax_code = NULL`);
    await rebuildCollection(database.context, { invoiceId: id, actor });
    await collection.settle();
    expect(await taxed.invoiceOf(buyer)).toMatchObject({
      state: 'paid',
      taxMinor: 96n,
      taxTreatment: { source: 'provider' },
    });
    expect(await taxed.atProvider()).toHaveLength(1);
    expect(await taxed.differing()).toEqual([]);
  });

  it('are in the units of currencies without places and with three, and wait where the total could not be charged', async () => {
    const inCurrency = (currency: string, fixedFee: string, details: Parameters<typeof taxed.aBuyer>[0]) =>
      taxed.aBuyer(details, aPlanDefinition({ currency, fixedFee }));
    const yen = await inCurrency('JPY', '505', { country: 'JP' });
    const dinar = await inCurrency('KWD', '5.000', berlin);
    const uneven = await inCurrency('KWD', '5.030', berlin);
    await taxed.bill();
    expect(await taxed.invoiceOf(yen)).toMatchObject({ state: 'paid', taxMinor: 51n, totalMinor: 556n });
    expect(await taxed.invoiceOf(dinar)).toMatchObject({ state: 'paid', taxMinor: 950n, totalMinor: 5950n });
    expect(await taxed.invoiceOf(uneven)).toMatchObject({
      state: 'draft',
      failureCode: 'tax_failed',
      failureMessage: expect.stringContaining('steps of 10'),
    });
    expect(await taxed.differing()).toEqual([]);
  });

  it('are on amounts that are too little to be charged, and not a second time on the invoice that collects them', async () => {
    const usage = aPlanDefinition({
      fixedFee: '0',
      prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } }],
    });
    const buyer = await taxed.aBuyer(berlin, usage);
    await addUsage(database, buyer, { at: february, quantity: '20' });
    await taxed.bill();
    const small = await taxed.invoiceOf(buyer);
    expect(small).toMatchObject({ state: 'issued', taxMinor: 4n, totalMinor: 24n, carriedAt: expect.any(Date) });
    expect(await taxed.atProvider()).toEqual([]);
    await addUsage(database, buyer, { at: new Date('2026-03-10T00:00:00Z'), quantity: '100' });
    await taxed.bill('2026-04-01T01:00:00Z');
    expect(await taxed.invoiceOf(buyer)).toMatchObject({
      state: 'paid',
      taxMinor: 19n,
      totalMinor: 119n,
      carriedInMinor: 24n,
      payments: [{ amountMinor: 119n }],
    });
    expect(await findInvoice(database.context, { invoiceId: small.id })).toMatchObject({
      state: 'paid',
      payments: [{ amountMinor: 24n }],
    });
    expect(await sentLines(buyer)).toEqual([100n, 24n]);
    expect(await booked('tax_payable')).toBe(-23n);
    expect(await taxed.differing()).toEqual([]);
  });

  it('are those of invoices that are made while the seller leaves them to the provider', async () => {
    const buyer = await taxed.aBuyer(berlin);
    const without = await taxed.aBuyer();
    await taxed.close();
    // In the middle of the next period, with one invoice that waits for its tax and one for an address.
    database.clock.moveTo('2026-03-14T00:00:00Z');
    await taxed.leaveTaxTo('own');
    await collection.settle();
    expect(await taxed.invoiceOf(buyer)).toMatchObject({ state: 'paid', taxMinor: 96n });
    expect(await taxed.invoiceOf(without)).toMatchObject({ state: 'draft', failureCode: 'tax_location_missing' });
    await taxed.bill('2026-04-01T01:00:00Z');
    expect(await taxed.invoiceOf(buyer)).toMatchObject({
      state: 'paid',
      taxMinor: 0n,
      taxTreatment: { explanation: 'The seller charges no tax: it has no rate in force.' },
    });
    await taxed.leaveTaxTo('provider');
    await taxed.bill('2026-05-01T01:00:00Z');
    expect(await taxed.invoiceOf(buyer)).toMatchObject({ state: 'paid', taxMinor: 96n });
    await taxed.say(without, { country: 'US', region: 'NY', postalCode: '10118' });
    for (const { id } of await taxed.rows<{ id: string }>(`SELECT id FROM invoice WHERE state = 'draft'`))
      await rebuildCollection(database.context, { invoiceId: id, actor });
    await collection.settle();
    const all = await taxed.rows(
      `SELECT state, tax_minor, tax_treatment ->> 'source' AS source FROM invoice WHERE subscription_id = $1 ORDER BY period_start`,
      [without.id],
    );
    expect(all).toEqual([
      { state: 'paid', tax_minor: '20', source: 'provider' },
      { state: 'paid', tax_minor: '0', source: null },
      { state: 'paid', tax_minor: '20', source: 'provider' },
    ]);
    expect(await taxed.differing()).toEqual([]);
  });
});
