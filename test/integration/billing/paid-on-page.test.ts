import {
  decideOnRefund,
  findInvoice,
  giveUpPurchase,
  issueCreditNote,
  openCheckout,
  proposeRefund,
  purchaseCredits,
  readCredits,
  reconcileCheckouts,
  recordTransfer,
  replayWebhook,
  verifyLedger,
  voidInvoice,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { Collection, cards } from '../../support/collection.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { dataOf } from '../../support/stripe-sandbox/sandbox-client.js';

const ada = { kind: 'user', id: 'ada' } as const;
const grace = { kind: 'user', id: 'grace' } as const;
const pack = { slug: 'big', title: 'Big pack', currency: 'USD', price: '9', credits: '10', validDays: 30 };
const DAY = 86_400_000;

describe('credits that are paid on a page of the provider, as no card is saved', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-05T00:00:00Z');
    collection = await Collection.start(database);
    subscription = await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) });
    await rows(`UPDATE api_product SET credit_packs = $1`, [JSON.stringify([pack])]);
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const buy = async () => {
    const { organizationId, id: subscriptionId } = subscription;
    const { id } = await purchaseCredits(database.context, {
      organizationId,
      subscriptionId,
      pack: 'big',
      amountMinor: null,
      paymentProvider: collection.provider,
      pageReturnUrl: 'http://127.0.0.1:4000/dashboard/billing',
      actor: ada,
    });
    return { id, url: (await openCheckout(database.context, collection.provider, id))! };
  };
  const pay = async (url: string, number: string = cards.good) => {
    const body = new URLSearchParams({ number, expiry: '12/40', cvc: '123', name: '' });
    const { status, headers } = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    return [status, headers.get('location')];
  };
  const poll = () => reconcileCheckouts(database.context, collection.provider);
  const read = (invoiceId: string) => findInvoice(database.context, { invoiceId });
  const statement = () => readCredits(database.context, subscription.organizationId);
  const granted = async () => (await statement()).grants.map(({ amountMinor }) => amountMinor);
  const giveUp = (invoiceId: string, organizationId = subscription.organizationId) =>
    giveUpPurchase(database.context, collection.provider, { organizationId, invoiceId, actor: ada });
  const differing = async () => {
    const { checks } = await verifyLedger(database.context, { provider: collection.provider });
    return checks.filter(({ ok, name }) => !ok && name !== 'events');
  };

  it('are there once the payment is seen, and once only, whatever is told again', async () => {
    const { id, url } = await buy();
    await collection.settle();
    expect(await read(id)).toMatchObject({ state: 'issued', number: 'INV-000001', providerInvoiceId: null });
    expect((await statement()).purchases).toMatchObject([{ invoiceId: id, isOnPage: true, hasFailed: false }]);
    expect(await openCheckout(database.context, collection.provider, id)).toBe(url);
    expect(await (await fetch(url)).text()).toContain('Invoice INV-000001');
    // A card that is refused there leaves the page open.
    expect(await pay(url, cards.declined)).toEqual([402, null]);
    await collection.settle();
    expect(await granted()).toEqual([]);
    expect(await pay(url)).toEqual([303, 'http://127.0.0.1:4000/dashboard/billing?purchase=paid']);
    await collection.settle();
    expect(await granted()).toEqual([1_000n]);
    const { providerInvoiceId, ...paid } = await read(id);
    expect(paid).toMatchObject({ state: 'paid', paidMinor: 900n, attempt: 1 });
    const there = await collection.provider.retrieveInvoice(providerInvoiceId!);
    expect(there).toMatchObject({ status: 'paid', number: 'INV-000001', totalMinor: 900n });
    const payments = await rows(`SELECT method, state, amount_minor, provider_payment_id FROM payment`);
    expect(payments).toEqual([
      {
        method: 'card',
        state: 'succeeded',
        amount_minor: '900',
        provider_payment_id: there.payments[0]!.paymentId,
      },
    ]);
    // The card was for this once.
    const [customer] = dataOf(await collection.client.get('/v1/customers'));
    const saved = await collection.provider.defaultPaymentMethod(String(customer!['id']));
    expect(saved).toBeNull();

    const told = dataOf(await collection.client.get('/v1/events?type=checkout.session.completed'));
    expect(told).toHaveLength(1);
    await replayWebhook(database.context, { eventId: String(told[0]!['id']), actor: ada });
    await collection.settle();
    expect(await poll()).toBe(0);
    expect([await granted(), await collection.countEvents('payment_intent.succeeded')]).toEqual([[1_000n], 1]);
    expect(await differing()).toEqual([]);
    expect((await statement()).purchases).toEqual([]);
  });

  it('are found paid by asking, where no webhook has told it, at whichever statement the process dies', async () => {
    const { url } = await buy();
    await pay(url);
    let crashes = 0;
    for (let statement = 1; ; statement += 1) {
      const unitOfWork = new CrashingUnitOfWork(database, { statement, when: 'after' });
      await reconcileCheckouts({ ...database.context, unitOfWork }, collection.provider).catch(() => null);
      if (!unitOfWork.hasCrashed) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(5);
    const both = await Promise.all([poll(), poll()]);
    expect(both).toEqual([0, 0]);
    expect(await granted()).toEqual([1_000n]);
    await collection.settle();
    expect([await granted(), await collection.countEvents('payment_intent.succeeded')]).toEqual([[1_000n], 1]);
    expect(await differing()).toEqual([]);
  });

  it('get one page, also when the answer that named it was lost', async () => {
    const { id, url } = await buy();
    await rows(`UPDATE checkout SET provider_session_id = NULL, url = NULL`);
    expect(await poll()).toBe(1);
    expect(await openCheckout(database.context, collection.provider, id)).toBe(url);
  });

  it('are never there when nobody pays: the invoice is void, and they can be bought again', async () => {
    const left = await buy();
    await expect(buy()).rejects.toMatchObject({ code: 'credit_purchase_under_way' });
    collection.letPass(DAY - 60_000);
    expect(await poll()).toBe(1);
    expect(await read(left.id)).toMatchObject({ state: 'issued' });
    collection.letPass(120_000);
    expect(await poll()).toBe(1);
    expect(await read(left.id)).toMatchObject({
      state: 'void',
      number: 'INV-000001',
      voidReason: 'It was not paid on the payment page.',
      providerInvoiceId: null,
    });
    expect((await pay(left.url))[0]).toBe(410);
    expect([await granted(), (await statement()).purchases, await poll()]).toEqual([[], [], 0]);
    const { url } = await buy();
    await pay(url);
    await poll();
    expect(await granted()).toEqual([1_000n]);
    expect(await differing()).toEqual([]);
  });

  it('are given up when the provider tells that the page is over', async () => {
    const { id } = await buy();
    const [session] = dataOf(await collection.client.get('/v1/checkout/sessions'));
    await collection.client.post(`/v1/checkout/sessions/${String(session!['id'])}/expire`);
    await collection.settle();
    expect(await read(id)).toMatchObject({ state: 'void' });
  });

  it('can be given up by their buyer, unless they are paid', async () => {
    const first = await buy();
    const other = await aSubscription(database, { organizationName: 'Other' });
    await expect(giveUp(first.id, other.organizationId)).rejects.toMatchObject({ code: 'credit_purchase_not_found' });
    await giveUp(first.id);
    expect(await read(first.id)).toMatchObject({ state: 'void' });
    expect((await pay(first.url))[0]).toBe(410);
    await expect(giveUp(first.id)).rejects.toMatchObject({ code: 'credit_purchase_not_found' });
    const second = await buy();
    await pay(second.url);
    await expect(giveUp(second.id)).rejects.toMatchObject({ code: 'credit_purchase_paid' });
    expect(await granted()).toEqual([1_000n]);
  });

  it('stay what they are while the page is open, and no saved card is charged', async () => {
    const { id, url } = await buy();
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await read(id)).toMatchObject({ state: 'issued', paidMinor: 0n });
    const refused = { code: 'invoice_on_payment_page' };
    const reason = 'Not wanted';
    await expect(
      voidInvoice(database.context, { invoiceId: id, reason, reissue: false, actor: ada }),
    ).rejects.toMatchObject(refused);
    await expect(
      issueCreditNote(database.context, { invoiceId: id, lines: null, reason, actor: ada }),
    ).rejects.toMatchObject(refused);
    const transfer = {
      currency: 'USD',
      amountMinor: 900n,
      valueDate: '2026-02-05',
      reference: 'R1',
      sender: 'Ada',
      insist: false,
      actor: ada,
    };
    await expect(recordTransfer(database.context, { ...transfer, pays: { invoiceId: id } })).rejects.toMatchObject(
      refused,
    );
    const { organizationId } = subscription;
    expect(await recordTransfer(database.context, { ...transfer, pays: { organizationId } })).toMatchObject({
      payments: [],
      keptMinor: 900n,
    });
    await pay(url);
    await collection.settle();
    expect(await read(id)).toMatchObject({ state: 'paid', paidMinor: 900n });
    expect(await differing()).toEqual([]);
  });

  it('are paid by the balance, without a page, where it does', async () => {
    const { organizationId } = subscription;
    await recordTransfer(database.context, {
      currency: 'USD',
      amountMinor: 900n,
      valueDate: '2026-02-05',
      reference: 'R1',
      sender: 'Ada',
      insist: false,
      pays: { organizationId },
      actor: ada,
    });
    expect((await buy()).url).toBeNull();
    expect([await granted(), await poll()]).toEqual([[1_000n], 0]);
  });

  it('can be given back to the card that paid on the page', async () => {
    const { id, url } = await buy();
    await pay(url);
    await collection.settle();
    const proposal = await proposeRefund(database.context, {
      invoiceId: id,
      lines: null,
      reason: 'Not wanted',
      actor: ada,
    });
    await decideOnRefund(database.context, { proposalId: proposal.id, decision: 'approved', actor: grace });
    await collection.settle();
    const [refund] = dataOf(await collection.client.get('/v1/refunds'));
    expect(refund).toMatchObject({ amount: 900, status: 'succeeded' });
    expect(await differing()).toEqual([]);
  });
});
