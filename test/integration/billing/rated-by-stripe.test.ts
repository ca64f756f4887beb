import { type MeterPrice, PaymentProviderError, type PaymentProvider } from '#domain';
import {
  cancelSubscription,
  closeDuePeriods,
  collectInvoice,
  createSetupSession,
  keepMeteredSubscriptions,
  processWebhook,
  reactivateSubscription,
  receiveWebhook,
  redeemForSubscription,
  type ServiceContext,
  verifyLedger,
} from '#services';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doOutboxJobs } from '../../../apps/cli/src/sim/outbox-jobs.js';
import { signatureHeader } from '../../../apps/stripe-sandbox/src/webhooks/signature.js';
import { paymentAlarms } from '../../../apps/worker/src/payments/payment-alarms.js';
import { type SubscriptionRow, aPlanDefinition, aSubscription, addUsage } from '../../support/billing-rows.js';
import { aCoupon } from '../../support/coupon-scene.js';
import { COLLECTION_SECRET, cards, collectionProvider } from '../../support/collection.js';
import { CrashingUnitOfWork } from '../../support/crashing-unit-of-work.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { CrashingProxy } from '../../support/stripe-sandbox/crashing-proxy.js';
import {
  type StripeBody,
  type TestSandbox,
  aSandbox,
  dataOf,
  testKey,
} from '../../support/stripe-sandbox/sandbox-client.js';

const graceMs = 3_600_000;
const hour = 3_600_000;
const day = 24 * hour;
const START = '2027-01-31T10:15:23.456Z';
/** The month is shorter than the day on which its subscription began. */
const PERIOD_END = '2027-02-28T10:15:23.456Z';
const actor = { kind: 'cli', id: null } as const;

