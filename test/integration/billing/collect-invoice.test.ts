import { type CollectInvoiceRequest, PaymentMismatchError, type PaymentProvider, PaymentProviderError } from '#domain';
import {
  TRIES_OF_A_REFUSAL,
  changeBillingDetails,
  closeDuePeriods,
  collectInvoice,
  findInvoice,
  paymentMethodOf,
  processWebhook,
  readWebhooks,
  rebuildCollection,
  receiveWebhook,
  reconcileInvoices,
  replayWebhook,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paymentAlarms } from '../../../apps/worker/src/payments/payment-alarms.js';
import { type SubscriptionRow, aSubscription, addUsage } from '../../support/billing-rows.js';
import { Collection, cards, collectionProvider } from '../../support/collection.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';
import { dataOf, idOf } from '../../support/stripe-sandbox/sandbox-client.js';

const start = '2026-01-15T00:00:00Z';
const due = '2026-02-15T02:00:00Z';

describe('collecting an invoice', () => {
  let database: TestDatabase;
  let collection: Collection;
  let subscription: SubscriptionRow;
  beforeEach(async () => {
    database = await createTestDatabase(start);
    collection = await Collection.start(database);
    subscription = await aSubscription(database);
    await addUsage(database, subscription, { at: new Date(start), quantity: '350' });
  });
  afterEach(async () => {
    await collection[Symbol.asyncDispose]();
    await database.dispose();
  });

  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));
  const closeIt = async () => {
    database.clock.moveTo(due);
    const { closed } = await closeDuePeriods(database.context, { graceMs: 3_600_000 });
    return closed[0]!.invoiceId!;
  };
  const invoiceOf = (invoiceId: string) => findInvoice(database.context, { invoiceId });

  it('charges the saved card to the cent, once, and keeps what the provider says', async () => {
    expect(await paymentMethodOf(database.context, collection.provider, subscription.organizationId)).toBeNull();
    await collection.saveCard(subscription.organizationId, cards.good);
    expect(await paymentMethodOf(database.context, collection.provider, subscription.organizationId)).toMatchObject({
      last4: '4242',
    });
    const { organizationId } = subscription;
    const address = { addressLines: ['Main St 1', 'Bern'], country: null, region: null, postalCode: null };
    const details = { legalName: 'Ada AG', ...address, taxIds: [], purchaseOrderNumber: null };
    await changeBillingDetails(database.context, { organizationId, details, actor: { kind: 'system', id: null } });
    const invoiceId = await closeIt();
    await collection.settle();
    const invoice = await invoiceOf(invoiceId);
    expect(invoice).toMatchObject({
      state: 'paid',
      totalMinor: 350n,
      paidAt: new Date(due),
      failureCode: null,
      providerInvoiceId: expect.stringMatching(/^in_/),
      hostedUrl: expect.stringContaining('http'),
      hostedPdfUrl: expect.stringMatching(/^http.*pdf$/),
      payments: [
        { state: 'succeeded', amountMinor: 350n, currency: 'USD', providerPaymentId: expect.stringMatching(/^pi_/) },
      ],
    });
    const provided = await collection.provider.retrieveInvoice(invoice.providerInvoiceId!);
    expect(provided).toMatchObject({ status: 'paid', number: invoice.number, totalMinor: 350n });
    expect(new Map(provided.lines.map((line) => [line.lineId, line.amountMinor]))).toEqual(
      new Map(invoice.lines.map((line) => [line.id, line.amountMinor])),
    );
    const { body } = await collection.client.get(`/v1/invoices/${invoice.providerInvoiceId}`);
    expect(body).toMatchObject({ customer_name: 'Ada AG', customer_address: { line1: 'Main St 1', line2: 'Bern' } });
    // Where lines were joined the payer finds all of them.
    const footer = `All of invoice ${invoice.number}: http://127.0.0.1:4000/dashboard/billing/invoices/${invoiceId}`;
    expect(body['footer']).toBe(footer);
    expect(await (await fetch(invoice.hostedUrl!)).text()).toContain(footer);
    expect((await fetch(invoice.hostedPdfUrl!)).headers.get('content-type')).toBe('application/pdf');
    expect(await collectInvoice(database.context, collection.provider, invoiceId)).toEqual({
      outcome: 'nothing_to_do',
      state: 'paid',
    });
    expect(await collection.countEvents('invoice.paid')).toBe(1);
  });

  it('is past due when the card is declined, and paid once another card is saved', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const invoiceId = await closeIt();
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({
      state: 'past_due',
      attempt: 1,
      failureCode: 'generic_decline',
      failureMessage: expect.stringContaining('declined'),
      failedAt: new Date(due),
      payments: [{ state: 'failed', failureCode: 'generic_decline' }],
    });
    expect(await collectInvoice(database.context, collection.provider, invoiceId)).toMatchObject({
      outcome: 'nothing_to_do',
    });

    database.clock.moveTo('2026-02-16T00:00:00Z');
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({
      state: 'paid',
      attempt: 2,
      failureCode: null,
      payments: [{ state: 'failed' }, { state: 'succeeded' }],
    });
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    expect(await collection.countEvents('invoice.payment_failed')).toBe(1);
  });

  it('is past due without a card, and paid once there is one', async () => {
    const invoiceId = await closeIt();
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({
      state: 'past_due',
      failureCode: 'payment_method_missing',
      payments: [],
    });
    database.clock.moveTo('2026-02-16T00:00:00Z');
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
  });

  it('asks the provider again after an outage, and charges once whatever was lost', async () => {
    await using proxy = await CrashingProxy.start(collection.client.url);
    const flaky = collectionProvider(proxy.url);
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    for (let at = 1; at <= 12; at++) {
      proxy.reset((_, count) => (count === at ? (at % 2 === 0 ? 'before' : 'after') : undefined));
      await collectInvoice(database.context, flaky, invoiceId).catch((error: unknown) => {
        expect(error).toBeInstanceOf(PaymentProviderError);
      });
    }
    proxy.reset();
    await collectInvoice(database.context, flaky, invoiceId);
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    expect(await collection.countEvents('invoice.created')).toBe(1);
  });

  it('learns of a payment from the webhook when the answer was lost', async () => {
    await using proxy = await CrashingProxy.start(collection.client.url);
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    proxy.reset((request) => (request.endsWith('/pay') ? 'after' : undefined));
    await expect(collectInvoice(database.context, collectionProvider(proxy.url), invoiceId)).rejects.toThrow(
      PaymentProviderError,
    );
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'issued', providerInvoiceId: null });
    await rows(`DELETE FROM outbox WHERE job_name = 'collect-invoice'`);
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
  });

  it('charges once when many workers collect at the same time', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    await Promise.allSettled(
      Array.from({ length: 8 }, () => collectInvoice(database.context, collection.provider, invoiceId)),
    );
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    expect(await rows(`SELECT 1 FROM audit_log WHERE noun = 'invoice' AND action = 'paid'`)).toHaveLength(1);
  });

  it('has one effect of fifty copies of a webhook at the same time', async () => {
    await using proxy = await CrashingProxy.start(collection.client.url);
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    proxy.reset((request) => (request.endsWith('/pay') ? 'after' : undefined));
    await expect(collectInvoice(database.context, collectionProvider(proxy.url), invoiceId)).rejects.toThrow();
    await rows('DELETE FROM outbox');
    const [paid] = dataOf(await collection.client.get('/v1/invoices'));
    const { body, signature } = collection.sign('evt_copied', 'invoice.paid', paid!);

    const received = await Promise.all(
      Array.from({ length: 50 }, () => receiveWebhook(database.context, collection.provider, body, signature)),
    );
    expect(received.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await rows(`SELECT 1 FROM webhook_inbox WHERE event_id = 'evt_copied'`)).toHaveLength(1);
    expect(await rows(`SELECT 1 FROM outbox WHERE job_id = 'webhook-evt_copied'`)).toHaveLength(1);

    const processed = await Promise.all(
      Array.from({ length: 50 }, () => processWebhook(database.context, collection.provider, 'evt_copied')),
    );
    expect(processed.filter((outcome) => outcome === 'processed')).toHaveLength(1);
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await rows(`SELECT 1 FROM audit_log WHERE noun = 'invoice' AND action = 'paid'`)).toHaveLength(1);
    expect(await processWebhook(database.context, collection.provider, 'evt_copied')).toBe('processed_before');
  });

  it('keeps why acting on a webhook failed, and acts on it once more when it is replayed', async () => {
    const invoiceId = await closeIt();
    await collection.settle();
    const { providerInvoiceId } = await invoiceOf(invoiceId);
    const customer = String(dataOf(await collection.client.get('/v1/customers'))[0]!['id']);
    const card = idOf(await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    await rows('DELETE FROM outbox');
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: card }));
    const object = { id: 'inpay_1', object: 'invoice_payment', invoice: providerInvoiceId };
    const { body, signature } = collection.sign('evt_lost', 'invoice_payment.paid', object);
    await receiveWebhook(database.context, collection.provider, body, signature);
    const away = Object.assign(Object.create(collection.provider) as PaymentProvider, {
      retrieveInvoice: () => Promise.reject(new PaymentProviderError('The provider is away.', true)),
    });
    await expect(processWebhook(database.context, away, 'evt_lost')).rejects.toThrow('away');
    const lost = { state: 'failed', before: null, limit: 1 } as const;
    expect(await readWebhooks(database.context, lost)).toMatchObject([
      { eventId: 'evt_lost', attempts: 1, error: 'The provider is away.', processedAt: null },
    ]);
    await replayWebhook(database.context, { eventId: 'evt_lost', actor: { kind: 'user', id: 'operator' } });
    await collection.work();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await readWebhooks(database.context, lost)).toEqual([]);
    await replayWebhook(database.context, { eventId: 'evt_lost', actor: { kind: 'user', id: 'operator' } });
    await collection.work();
    expect(await readWebhooks(database.context, { ...lost, state: 'processed', limit: 100 })).toContainEqual(
      expect.objectContaining({ eventId: 'evt_lost', attempts: 3, error: null }),
    );
    expect(await rows(`SELECT 1 FROM audit_log WHERE action = 'replayed'`)).toHaveLength(2);
    expect(await invoiceOf(invoiceId)).toMatchObject({ payments: [{ state: 'succeeded' }] });
  });

  it('gives a webhook up whose object the provider no longer has, and keeps it in the inbox', async () => {
    const object = { id: 'inpay_1', object: 'invoice_payment', invoice: 'in_gone' };
    const { body, signature } = collection.sign('evt_gone', 'invoice_payment.paid', object);
    await receiveWebhook(database.context, collection.provider, body, signature);
    const process = (tries: number) => processWebhook(database.context, collection.provider, 'evt_gone', { tries });
    await expect(process(TRIES_OF_A_REFUSAL - 1)).rejects.toMatchObject({ code: 'payment_provider_refused' });
    expect(await process(TRIES_OF_A_REFUSAL)).toBe('given_up');
    const failed = { state: 'failed', before: null, limit: 1 } as const;
    expect(await readWebhooks(database.context, failed)).toMatchObject([
      { eventId: 'evt_gone', attempts: 2, error: expect.stringContaining("No such invoice: 'in_gone'") },
    ]);
  });

  it('charges once more when another of the saved cards is chosen, and not for other changes of the customer', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const invoiceId = await closeIt();
    await collection.settle();
    database.clock.moveTo('2026-02-16T00:00:00Z');
    const customer = dataOf(await collection.client.get('/v1/customers'))[0]!;
    const card = idOf(
      await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer: String(customer['id']) }),
    );
    await rows(`DELETE FROM outbox`);
    const receive = async (id: string, before: object) => {
      const { body, signature } = collection.sign(id, 'customer.updated', customer, before);
      await receiveWebhook(database.context, collection.provider, body, signature);
      await processWebhook(database.context, collection.provider, id);
    };
    idOf(
      await collection.client.post(`/v1/customers/${String(customer['id'])}`, {
        'invoice_settings[default_payment_method]': card,
      }),
    );
    await receive('evt_delinquent', { delinquent: false });
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'past_due', attempt: 1 });
    await receive('evt_chosen', { invoice_settings: { default_payment_method: null } });
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', attempt: 2 });
  });

  it('refuses a forged webhook and keeps nothing of it', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    const { body, signature } = collection.deliveries[0]!;
    const inbox = await rows('SELECT event_id FROM webhook_inbox ORDER BY event_id');
    const altered = Buffer.from(body.toString().replace(/evt_\w+/, 'evt_forged'));
    for (const [forgedBody, forgedSignature] of [
      [altered, signature],
      [body, ''],
      [body, 't=1,v1=00'],
    ] as const) {
      await expect(
        receiveWebhook(database.context, collection.provider, forgedBody, forgedSignature),
      ).rejects.toMatchObject({
        code: 'webhook_signature',
      });
    }
    expect(await rows('SELECT event_id FROM webhook_inbox ORDER BY event_id')).toEqual(inbox);
  });

  it('holds an invoice that is another one at the provider, charges nothing, and collects it once it is built anew', async () => {
    await using proxy = await CrashingProxy.start(collection.client.url);
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    proxy.reset((request) => (request.endsWith('/finalize') ? 'before' : undefined));
    await expect(collectInvoice(database.context, collectionProvider(proxy.url), invoiceId)).rejects.toThrow(
      PaymentProviderError,
    );
    const [draft] = dataOf(await collection.client.get('/v1/invoices'));
    const extra = { customer: String(draft!['customer']), invoice: String(draft!['id']), amount: 1, currency: 'usd' };
    idOf(await collection.client.post('/v1/invoiceitems', extra));

    await rows(`INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      VALUES ('ada', 'Ada', 'ada@example.com', true, now(), now())`);
    await rows(`INSERT INTO staff_role (user_id, role, created_at)
      VALUES ('ada', 'finance', now()), ('ada', 'operator', now())`);
    const alarms = paymentAlarms('https://portal.example.com');
    expect(await collectInvoice(database.context, collection.provider, invoiceId, { alarms })).toMatchObject({
      outcome: 'held',
      reason: expect.stringContaining('is not ours'),
    });
    const mails = await rows<{ to: string; subject: string }>(
      `SELECT payload ->> 'to' AS "to", payload ->> 'subject' AS subject FROM outbox WHERE job_name = 'send-mail'
         AND payload ->> 'subject' LIKE '%is held%'`,
    );
    expect(mails).toEqual([
      { to: 'ada@example.com', subject: expect.stringMatching(/^The collection of invoice INV-/) },
    ]);
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'issued', failureCode: 'reconcile_hold', payments: [] });
    expect(await rows(`SELECT details->>'code' AS code FROM audit_log WHERE action = 'held'`)).toEqual([
      { code: 'payment_mismatch' },
    ]);
    await collection.settle();
    expect(await collection.countEvents('invoice.paid')).toBe(0);

    await rebuildCollection(database.context, { invoiceId, actor: { kind: 'user', id: 'finance' } });
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', generation: 2, failureCode: null });
    await expect(
      rebuildCollection(database.context, { invoiceId, actor: { kind: 'user', id: 'finance' } }),
    ).rejects.toMatchObject({
      code: 'invoice_not_held',
    });
  });

  it('holds an invoice that the provider refuses again and again, which staff is told of once, and collects it once it is built anew', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    let isGone = true;
    const refusing = Object.assign(Object.create(collection.provider) as PaymentProvider, {
      // Its customer was deleted there.
      collectInvoice: (request: CollectInvoiceRequest) =>
        collection.provider.collectInvoice({ ...request, ...(isGone && { providerCustomerId: 'cus_gone' }) }),
    });
    await rows(`INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      VALUES ('ada', 'Ada', 'ada@example.com', true, now(), now())`);
    await rows(`INSERT INTO staff_role (user_id, role, created_at) VALUES ('ada', 'finance', now())`);
    const alarms = paymentAlarms('https://portal.example.com');
    for (let tries = 1; tries < TRIES_OF_A_REFUSAL; tries++)
      await expect(collectInvoice(database.context, refusing, invoiceId, { alarms, tries })).rejects.toMatchObject({
        code: 'payment_provider_refused',
      });
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'issued', failureCode: null });
    const last = { alarms, tries: TRIES_OF_A_REFUSAL };
    const outcomes = [];
    for (let time = 0; time < 2; time++)
      outcomes.push(await collectInvoice(database.context, refusing, invoiceId, last));
    expect(outcomes).toMatchObject([{ outcome: 'held' }, { outcome: 'nothing_to_do' }]);
    expect(await invoiceOf(invoiceId)).toMatchObject({
      state: 'issued',
      failureCode: 'reconcile_hold',
      failureMessage: expect.stringContaining("No such customer: 'cus_gone'"),
    });
    expect(
      await rows(`SELECT payload ->> 'to' AS "to" FROM outbox WHERE payload ->> 'subject' LIKE '%is held%'`),
    ).toEqual([{ to: 'ada@example.com' }]);
    isGone = false;
    await rebuildCollection(database.context, { invoiceId, actor: { kind: 'user', id: 'finance' } });
    expect(await collectInvoice(database.context, refusing, invoiceId, last)).toEqual({ outcome: 'paid' });
  });

  it('is held no more by an older generation, once it is built anew', async () => {
    await collection.saveCard(subscription.organizationId, cards.good);
    const invoiceId = await closeIt();
    const slow = Object.assign(Object.create(collection.provider) as PaymentProvider, {
      collectInvoice: async ({ invoiceId: id }: CollectInvoiceRequest) => {
        await rows(`UPDATE invoice SET generation = 2 WHERE id = '${id}'`);
        throw new PaymentMismatchError(id, null, ['another total']);
      },
    });
    expect(await collectInvoice(database.context, slow, invoiceId)).toEqual({
      outcome: 'nothing_to_do',
      state: 'issued',
    });
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'issued', failureCode: null });
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', generation: 2 });
  });

  it('tries a card at once that was saved while the attempt without it was under way', async () => {
    const invoiceId = await closeIt();
    const slow = Object.assign(Object.create(collection.provider) as PaymentProvider, {
      collectInvoice: async (request: CollectInvoiceRequest) => {
        const collected = await collection.provider.collectInvoice(request);
        database.clock.moveTo(database.clock.nowMs() + 10);
        await collection.saveCard(subscription.organizationId, cards.good);
        await rows(`DELETE FROM outbox WHERE job_name = 'collect-invoice'`);
        await collection.settle();
        database.clock.moveTo(database.clock.nowMs() + 10);
        return collected;
      },
    });
    expect(await collectInvoice(database.context, slow, invoiceId)).toMatchObject({ outcome: 'past_due' });
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', attempt: 2 });
  });

  it('is declined once for each attempt, and each is kept', async () => {
    await collection.saveCard(subscription.organizationId, cards.declined);
    const invoiceId = await closeIt();
    await collection.settle();
    database.clock.moveTo('2026-02-16T00:00:00Z');
    await collection.saveCard(subscription.organizationId, cards.declined);
    await collection.settle();
    const { state, attempt, payments } = await invoiceOf(invoiceId);
    expect([state, attempt]).toEqual(['past_due', payments.length]);
    expect(payments.map((payment) => [payment.attempt, payment.state])).toEqual(
      Array.from({ length: attempt }, (_, index) => [index + 1, 'failed']),
    );
    expect(attempt).toBeGreaterThan(1);
  });

  it('is reconciled when the webhook was lost', async () => {
    const invoiceId = await closeIt();
    await collection.settle();
    const { providerInvoiceId } = await invoiceOf(invoiceId);
    const customer = String(dataOf(await collection.client.get('/v1/customers'))[0]!['id']);
    const card = idOf(await collection.client.post('/v1/payment_methods/pm_card_visa/attach', { customer }));
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/pay`, { payment_method: card }));
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'past_due' });
    expect(await reconcileInvoices(database.context, collection.provider)).toBe(1);
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'paid', payments: [{ state: 'succeeded' }] });
    expect(await reconcileInvoices(database.context, collection.provider)).toBe(0);
  });

  it('is void when somebody voids it at the provider', async () => {
    const invoiceId = await closeIt();
    await collection.settle();
    const { providerInvoiceId } = await invoiceOf(invoiceId);
    idOf(await collection.client.post(`/v1/invoices/${providerInvoiceId}/void`));
    await collection.settle();
    expect(await invoiceOf(invoiceId)).toMatchObject({ state: 'void' });
  });
});

describe('webhooks in any order, each of them twice', () => {
  it('leave a declined and then paid invoice paid', async () => {
    const database = await createTestDatabase(start);
    await using collection = await Collection.start(database, { duplicate: true, shuffle: true });
    const subscription = await aSubscription(database);
    await collection.saveCard(subscription.organizationId, cards.declined);
    database.clock.moveTo(due);
    const { closed } = await closeDuePeriods(database.context, { graceMs: 0 });
    await collection.settle();
    database.clock.moveTo('2026-02-16T00:00:00Z');
    await collection.saveCard(subscription.organizationId, cards.good);
    await collection.settle();
    const invoice = await findInvoice(database.context, { invoiceId: closed[0]!.invoiceId! });
    expect(invoice.state).toBe('paid');
    expect(await collection.countEvents('invoice.paid')).toBe(1);
    await database.dispose();
  });
});
