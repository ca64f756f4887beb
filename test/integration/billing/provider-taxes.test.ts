import { type BillingDetails, type TaxId, PaymentProviderError, noBillingDetails } from '#domain';
import { saveBillingDetails, savePaymentTerms } from '#persistence';
import {
  changeBillingDetails,
  closeDuePeriods,
  collectInvoice,
  currentUsage,
  decideOnAdjustment,
  findElectronicInvoice,
  findInvoice,
  issueCreditNote,
  proposeAdjustment,
  rebuildCollection,
  reconcileTaxes,
  setSellerTax,
  taxInvoice,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paymentAlarms } from '../../../apps/worker/src/payments/payment-alarms.js';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards, collectionProvider } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';
import { dataOf } from '../../support/stripe-sandbox/sandbox-client.js';

const HOUR = 3_600_000;
const actor = { kind: 'user', id: 'fin' } as const;
const french: TaxId = { country: 'FR', value: 'FR40303265045' };

describe('the taxes of a seller that the payment provider computes', () => {
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
    collection = await Collection.start(database);
    await setSellerTax(database.context, { sellerSlug: 'default', tax: 'provider', actor });
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const aBuyer = async (details: Partial<BillingDetails> = {}, definition = aPlanDefinition({ fixedFee: '5.03' })) => {
    const subscription = await aSubscription(database, { definition });
    await database.unitOfWork.inSystem((transaction) =>
      saveBillingDetails(transaction, { ...noBillingDetails(subscription.organizationId), ...details }),
    );
    await collection.saveCard(subscription.organizationId, cards.good);
    return subscription;
  };
  const close = async (at = '2026-03-01T01:00:00Z') => {
    database.clock.moveTo(at);
    const { closed, held } = await closeDuePeriods(database.context, { graceMs: HOUR });
    expect(held).toEqual([]);
    return closed;
  };
  const bill = async (at?: string) => {
    const closed = await close(at);
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
  const credit = async (organizationId: string, amountMinor: bigint) => {
    const reason = 'Goodwill';
    const about = { organizationId, sellerSlug: 'default', currency: 'USD', amountMinor, reason };
    const { id } = await proposeAdjustment(database.context, { ...about, actor });
    const other = { kind: 'user', id: 'grace' } as const;
    await decideOnAdjustment(database.context, { adjustmentId: id, decision: 'approved', actor: other });
  };
  const atProvider = async () => dataOf(await collection.client.get('/v1/invoices?limit=100'));
  const differing = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    return checks.filter(({ ok }) => !ok);
  };

  it('are taken over before the invoice is issued, collected to the cent, given back and proven', async () => {
    const german = await aBuyer({ country: 'DE', addressLines: ['Hauptstr. 1'] });
    const business = await aBuyer({ country: 'FR', taxIds: [french] });
    const exempt = await aBuyer({ country: 'DE', exemptionReason: 'Embassy, § 4 Nr. 7 UStG' });
    const quebec = await aBuyer({ country: 'CA', region: 'QC' });
    const [upcoming] = await currentUsage(database.context, { organizationId: german.organizationId });
    expect(upcoming!.taxed).toMatchObject({ taxes: [], taxMinor: 0n, treatment: { source: 'provider' } });

    await close();
    expect(await invoiceOf(german)).toMatchObject({ state: 'draft', number: null, taxes: [] });
    expect(await differing()).toEqual([]);
    await collection.settle();

    const invoice = await invoiceOf(german);
    expect(invoice).toMatchObject({
      state: 'paid',
      number: 'INV-000001',
      subtotalMinor: 503n,
      taxMinor: 96n,
      totalMinor: 599n,
      taxes: [{ name: 'VAT', percent: '19', country: 'DE', category: 'standard', taxableMinor: 503n, taxMinor: 96n }],
      taxTreatment: { source: 'provider', explanation: 'Computed by Stripe for DE: VAT at 19 %.' },
      payments: [{ amountMinor: 599n }],
    });
    expect(await invoiceOf(business)).toMatchObject({
      taxMinor: 0n,
      taxTreatment: { category: 'reverse_charge', note: expect.stringContaining('Article 196') },
    });
    expect(await invoiceOf(exempt)).toMatchObject({
      taxMinor: 0n,
      taxTreatment: { category: 'exempt', note: 'Embassy, § 4 Nr. 7 UStG' },
    });
    expect(await invoiceOf(quebec)).toMatchObject({
      taxMinor: 75n,
      taxes: [
        { name: 'GST', percent: '5', region: null, taxMinor: 25n },
        { name: 'QST', percent: '9.975', region: 'QC', taxMinor: 50n },
      ],
    });
    expect(await atProvider()).toSatisfy((found: readonly { automatic_tax: { enabled: boolean } }[]) =>
      found.every(({ automatic_tax: { enabled } }) => enabled),
    );

    const note = await issueCreditNote(database.context, { invoiceId: invoice.id, lines: null, reason: 'Gift', actor });
    expect(note).toMatchObject({ subtotalMinor: 503n, taxMinor: 96n });
    await collection.settle();
    expect(await differing()).toEqual([]);
  });

  it('wait for an address that says where the buyer is, and staff is told once', async () => {
    const american = await aBuyer({ country: 'US', region: 'NY', addressLines: ['350 5th Ave'] });
    await close();
    const { id } = await invoiceOf(american);
    const alarms = paymentAlarms('http://127.0.0.1:4000');
    await rows(`INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      VALUES ('ada', 'Ada', 'ada@example.com', true, now(), now())`);
    await rows(`INSERT INTO staff_role (user_id, role, created_at) VALUES ('ada', 'finance', now())`);
    for (const _ of [1, 2])
      expect(await taxInvoice(database.context, collection.provider, id, alarms)).toMatchObject({ outcome: 'held' });
    expect(await reconcileTaxes(database.context, collection.provider, alarms)).toBe(1);
    expect(
      await rows(`SELECT FROM outbox WHERE job_name = 'send-mail' AND payload ->> 'subject' LIKE '%is held%'`),
    ).toHaveLength(1);
    expect(await invoiceOf(american)).toMatchObject({
      state: 'draft',
      failureCode: 'tax_location_missing',
      failureMessage: expect.stringContaining('ZIP code'),
    });
    expect(await differing()).toEqual([]);

    await changeBillingDetails(database.context, {
      organizationId: american.organizationId,
      details: {
        ...noBillingDetails(american.organizationId),
        country: 'US',
        region: 'NY',
        addressLines: ['350 5th Ave', 'New York, NY 10118'],
      },
      actor,
    });
    await collection.settle();
    expect(await invoiceOf(american)).toMatchObject({
      state: 'paid',
      failureCode: null,
      buyer: { addressLines: ['350 5th Ave', 'New York, NY 10118'] },
      taxes: [{ name: 'Sales Tax', percent: '4', country: 'US', region: 'NY', taxMinor: 20n }],
    });
    expect(await differing()).toEqual([]);
  });

  it('are the same once whatever was lost on the way, and there is one draft', async () => {
    const german = await aBuyer({ country: 'DE' });
    await close();
    const { id } = await invoiceOf(german);
    await using proxy = await CrashingProxy.start(collection.client.url);
    const flaky = collectionProvider(proxy.url);
    for (let at = 1; at <= 14; at++) {
      proxy.reset((_, count) => (count === at ? (at % 2 === 0 ? 'before' : 'after') : undefined));
      await taxInvoice(database.context, flaky, id).catch((error: unknown) => {
        expect(error).toBeInstanceOf(PaymentProviderError);
      });
    }
    proxy.reset();
    await Promise.allSettled(Array.from({ length: 4 }, () => taxInvoice(database.context, flaky, id)));
    for (let at = 1; at <= 14; at++) {
      proxy.reset((_, count) => (count === at ? (at % 2 === 0 ? 'before' : 'after') : undefined));
      await collectInvoice(database.context, flaky, id).catch((error: unknown) => {
        expect(error).toBeInstanceOf(PaymentProviderError);
      });
    }
    await collection.settle();
    expect(await invoiceOf(german)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await atProvider()).toHaveLength(1);
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    expect(await differing()).toEqual([]);
  });

  it('hold the invoice when the provider computes another one before it is finalized, and it is built anew', async () => {
    const german = await aBuyer({ country: 'DE' });
    await close();
    const { id } = await invoiceOf(german);
    await taxInvoice(database.context, collection.provider, id);
    const [draft] = await atProvider();
    await collection.client.post(`/v1/customers/${String(draft!['customer'])}`, { tax_exempt: 'exempt' });
    await collection.settle();
    expect(await invoiceOf(german)).toMatchObject({
      state: 'issued',
      failureCode: 'reconcile_hold',
      failureMessage: expect.stringContaining('the total is 503, not 599'),
    });
    await collection.client.post(`/v1/customers/${String(draft!['customer'])}`, { tax_exempt: 'none' });
    await rebuildCollection(database.context, { invoiceId: id, actor });
    await collection.settle();
    expect(await invoiceOf(german)).toMatchObject({ state: 'paid', totalMinor: 599n });
    expect(await differing()).toEqual([]);
  });

  it('leave no draft of what is paid by transfer or by the balance, of which a card invoice takes all or nothing', async () => {
    const byTransfer = await aBuyer({ country: 'DE' });
    const little = await aBuyer({ country: 'DE' });
    const much = await aBuyer({ country: 'DE' });
    await database.unitOfWork.inSystem((transaction) =>
      savePaymentTerms(transaction, byTransfer.organizationId, { method: 'transfer', netDays: 14 }),
    );
    for (const [{ organizationId }, amount] of [
      [byTransfer, 100n],
      [little, 100n],
      [much, 1000n],
    ] as const)
      await credit(organizationId, amount);
    await bill();
    expect(await invoiceOf(byTransfer)).toMatchObject({ state: 'issued', totalMinor: 599n, balanceAppliedMinor: 100n });
    expect(await invoiceOf(little)).toMatchObject({ state: 'paid', balanceAppliedMinor: 0n, paidMinor: 599n });
    expect(await invoiceOf(much)).toMatchObject({ state: 'paid', balanceAppliedMinor: 599n, paidMinor: 0n });
    expect(await atProvider()).toHaveLength(1);
    expect(await differing()).toEqual([]);
  });

  it('are refused of products whose usage the provider rates', async () => {
    await setSellerTax(database.context, { sellerSlug: 'default', tax: 'own', actor });
    await aSubscription(database, { definition: { ...aPlanDefinition(), rating: 'stripe' } });
    await expect(
      setSellerTax(database.context, { sellerSlug: 'default', tax: 'provider', actor }),
    ).rejects.toMatchObject({ code: 'seller_tax_refused' });
    expect(await rows(`SELECT tax FROM seller WHERE slug = 'default'`)).toEqual([{ tax: 'own' }]);
  });

  it('are on the electronic invoice', async () => {
    await rows(`UPDATE seller SET country = 'DE', tax_id = 'DE136695976'`);
    const german = await aBuyer({ country: 'DE', addressLines: ['Hauptstr. 1'] });
    await bill();
    const { id } = await invoiceOf(german);
    const { xml } = await findElectronicInvoice(database.context, { invoiceId: id });
    expect(xml).toContain('<cbc:TaxAmount currencyID="USD">0.96</cbc:TaxAmount>');
    expect(xml).toContain('<cbc:Percent>19</cbc:Percent>');
  });
});