const graduated: MeterPrice = {
  meter: 'requests',
  included: '0',
  price: {
    model: 'graduated',
    tiers: [
      { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
      { upTo: null, unitAmount: '0.0033', flatAmount: '1' },
    ],
  },
};

describe('usage that Stripe rates', () => {
  let database: TestDatabase;
  let sandbox: TestSandbox;
  let proxy: CrashingProxy;
  let provider: PaymentProvider;
  let stripeBehindMs: number;
  beforeEach(async () => {
    database = await createTestDatabase(START);
    stripeBehindMs = 0;
    sandbox = await aSandbox({ clock: { nowMs: () => database.clock.nowMs() - stripeBehindMs } });
    proxy = await CrashingProxy.start(sandbox.running.url);
    provider = collectionProvider(proxy.url);
  });
  afterEach(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await sandbox?.[Symbol.asyncDispose]();
    await database?.dispose();
  });

  const moveTo = (at: string | number) => database.clock.moveTo(at);
  const keep = async (context: ServiceContext = database.context) => {
    const round = await keepMeteredSubscriptions(context, provider);
    if (round.failures[0]) throw round.failures[0].error;
    return round;
  };
  const close = () => closeDuePeriods(database.context, { graceMs });
  const work = () => doOutboxJobs(database.context, provider);
  const subscribed = async (prices: readonly MeterPrice[], fixedFee = '5.00'): Promise<SubscriptionRow> => {
    const definition = aPlanDefinition({ rating: 'stripe', fixedFee, prices });
    const subscription = await aSubscription(database, { definition });
    const session = await createSetupSession(database.context, provider, {
      organizationId: subscription.organizationId,
      returnUrl: 'http://127.0.0.1/billing',
    });
    const body = new URLSearchParams({ number: cards.good, expiry: '12/40', cvc: '123', name: '' });
    expect((await fetch(session.url, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
    return subscription;
  };
  const use = (subscription: SubscriptionRow, afterMs: number, quantity: string) =>
    addUsage(database, subscription, { at: new Date(subscription.anchorAt.getTime() + afterMs), quantity });
  const sdkOf = (key: string) => {
    const { hostname, port } = new URL(sandbox.running.url);
    return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
  };
  const rows = <Row>(sql: string, ...parameters: readonly unknown[]) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const invoicesOf = ({ id }: SubscriptionRow) =>
    rows<{ id: string; state: string; total_minor: string; provider_invoice_id: string | null; failure_code: string }>(
      'SELECT * FROM invoice WHERE subscription_id = $1 ORDER BY period_start',
      id,
    );
  const stripeSubscriptionOf = async ({ id }: SubscriptionRow): Promise<StripeBody> => {
    const [row] = await rows<{ provider_subscription_id: string }>(
      'SELECT provider_subscription_id FROM metered_subscription WHERE subscription_id = $1',
      id,
    );
    return (await sandbox.client.get(`/v1/subscriptions/${row!.provider_subscription_id}`)).body;
  };
  const stripeInvoicesOf = async (subscription: SubscriptionRow): Promise<StripeBody[]> => {
    const { id } = await stripeSubscriptionOf(subscription);
    return dataOf(await sandbox.client.get(`/v1/invoices?subscription=${String(id)}&limit=100`));
  };
  /** Whether everything agrees but the events, which no gateway of this test has delivered. */
  const agrees = async () => {
    const { checks } = await verifyLedger(database.context, { provider });
    expect(checks.filter(({ ok, name }) => !ok && name !== 'events')).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('provider');
  };

  it('is billed by its own invoice, to the cent as it is rated here, with our fee on it and under our number', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '700');
    await use(subscription, 2 * hour, '650');
    expect(await keep()).toMatchObject({ changed: 1, reported: 0 });
    moveTo(database.clock.nowMs() + day);
    expect(await keep()).toMatchObject({ reported: 2, refused: 0 });
    await use(subscription, hour, '1');
    expect(await keep()).toMatchObject({ reported: 1 });
    expect(await keep()).toMatchObject({ reported: 0 });
    moveTo(new Date(PERIOD_END).getTime() + graceMs);
    await close();
    await work();
    const [invoice] = await invoicesOf(subscription);
    // 1,000 for 10.00, 351 for 1.1583, the flat dollar of the second tier and the fee of 5.00.
    expect(invoice).toMatchObject({ state: 'paid', total_minor: '1716' });
    const found = (await stripeInvoicesOf(subscription)).find(({ id }) => id === invoice!.provider_invoice_id);
    expect(found).toMatchObject({
      billing_reason: 'subscription_cycle',
      status: 'paid',
      total: 1716,
      number: expect.stringMatching(/^INV-/),
    });
    const lines = dataOf(await sandbox.client.get(`/v1/invoices/${invoice!.provider_invoice_id}/lines?limit=100`));
    expect(lines.map(({ amount }) => Number(amount)).toSorted((a, b) => a - b)).toEqual([100, 116, 500, 1000]);
    await agrees();
  });

  it.each([
    // Of 5.00 and 12.16.
    ['a share', { percentOff: '25' }, '1287'],
    ['all', { percentOff: '100' }, '0'],
    ['an amount', { amountOffMinor: 700n, currency: 'USD' }, '1016'],
  ])('has %s taken off by a coupon of ours, as lines on its invoice', async (_, change, total) => {
    const subscription = await subscribed([graduated]);
    const { id: subscriptionId, organizationId } = subscription;
    await aCoupon(database, subscription, change);
    await redeemForSubscription(database.context, { subscriptionId, organizationId, couponCode: 'SPRING', actor });
    await use(subscription, hour, '1350');
    await keep();
    moveTo(database.clock.nowMs() + day);
    await keep();
    moveTo(new Date(PERIOD_END).getTime() + graceMs);
    await close();
    await work();
    const [invoice] = await invoicesOf(subscription);
    expect(invoice).toMatchObject({ state: 'paid', total_minor: total });
    const found = (await stripeInvoicesOf(subscription)).find(({ id }) => id === invoice!.provider_invoice_id);
    expect(found).toMatchObject({ billing_reason: 'subscription_cycle', status: 'paid', total: Number(total) });
    await agrees();
  });

  it('has nothing on its invoice that somebody else has pending for the customer there, which waits on', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '1350');
    await keep();
    moveTo(database.clock.nowMs() + day);
    await keep();
    const { customer } = await stripeSubscriptionOf(subscription);
    const pending = { customer: String(customer), amount: 777, currency: 'usd', description: 'Consulting' };
    const { body: item } = await sandbox.client.post('/v1/invoiceitems', pending);
    moveTo(new Date(PERIOD_END).getTime() + graceMs);
    const [draft] = await stripeInvoicesOf(subscription);
    expect(draft).toMatchObject({ status: 'draft', total: 777 + 1216 });
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '1716' }]);
    expect((await stripeInvoicesOf(subscription))[0]).toMatchObject({ status: 'paid', total: 1716 });
    expect((await sandbox.client.get(`/v1/invoiceitems/${String(item['id'])}`)).body).toMatchObject({ invoice: null });
    await agrees();
  });

  it('of no usage is an invoice over nothing that does not stay open there', async () => {
    const subscription = await subscribed([graduated], '0');
    await keep();
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '0' }]);
    const statuses = (await stripeInvoicesOf(subscription)).map(({ status }) => status);
    expect(statuses).toEqual(['paid', 'paid']);
    await agrees();
  });

  it('that is too little to be charged is collected with the next month, and its own invoice ends over nothing there', async () => {
    const subscription = await subscribed([graduated], '0');
    await use(subscription, hour, '20');
    await keep();
    const { endMs } = await periodOf(subscription);
    moveTo(endMs - hour);
    await keep();
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([
      { state: 'issued', total_minor: '20', provider_invoice_id: null },
    ]);
    await agrees();
    await addUsage(database, subscription, { at: new Date(endMs + 2 * hour), quantity: '65' });
    moveTo(endMs + 20 * day);
    await keep();
    moveTo(endMs + 32 * day);
    await close();
    await work();
    const [first, second] = await invoicesOf(subscription);
    expect(first).toMatchObject({ state: 'paid', total_minor: '20' });
    expect(second).toMatchObject({ state: 'paid', total_minor: '65', carried_in_minor: '20' });
    const found = await stripeInvoicesOf(subscription);
    const totalOf = (invoice: typeof first) => found.find(({ id }) => id === invoice!.provider_invoice_id);
    expect(totalOf(first)).toMatchObject({ total: 0, status: 'paid' });
    expect(totalOf(second)).toMatchObject({ total: 85, amount_paid: 85, status: 'paid' });
    await agrees();
  });

  const periodOf = async ({ id }: SubscriptionRow) => {
    const [row] = await rows<{ ends_at: Date }>(
      'SELECT ends_at FROM billing_period WHERE subscription_id = $1 ORDER BY starts_at LIMIT 1',
      id,
    );
    return { endMs: row!.ends_at.getTime() };
  };

  it('is made once and counted once, wherever the process dies between it and Stripe', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    await use(subscription, 3 * hour, '41');
    const lost = new Set<string>();
    /** The answer of each request that changes something is lost once; a request that is never made is the end of the one before. */
    const untilDone = async (step: () => Promise<unknown>) => {
      for (;;) {
        const inRun = new Map<string, number>();
        proxy.reset((request) => {
          const nth = (inRun.get(request) ?? 0) + 1;
          inRun.set(request, nth);
          const isNew = !request.startsWith('GET') && !lost.has(`${request} ${nth}`);
          if (isNew) lost.add(`${request} ${nth}`);
          return isNew ? 'after' : undefined;
        });
        try {
          await step();
          return;
        } catch (error) {
          if (!(error instanceof PaymentProviderError) || !error.retryable) throw error;
          await rows(`UPDATE outbox SET dispatched_at = NULL WHERE job_name = 'collect-invoice'`);
          await rows('UPDATE metered_subscription SET reporting_until = NULL');
        }
      }
    };
    await untilDone(keep);
    moveTo(database.clock.nowMs() + day);
    await untilDone(keep);
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await untilDone(work);
    proxy.reset();
    expect(lost.size).toBeGreaterThan(8);
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '611' }]);
    const { customer } = await stripeSubscriptionOf(subscription);
    expect(dataOf(await sandbox.client.get(`/v1/subscriptions?customer=${String(customer)}&status=all`))).toHaveLength(
      1,
    );
    const invoices = await stripeInvoicesOf(subscription);
    expect(invoices.filter(({ total }) => total !== 0)).toMatchObject([{ total: 611, status: 'paid' }]);
    const product = `tg_${subscription.planVersionId.replaceAll('-', '')}`;
    expect(dataOf(await sandbox.client.get(`/v1/prices?product=${product}`))).toHaveLength(1);
    const charges = dataOf(await sandbox.client.get('/v1/events?type=charge.succeeded&limit=100')).filter(
      ({ data }) => (data as { object: { customer: string } }).object.customer === customer,
    );
    expect(charges).toHaveLength(1);
    await agrees();
  });

  it('is made once and counted once, wherever the process dies between it and the database', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    let crashed = 0;
    const untilDone = async (step: (context: ServiceContext) => Promise<unknown>) => {
      for (let statement = 1; ; statement += 2) {
        const unitOfWork = new CrashingUnitOfWork(database, { statement, when: 'after' });
        await step({ ...database.context, unitOfWork }).catch(() => undefined);
        if (!unitOfWork.hasCrashed) return;
        crashed += 1;
        await rows('UPDATE metered_subscription SET reporting_until = NULL');
      }
    };
    await untilDone(keep);
    moveTo(database.clock.nowMs() + day);
    await untilDone(keep);
    expect(crashed).toBeGreaterThan(4);
    const usage = await rows<object>(
      `SELECT quantity::text, state FROM metered_usage JOIN metered_subscription AS metered
       ON metered.id = metered_subscription_id WHERE subscription_id = $1`,
      subscription.id,
    );
    expect(usage).toEqual([{ quantity: '70', state: 'counted' }]);
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '570' }]);
    await agrees();
  });

  it('is not sent again when Stripe has forgotten its identifier, and has counted it', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    await keep();
    moveTo(database.clock.nowMs() + day);
    proxy.reset((request) => (request === 'POST /v1/billing/meter_events' ? 'after' : undefined));
    await expect(keep()).rejects.toBeInstanceOf(PaymentProviderError);
    proxy.reset();
    moveTo(database.clock.nowMs() + 2 * day);
    expect(await keep()).toMatchObject({ reported: 1 });
    expect(proxy.requests.filter((request) => request === 'POST /v1/billing/meter_events')).toEqual([]);
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '570' }]);
  });

  it('waits while the clock there is behind ours, and is billed when it is not', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    await keep();
    const aheadMs = 40 * day;
    moveTo(database.clock.nowMs() + aheadMs);
    stripeBehindMs = aheadMs;
    await expect(keep()).rejects.toMatchObject({ retryable: true, message: expect.stringContaining('clock') });
    await close();
    await expect(work()).rejects.toMatchObject({ retryable: true });
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'issued', failure_code: null }]);
    stripeBehindMs = 0;
    const [invoice] = await invoicesOf(subscription);
    expect(await collectInvoice(database.context, provider, invoice!.id)).toEqual({ outcome: 'paid' });
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '570' }]);
    await agrees();
  });

  it('that Stripe took and cannot count is refused by its report, told to staff, and reported once more', async () => {
    await rows(`INSERT INTO auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      VALUES ('ada', 'Ada', 'ada@example.com', true, now(), now())`);
    await rows(`INSERT INTO staff_role (user_id, role, created_at) VALUES ('ada', 'finance', now())`);
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    await keep();
    moveTo(database.clock.nowMs() + day);
    await keep();
    const usage = () =>
      rows<{ identifier: string; state: string; failure_code: string | null }>(
        'SELECT identifier, state, failure_code FROM metered_usage',
      );
    const { identifier } = (await usage())[0]!;
    const stripe = sdkOf(testKey);
    const { authentication_token: token } = await stripe.v2.billing.meterEventSession.create();
    const lost = {
      event_name: `tg_${subscription.planVersionId.replaceAll('-', '')}_requests`,
      payload: { stripe_customer_id: 'cus_gone', value: '70' },
    };
    await sdkOf(token).v2.billing.meterEventStream.create({
      events: [
        { ...lost, identifier },
        { ...lost, identifier: 'of somebody else' },
      ],
    });
    moveTo(database.clock.nowMs() + 20_000);
    const [report] = await eventually(
      async () => (await stripe.v2.core.events.list()).data,
      (events) => events.length > 0,
    );
    const { data: _, ...notification } = report as typeof report & { data: object };
    const body = Buffer.from(JSON.stringify(notification));
    const signed = (secret: string) => signatureHeader([secret], body.toString(), Math.floor(Date.now() / 1000));
    await expect(receiveWebhook(database.context, provider, body, signed('whsec_other'))).rejects.toMatchObject({
      code: 'webhook_signature',
    });
    const received = await receiveWebhook(database.context, provider, body, signed(COLLECTION_SECRET));
    for (let time = 1; time <= 2; time++)
      await processWebhook(database.context, provider, received.eventId, {
        alarms: paymentAlarms('https://portal.example.com'),
      });
    expect(await usage()).toEqual([{ identifier, state: 'refused', failure_code: 'meter_event_customer_not_found' }]);
    const mails = await rows<{ text: string }>(
      `SELECT payload ->> 'text' AS text FROM outbox WHERE job_name = 'send-mail' AND payload ->> 'to' = 'ada@example.com'`,
    );
    expect(mails).toEqual([{ text: expect.stringContaining('70 requests: No such customer') }]);
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await usage()).toEqual([{ identifier, state: 'counted', failure_code: null }]);
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '570' }]);
  });

  it('that Stripe has counted differently holds the invoice, and nothing is finalized', async () => {
    const subscription = await subscribed([graduated]);
    await use(subscription, hour, '70');
    await keep();
    moveTo(database.clock.nowMs() + day);
    await keep();
    const [{ identifier }] = (await rows<{ identifier: string }>(
      `SELECT identifier FROM metered_usage JOIN metered_subscription AS metered ON metered.id = metered_subscription_id
       WHERE subscription_id = $1`,
      subscription.id,
    )) as [{ identifier: string }];
    const canceled = await sandbox.client.post('/v1/billing/meter_event_adjustments', {
      event_name: `tg_${subscription.planVersionId.replaceAll('-', '')}_requests`,
      type: 'cancel',
      'cancel[identifier]': identifier,
    });
    expect(canceled.status).toBe(200);
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'issued', failure_code: 'reconcile_hold' }]);
    const [cycle] = await stripeInvoicesOf(subscription);
    expect(cycle).toMatchObject({ status: 'draft', total: 0 });
    const [held] = await rows<{ details: { reason: string } }>(
      `SELECT details FROM audit_log WHERE action = 'held' ORDER BY created_at DESC LIMIT 1`,
    );
    expect(held!.details.reason).toContain('70 requests were used, and the provider has counted 0');
  });

  it('ends with the period that its subscription ends with, and goes on when that is taken back', async () => {
    const subscription = await subscribed([graduated]);
    const { id: subscriptionId, organizationId } = subscription;
    await keep();
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'period_end', actor });
    await keep();
    expect(await stripeSubscriptionOf(subscription)).toMatchObject({ cancel_at_period_end: true });
    await reactivateSubscription(database.context, { organizationId, subscriptionId, paymentProvider: null, actor });
    await keep();
    expect(await stripeSubscriptionOf(subscription)).toMatchObject({ cancel_at_period_end: false });
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'period_end', actor });
    await use(subscription, hour, '70');
    await keep();
    const { endMs } = await periodOf(subscription);
    moveTo(endMs + graceMs);
    await close();
    await work();
    expect(await invoicesOf(subscription)).toMatchObject([{ state: 'paid', total_minor: '570' }]);
    expect(await stripeSubscriptionOf(subscription)).toMatchObject({ status: 'canceled' });
    await keep();
    await agrees();
  });

  it('of a period that is cut short is rated here, and billed once', async () => {
    const subscription = await subscribed([graduated]);
    const { id: subscriptionId, organizationId } = subscription;
    await keep();
    await use(subscription, hour, '70');
    moveTo(database.clock.nowMs() + day);
    await keep();
    await cancelSubscription(database.context, { organizationId, subscriptionId, when: 'now', actor });
    await keep();
    expect(await stripeSubscriptionOf(subscription)).toMatchObject({ status: 'canceled' });
    moveTo(database.clock.nowMs() + graceMs);
    await close();
    await work();
    const [invoice] = await invoicesOf(subscription);
    expect(invoice).toMatchObject({ state: 'paid' });
    expect(await stripeInvoicesOf(subscription)).toMatchObject([{ total: 0 }]);
    await agrees();
  });
});
