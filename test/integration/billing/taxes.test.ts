import { type BillingDetails, type TaxId, noBillingDetails } from '#domain';
import { insertTaxRate, saveBillingDetails, saveTaxRateEnd } from '#persistence';
import {
  type EstimatedPeriod,
  changePlan,
  closeDuePeriods,
  currentUsage,
  exportInvoicesCsv,
  findInvoice,
  issueCreditNote,
  previewPlanChange,
  readBalance,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCurrentUsage } from '../../../apps/api/src/usage/to-usage.js';
import {
  type SubscriptionRow,
  addUsage,
  aPlanDefinition,
  aPlanVersion,
  aSubscription,
} from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';

const HOUR = 3_600_000;
const actor = { kind: 'user', id: 'ada' } as const;
const french: TaxId = { country: 'FR', value: 'FR40303265045' };

describe('the taxes of an invoice', () => {
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    await rows(`UPDATE seller SET country = 'DE', tax_id = 'DE136695976'`);
    await aRate('DE', '19');
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const aRate = (country: string, percent: string, validTo: Date | null = null) => {
    const id = database.context.ids.next();
    return database.unitOfWork.inSystem(async (transaction) => {
      await insertTaxRate(transaction, {
        id,
        sellerSlug: 'default',
        country,
        region: null,
        category: 'standard',
        name: 'VAT',
        percent,
        taxId: null,
        note: null,
        validFrom: new Date('2026-01-01T00:00:00Z'),
        validTo,
      });
      return id;
    });
  };
  /** A subscription of a buyer with a card, in a country, with a number there. */
  const aBuyer = async (
    country: string,
    details: Partial<BillingDetails> = {},
    definition = aPlanDefinition({ fixedFee: '5.03' }),
  ) => {
    const subscription = await aSubscription(database, {
      definition,
      organizationName: `Buyer in ${country}`,
    });
    await database.unitOfWork.inSystem((transaction) =>
      saveBillingDetails(transaction, { ...noBillingDetails(subscription.organizationId), country, ...details }),
    );
    await collection.saveCard(subscription.organizationId, cards.good);
    return subscription;
  };
  const bill = async (at = '2026-03-01T01:00:00Z') => {
    database.clock.moveTo(at);
    const { closed, held } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    await collection.settle();
    return closed;
  };
  const invoiceOf = async ({ id }: SubscriptionRow) => {
    const [found] = await rows<{ id: string }>(
      `SELECT id FROM invoice WHERE subscription_id = $1 ORDER BY period_start DESC LIMIT 1`,
      [id],
    );
    return findInvoice(database.context, { invoiceId: found!.id });
  };
  const verify = () => verifyLedger(database.context, { provider: collection.provider });

  it('are those of its buyer, on the invoice, in what is paid and at the provider, and all of it is proven', async () => {
    const german = await aBuyer('DE', {
      legalName: 'Ada GmbH',
      addressLines: ['Hauptstr. 1'],
      purchaseOrderNumber: 'PO 7',
    });
    const business = await aBuyer('FR', { taxIds: [french] });
    const exempt = await aBuyer('DE', { exemptionReason: 'Embassy, § 4 Nr. 7 UStG' });
    const abroad = await aBuyer('US');
    await bill();

    const invoice = await invoiceOf(german);
    // 19 % of 5.03 are 0.9557.
    expect(invoice).toMatchObject({
      state: 'paid',
      subtotalMinor: 503n,
      taxMinor: 96n,
      totalMinor: 599n,
      seller: { country: 'DE', taxId: 'DE136695976' },
      buyer: { name: 'Ada GmbH', addressLines: ['Hauptstr. 1'], country: 'DE', purchaseOrderNumber: 'PO 7' },
      taxTreatment: { category: 'standard', note: null, explanation: 'The buyer is in DE: VAT at 19 %.' },
      taxes: [{ position: 1, name: 'VAT', percent: '19', country: 'DE', taxableMinor: 503n, taxMinor: 96n }],
      payments: [{ amountMinor: 599n, state: 'succeeded' }],
    });
    const provided = await collection.provider.retrieveInvoice(invoice.providerInvoiceId!);
    expect(provided).toMatchObject({ totalMinor: 599n });
    expect(provided.lines).toContainEqual({ lineId: `${invoice.id}-tax-1`, amountMinor: 96n });

    let csv = '';
    for await (const piece of exportInvoicesCsv(database.context, { invoiceId: invoice.id })) csv += piece;
    expect(csv).toMatch(/,standard,19,PO 7,card,/);
    for (const [subscription, category, note] of [
      [business, 'reverse_charge', expect.stringContaining('the customer owes the VAT')],
      [exempt, 'exempt', 'Embassy, § 4 Nr. 7 UStG'],
      [abroad, 'outside_scope', null],
    ] as const)
      expect(await invoiceOf(subscription)).toMatchObject({
        state: 'paid',
        taxMinor: 0n,
        totalMinor: 503n,
        taxTreatment: { category, note },
        taxes: [{ category, taxableMinor: 503n, taxMinor: 0n }],
      });
    expect((await verify()).checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);
  });

  it('are shown before they are charged, and are what is charged then', async () => {
    const [german, business] = [await aBuyer('DE'), await aBuyer('FR', { taxIds: [french] })];
    const larger = aPlanDefinition({ fixedFee: '40.01', prices: [] });
    const shown = new Map<string, EstimatedPeriod>();
    database.clock.moveTo('2026-02-15T00:00:00Z');
    for (const subscription of [german, business]) {
      const { organizationId, id: subscriptionId } = subscription;
      const which = {
        organizationId,
        subscriptionId,
        planVersionId: await aPlanVersion(database, subscription, larger),
      };
      const preview = await previewPlanChange(database.context, { ...which, when: 'now' });
      await changePlan(database.context, { ...which, when: 'now', paymentProvider: null, actor });
      const [upcoming] = await currentUsage(database.context, { organizationId });
      expect(upcoming!.taxed).toEqual(preview.taxed);
      shown.set(subscription.id, preview);
    }
    await bill();
    for (const subscription of [german, business]) {
      const { rated, taxed } = shown.get(subscription.id)!;
      const invoice = await invoiceOf(subscription);
      expect(invoice.taxes).toMatchObject(taxed!.taxes);
      expect(invoice.totalMinor).toBe(rated!.subtotalMinor + taxed!.taxMinor);
      expect(invoice.taxTreatment).toMatchObject({ explanation: taxed!.treatment.explanation });
    }
    expect((await invoiceOf(german)).taxMinor).toBeGreaterThan(0n);
  });

  it('are given back with what an invoice gives back beyond what it charges', async () => {
    const tiers = [
      { upTo: '10', unitAmount: '1', flatAmount: '0' },
      { upTo: null, unitAmount: '0.1', flatAmount: '0' },
    ];
    const prices = [{ meter: 'requests', included: '0', price: { model: 'volume' as const, tiers } }];
    const subscription = await aBuyer('DE', {}, aPlanDefinition({ fixedFee: '0', prices }));
    const settlesIn = new Date('2026-03-01T00:00:00Z');
    await addUsage(database, subscription, { at: new Date('2026-02-10T00:00:00Z'), quantity: '10' });
    await bill();
    expect(await invoiceOf(subscription)).toMatchObject({ subtotalMinor: 1000n, taxMinor: 190n });
    await addUsage(database, subscription, { at: new Date('2026-02-11T00:00:00Z'), quantity: '10', settlesIn });
    const soFar = await currentUsage(database.context, { organizationId: subscription.organizationId });
    expect(toCurrentUsage(soFar)).toMatchObject({
      subscriptions: [{ total: { amountMinor: '0' }, toBalance: { amountMinor: '952' } }],
    });
    await bill('2026-04-01T01:00:00Z');
    // Twenty units cost two dollars and not ten, which were 11.90 with tax: 9.52 come back.
    expect(await invoiceOf(subscription)).toMatchObject({
      totalMinor: 0n,
      excessCreditMinor: 800n,
      excessTaxMinor: 152n,
      taxes: [{ taxableMinor: 0n, taxMinor: 0n }],
    });
    const { balances } = await readBalance(database.context, { organizationId: subscription.organizationId });
    expect(balances).toMatchObject([{ amountMinor: 952n }]);
    // The usage was put into the ledger without a segment.
    const { checks } = await verify();
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['events']);
  });

  it('stay as they were when the invoice was made, whatever becomes of rates and buyers', async () => {
    const subscription = await aBuyer('DE');
    await bill();
    const { buyer, taxes, taxTreatment } = await invoiceOf(subscription);
    const [{ id }] = (await rows<{ id: string }>(`SELECT id FROM tax_rate`)) as [{ id: string }];
    await database.unitOfWork.inSystem(async (transaction) => {
      await saveTaxRateEnd(transaction, id, new Date('2026-03-15T00:00:00Z'));
      await saveBillingDetails(transaction, {
        ...noBillingDetails(subscription.organizationId),
        country: 'FR',
        taxIds: [french],
      });
    });
    expect(await invoiceOf(subscription)).toMatchObject({ buyer: buyer!, taxes, taxTreatment: taxTreatment! });
    for (const change of [`buyer = '{}'`, `tax_treatment = NULL`, `excess_tax_minor = 1, excess_credit_minor = 1`])
      await expect(rows(`UPDATE invoice SET ${change}`)).rejects.toThrow(/only its state and payment/);
    for (const change of [`UPDATE invoice_tax SET percent = 0`, `DELETE FROM invoice_tax`])
      await expect(rows(change)).rejects.toThrow(/permission denied/);
    await expect(
      rows(`INSERT INTO invoice_tax SELECT invoice_id, 2, organization_id, category, name, percent, country, region,
        taxable_minor, tax_minor FROM invoice_tax`),
    ).rejects.toThrow(/are fixed/);
    await expect(rows(`UPDATE tax_rate SET percent = 7`)).rejects.toThrow(/only its end may change/);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('are never such that invoice, lines and taxes do not add up, by the database', async () => {
    const subscription = await aBuyer('DE');
    await bill();
    const { id } = await invoiceOf(subscription);
    const back = async (change: string) => {
      await tamper(database, `UPDATE invoice SET state = 'draft', number = NULL, issued_at = NULL, paid_at = NULL`);
      await tamper(database, change);
      return rows(`UPDATE invoice SET state = 'locked' WHERE id = $1`, [id]);
    };
    await expect(back(`UPDATE invoice_tax SET tax_minor = 95`)).rejects.toThrow(
      /the taxes add up to 95, the invoice says 96/,
    );
    await expect(back(`UPDATE invoice_tax SET tax_minor = 96, taxable_minor = 500`)).rejects.toThrow(
      /1 of them are not/,
    );
    await expect(back(`UPDATE invoice_tax SET taxable_minor = 503, category = 'reduced'`)).rejects.toThrow(/1 of them/);
    await back(`UPDATE invoice_tax SET category = 'standard'`);
  });

  it('follow a rate from the period on at whose last instant it is in force', async () => {
    const [{ id }] = (await rows<{ id: string }>(`SELECT id FROM tax_rate`)) as [{ id: string }];
    await database.unitOfWork.inSystem((transaction) =>
      saveTaxRateEnd(transaction, id, new Date('2026-03-01T00:00:00Z')),
    );
    await rows(
      `INSERT INTO tax_rate SELECT $1, seller_slug, country, region, category, name, 16, tax_id, note, valid_to, NULL FROM tax_rate`,
      [database.context.ids.next()],
    );
    const subscription = await aBuyer('DE');
    await bill();
    expect((await invoiceOf(subscription)).taxes).toMatchObject([{ percent: '19' }]);
    await bill('2026-04-01T01:00:00Z');
    expect((await invoiceOf(subscription)).taxes).toMatchObject([{ percent: '16', taxMinor: 80n }]);
    await expect(aRate('DE', '7')).rejects.toThrow(/in force at the same time/);
  });

  it('are given back with what is credited, exactly, and the balance pays the gross amount', async () => {
    const subscription = await aBuyer('DE');
    await bill();
    const invoice = await invoiceOf(subscription);
    const credit = (amountMinor: bigint | null) =>
      issueCreditNote(database.context, {
        invoiceId: invoice.id,
        lines: amountMinor === null ? null : [{ lineId: invoice.lines[0]!.id, amountMinor }],
        reason: 'Charged by mistake',
        actor,
      });
    // 96 of tax on 503: a third of it is 32.06.
    expect(await credit(168n)).toMatchObject({ subtotalMinor: 168n, taxMinor: 32n, totalMinor: 200n });
    expect(await credit(null)).toMatchObject({ subtotalMinor: 335n, taxMinor: 64n, totalMinor: 399n });
    const { balances } = await readBalance(database.context, { organizationId: subscription.organizationId });
    expect(balances).toMatchObject([{ amountMinor: invoice.totalMinor }]);
    await bill('2026-04-01T01:00:00Z');
    expect(await invoiceOf(subscription)).toMatchObject({ state: 'paid', balanceAppliedMinor: 599n, payments: [] });
    expect((await verify()).checks.flatMap(({ difference }) => difference ?? [])).toEqual([]);

    await tamper(database, `UPDATE credit_note_tax SET tax_minor = 31 WHERE tax_minor = 32`);
    expect((await verify()).checks.find(({ name }) => name === 'balances')!.difference).toMatchObject({
      actual: expect.stringContaining('taxes of 31'),
    });
  });

  it('are proven: an invoice with others than those of its lines is named', async () => {
    const subscription = await aBuyer('DE');
    await bill();
    const { id } = await invoiceOf(subscription);
    for (const [change, undo, expected] of [
      [`UPDATE invoice_tax SET percent = 7`, `UPDATE invoice_tax SET percent = 19`, 'at 7 %: 35'],
      [`UPDATE invoice_tax SET category = 'reduced'`, `UPDATE invoice_tax SET category = 'standard'`, '(standard)'],
      [
        `UPDATE invoice SET tax_minor = 95, total_minor = 598`,
        `UPDATE invoice SET tax_minor = 96, total_minor = 599`,
        'tax 96',
      ],
      [`DELETE FROM invoice_tax`, `SELECT`, 'taxes'],
    ] as const) {
      await tamper(database, change);
      const { checks } = await verifyLedger(database.context);
      expect(checks.find(({ name }) => name === 'invoices')!.difference).toMatchObject({
        row: `invoice ${id}`,
        expected: expect.stringContaining(expected),
      });
      await tamper(database, undo);
    }
  });
});
