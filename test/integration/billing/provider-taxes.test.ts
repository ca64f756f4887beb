import { type TaxId, PaymentProviderError, noBillingDetails } from '#domain';
import { savePaymentTerms } from '#persistence';
import {
  changeBillingDetails,
  collectInvoice,
  currentUsage,
  findElectronicInvoice,
  issueCreditNote,
  rebuildCollection,
  reconcileTaxes,
  setSellerTax,
  taxInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paymentAlarms } from '../../../apps/worker/src/payments/payment-alarms.js';
import { aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type Collection, collectionProvider } from '../../support/collection.js';
import type { TestDatabase } from '../../support/database.js';
import { ProviderTaxed } from '../../support/provider-taxed.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';

const { actor } = ProviderTaxed;
const french: TaxId = { country: 'FR', value: 'FR40303265045' };

describe('the taxes of a seller that the payment provider computes', () => {
  let taxed: ProviderTaxed;
  let database: TestDatabase;
  let collection: Collection;
  beforeEach(async () => {
    taxed = await ProviderTaxed.start();
    ({ database, collection } = taxed);
  });
  afterEach(() => taxed[Symbol.asyncDispose]());

  it('are taken over before the invoice is issued, collected to the cent, given back and proven', async () => {
    const german = await taxed.aBuyer({ country: 'DE', addressLines: ['Hauptstr. 1'] });
    const business = await taxed.aBuyer({ country: 'FR', taxIds: [french] });
    const exempt = await taxed.aBuyer({ country: 'DE', exemptionReason: 'Embassy, § 4 Nr. 7 UStG' });
    const quebec = await taxed.aBuyer({ country: 'CA', region: 'QC' });
    const [upcoming] = await currentUsage(database.context, { organizationId: german.organizationId });
    expect(upcoming!.taxed).toMatchObject({ taxes: [], taxMinor: 0n, treatment: { source: 'provider' } });

    await taxed.close();
    expect(await taxed.invoiceOf(german)).toMatchObject({ state: 'draft', number: null, taxes: [] });
    expect(await taxed.differing()).toEqual([]);
    await collection.settle();

    const invoice = await taxed.invoiceOf(german);
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
    expect(await taxed.invoiceOf(business)).toMatchObject({
      taxMinor: 0n,
      taxTreatment: { category: 'reverse_charge', note: expect.stringContaining('Article 196') },
    });
    expect(await taxed.invoiceOf(exempt)).toMatchObject({
      taxMinor: 0n,
      taxTreatment: { category: 'exempt', note: 'Embassy, § 4 Nr. 7 UStG' },
    });
    expect(await taxed.invoiceOf(quebec)).toMatchObject({
      taxMinor: 75n,
      taxes: [
        { name: 'GST', percent: '5', region: null, taxMinor: 25n },
        { name: 'QST', percent: '9.975', region: 'QC', taxMinor: 50n },
      ],
    });
    expect(await taxed.atProvider()).toSatisfy((found: readonly { automatic_tax: { enabled: boolean } }[]) =>
      found.every(({ automatic_tax: { enabled } }) => enabled),
    );

    const note = await issueCreditNote(database.context, { invoiceId: invoice.id, lines: null, reason: 'Gift', actor });
    expect(note).toMatchObject({ subtotalMinor: 503n, taxMinor: 96n });
    await collection.settle();
    expect(await taxed.differing()).toEqual([]);
  });

  it('wait for an address that says where the buyer is, and staff is told once', async () => {
    const american = await taxed.aBuyer({ country: 'US', region: 'NY', addressLines: ['350 5th Ave'] });
    await taxed.close();
    const { id } = await taxed.invoiceOf(american);
    const alarms = paymentAlarms('http://127.0.0.1:4000');
    await taxed.rows(`INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      VALUES ('ada', 'Ada', 'ada@example.com', true, now(), now())`);
    await taxed.rows(`INSERT INTO staff_role (user_id, role, created_at) VALUES ('ada', 'finance', now())`);
    for (const _ of [1, 2])
      expect(await taxInvoice(database.context, collection.provider, id, { alarms })).toMatchObject({
        outcome: 'held',
      });
    expect(await reconcileTaxes(database.context, collection.provider, alarms)).toBe(1);
    expect(
      await taxed.rows(`SELECT FROM outbox WHERE job_name = 'send-mail' AND payload ->> 'subject' LIKE '%is held%'`),
    ).toHaveLength(1);
    expect(await taxed.invoiceOf(american)).toMatchObject({
      state: 'draft',
      failureCode: 'tax_location_missing',
      failureMessage: expect.stringContaining('ZIP code'),
    });
    expect(await taxed.differing()).toEqual([]);

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
    expect(await taxed.invoiceOf(american)).toMatchObject({
      state: 'paid',
      failureCode: null,
      buyer: { addressLines: ['350 5th Ave', 'New York, NY 10118'] },
      taxes: [{ name: 'Sales Tax', percent: '4', country: 'US', region: 'NY', taxMinor: 20n }],
    });
    expect(await taxed.differing()).toEqual([]);
  });

  it('are the same once whatever was lost on the way, and there is one draft', async () => {
    const german = await taxed.aBuyer({ country: 'DE' });
    await taxed.close();
    const { id } = await taxed.invoiceOf(german);
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
    expect(await taxed.invoiceOf(german)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await taxed.atProvider()).toHaveLength(1);
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    expect(await taxed.differing()).toEqual([]);
  });

  it('hold the invoice when the provider computes another one before it is finalized, and it is built anew', async () => {
    const german = await taxed.aBuyer({ country: 'DE' });
    await taxed.close();
    const { id } = await taxed.invoiceOf(german);
    await taxInvoice(database.context, collection.provider, id);
    const [draft] = await taxed.atProvider();
    await collection.client.post(`/v1/customers/${String(draft!['customer'])}`, { tax_exempt: 'exempt' });
    await collection.settle();
    expect(await taxed.invoiceOf(german)).toMatchObject({
      state: 'issued',
      failureCode: 'reconcile_hold',
      failureMessage: expect.stringContaining('the total is 503, not 599'),
    });
    await collection.client.post(`/v1/customers/${String(draft!['customer'])}`, { tax_exempt: 'none' });
    await rebuildCollection(database.context, { invoiceId: id, actor });
    await collection.settle();
    expect(await taxed.invoiceOf(german)).toMatchObject({ state: 'paid', totalMinor: 599n });
    expect(await taxed.differing()).toEqual([]);
  });

  it('leave no draft of what is paid by transfer or by the balance, of which a card invoice takes all or nothing', async () => {
    const byTransfer = await taxed.aBuyer({ country: 'DE' });
    const little = await taxed.aBuyer({ country: 'DE' });
    const much = await taxed.aBuyer({ country: 'DE' });
    await database.unitOfWork.inSystem((transaction) =>
      savePaymentTerms(transaction, byTransfer.organizationId, { method: 'transfer', netDays: 14 }),
    );
    for (const [{ organizationId }, amount] of [
      [byTransfer, 100n],
      [little, 100n],
      [much, 1000n],
    ] as const)
      await taxed.credit(organizationId, amount);
    await taxed.bill();
    expect(await taxed.invoiceOf(byTransfer)).toMatchObject({
      state: 'issued',
      totalMinor: 599n,
      balanceAppliedMinor: 100n,
    });
    expect(await taxed.invoiceOf(little)).toMatchObject({ state: 'paid', balanceAppliedMinor: 0n, paidMinor: 599n });
    expect(await taxed.invoiceOf(much)).toMatchObject({ state: 'paid', balanceAppliedMinor: 599n, paidMinor: 0n });
    expect(await taxed.atProvider()).toHaveLength(1);
    expect(await taxed.differing()).toEqual([]);
  });

  it('are refused of products whose usage the provider rates', async () => {
    await setSellerTax(database.context, { sellerSlug: 'default', tax: 'own', actor });
    await aSubscription(database, { definition: { ...aPlanDefinition(), rating: 'stripe' } });
    await expect(
      setSellerTax(database.context, { sellerSlug: 'default', tax: 'provider', actor }),
    ).rejects.toMatchObject({ code: 'seller_tax_refused' });
    expect(await taxed.rows(`SELECT tax FROM seller WHERE slug = 'default'`)).toEqual([{ tax: 'own' }]);
  });

  it('are on the electronic invoice', async () => {
    await taxed.rows(`UPDATE seller SET country = 'DE', tax_id = 'DE136695976'`);
    const german = await taxed.aBuyer({ country: 'DE', addressLines: ['Hauptstr. 1'] });
    await taxed.bill();
    const { id } = await taxed.invoiceOf(german);
    const { xml } = await findElectronicInvoice(database.context, { invoiceId: id });
    expect(xml).toContain('<cbc:TaxAmount currencyID="USD">0.96</cbc:TaxAmount>');
    expect(xml).toContain('<cbc:Percent>19</cbc:Percent>');
  });
});
