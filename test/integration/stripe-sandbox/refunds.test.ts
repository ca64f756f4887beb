import { describe, expect, it } from 'vitest';
import { PaymentProviderError, type RefundRequest } from '#domain';
import { createStripePaymentProvider } from '#stripe';
import { CrashingProxy, type Crash } from '../../support/stripe-sandbox/crashing-proxy.js';
import {
  aCustomer,
  aDraft,
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  testKey,
  type SandboxClient,
} from '../../support/stripe-sandbox/sandbox-client.js';

/** A paid invoice over 10.00 with its payment intent. */
async function aPaidInvoice(client: SandboxClient, card?: string) {
  const customer = await aCustomer(client, card);
  const invoice = await aDraft(client, customer, [1000]);
  const [method] = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`));
  idOf(await client.post(`/v1/invoices/${invoice}/pay`, { payment_method: String(method!['id']) }));
  const [payment] = dataOf(await client.get(`/v1/invoice_payments?invoice=${invoice}`));
  const intent = (payment!['payment'] as { payment_intent: string }).payment_intent;
  const charge = String((await client.get(`/v1/payment_intents/${intent}`)).body['latest_charge']);
  return { invoice, intent, charge };
}

const typesOf = async (client: SandboxClient) =>
  dataOf(await client.get('/v1/events?limit=100')).map(({ type }) => String(type));

describe('the account in the sandbox', () => {
  it('keeps 2.9 % and 30 cents of a charge, rounded half up, nothing of a refund, and gets one back that fails', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { intent, charge } = await aPaidInvoice(client);
    const { body: refund } = await client.post('/v1/refunds', { payment_intent: intent, amount: 300 });
    const list = dataOf(await client.get('/v1/balance_transactions?expand[]=data.source'));
    expect(list).toMatchObject([
      { amount: -300, fee: 0, net: -300, type: 'refund', source: { id: refund['id'], payment_intent: intent } },
      { amount: 1000, fee: 59, net: 941, type: 'charge', source: { id: charge, payment_intent: intent } },
    ]);
    const read = await client.get(`/v1/charges/${charge}?expand[]=balance_transaction`);
    expect(read.body['balance_transaction']).toMatchObject({ fee: 59, source: charge });
    expect((await client.get(`/v1/balance_transactions/${String(list[0]!['id'])}`)).body).toMatchObject({
      amount: -300,
    });
    expect(dataOf(await client.get('/v1/balance_transactions?type=charge'))).toHaveLength(1);
    expect(dataOf(await client.get(`/v1/balance_transactions?source=${charge}`))).toHaveLength(1);
    expect((await client.get('/v1/balance_transactions/txn_none')).status).toBe(404);
  });
});

describe('a refund in the sandbox', () => {
  it('is refused when it is above what is left of the charge, and each one changes the charge', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { intent, charge } = await aPaidInvoice(client);
    const first = await client.post('/v1/refunds', { payment_intent: intent, amount: 300 });
    expect(first.body).toMatchObject({ object: 'refund', status: 'succeeded', amount: 300, charge, currency: 'usd' });
    expect((await client.get(`/v1/charges/${charge}`)).body).toMatchObject({ amount_refunded: 300, refunded: false });
    const tooMuch = await client.post('/v1/refunds', { charge, amount: 701 });
    expect(tooMuch.status).toBe(400);
    expect(tooMuch.body['error']).toMatchObject({
      type: 'invalid_request_error',
      message: 'Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)',
    });
    expect((await client.post('/v1/refunds', { charge })).body).toMatchObject({ amount: 700, payment_intent: intent });
    expect((await client.get(`/v1/charges/${charge}`)).body).toMatchObject({ amount_refunded: 1000, refunded: true });
    expect((await client.post('/v1/refunds', { charge })).body['error']).toMatchObject({
      code: 'charge_already_refunded',
    });
    expect((await client.post('/v1/refunds', { charge, payment_intent: intent })).status).toBe(400);
    expect((await client.post('/v1/refunds', { payment_intent: 'pi_none' })).body['error']).toMatchObject({
      code: 'resource_missing',
    });
    expect(dataOf(await client.get(`/v1/refunds?payment_intent=${intent}`)).map(({ amount }) => amount)).toEqual([
      700, 300,
    ]);
    const types = await typesOf(client);
    expect(types.filter((type) => type === 'charge.refunded')).toHaveLength(2);
    expect(types.filter((type) => type === 'refund.created')).toHaveLength(2);
  });

  it.each([
    ['pm_card_pendingRefund', ['pending', 'succeeded'], 'refund.updated', 400],
    ['pm_card_refundFail', ['succeeded', 'failed'], 'refund.failed', 0],
  ] as const)('of %s goes from %j', async (card, [before, after], event, refunded) => {
    const clock = new TestClock(1_790_000_000_000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const { intent, charge } = await aPaidInvoice(client, card);
    const refund = await client.post('/v1/refunds', { payment_intent: intent, amount: 400 });
    expect(refund.body['status']).toBe(before);
    const id = idOf(refund);
    expect((await client.get(`/v1/refunds/${id}`)).body['status']).toBe(before);
    clock.advance(5_000);
    // Nobody asks for the refund, as nobody need to: its end is an event.
    expect((await typesOf(client)).filter((type) => type === event)).toHaveLength(1);
    expect((await client.get(`/v1/refunds/${id}`)).body['status']).toBe(after);
    expect((await client.get(`/v1/charges/${charge}`)).body['amount_refunded']).toBe(refunded);
    expect((await typesOf(client)).filter((type) => type === event)).toHaveLength(1);
  });

  it('is linked to a credit note once, and what is in none takes off what can be credited', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { intent, invoice } = await aPaidInvoice(client);
    const other = await aPaidInvoice(client);
    const refund = idOf(await client.post('/v1/refunds', { payment_intent: intent, amount: 600 }));
    const link = { 'refunds[0][refund]': refund };
    const notes = (form: Record<string, string | number>) => client.post('/v1/credit_notes', form);
    expect((await notes({ invoice, amount: 500, out_of_band_amount: 500 })).status).toBe(400);
    expect((await notes({ invoice: other.invoice, amount: 600, ...link })).status).toBe(400);
    expect((await notes({ invoice, amount: 700, ...link })).status).toBe(400);
    const twice = { ...link, 'refunds[1][refund]': refund, 'refunds[1][amount_refunded]': 400 };
    expect((await notes({ invoice, amount: 1000, ...twice })).status).toBe(400);
    expect((await notes({ invoice, amount: 600, ...link })).body).toMatchObject({
      post_payment_amount: 600,
      refunds: [{ amount_refunded: 600, refund, type: 'refund' }],
    });
    expect((await notes({ invoice, amount: 100, ...link })).status).toBe(400);
    const rest = await notes({ invoice, amount: 400, refund_amount: 400 });
    expect(rest.body['refunds']).toMatchObject([{ amount_refunded: 400 }]);
    expect(dataOf(await client.get(`/v1/refunds?payment_intent=${intent}`))).toHaveLength(2);
    expect((await client.get(`/v1/invoices/${invoice}`)).body['post_payment_credit_notes_amount']).toBe(1000);
  });
});

describe('refunding a payment', () => {
  const aProvider = (apiBase: string) =>
    createStripePaymentProvider({ secretKey: testKey, apiBase, webhookSecret: 'whsec_1', allowLive: false });
  const aRequest = (paid: { invoice: string; intent: string }): RefundRequest => ({
    refundId: `refund-${paid.invoice}`,
    creditNoteId: `note-${paid.invoice}`,
    providerInvoiceId: paid.invoice,
    providerPaymentId: paid.intent,
    providerRefundId: null,
    currency: 'USD',
    amountMinor: 400n,
    reason: 'Charged by mistake',
  });

  it.each([
    ['and Stripe still has the idempotency keys', 0],
    ['and Stripe has forgotten the idempotency keys', 2 * 86_400_000],
  ])('ends with one refund in one credit note wherever the process dies, %s', async (_title, downMs) => {
    const clock = new TestClock(1_790_000_000_000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    await using proxy = await CrashingProxy.start(sandbox.running.url);
    const provider = aProvider(proxy.url);
    await provider.refundPayment(aRequest(await aPaidInvoice(client)));
    const steps = [...proxy.requests];
    expect(steps).toEqual(['GET /v1/refunds', 'POST /v1/refunds', 'GET /v1/credit_notes', 'POST /v1/credit_notes']);
    for (let step = 1; step <= steps.length; step++) {
      for (const crash of ['before', 'after'] satisfies Crash[]) {
        const paid = await aPaidInvoice(client);
        const request = aRequest(paid);
        proxy.reset((_request, count) => (count === step ? crash : undefined));
        await expect(provider.refundPayment(request)).rejects.toBeInstanceOf(PaymentProviderError);
        clock.advance(downMs);
        proxy.reset();
        const where = `${crash} step ${step}, ${steps[step - 1]}`;
        const refunded = await provider.refundPayment(request);
        expect(refunded, where).toMatchObject({ refundId: request.refundId, amountMinor: 400n, state: 'succeeded' });
        expect(dataOf(await client.get(`/v1/refunds?payment_intent=${paid.intent}`)), where).toHaveLength(1);
        const notes = dataOf(await client.get(`/v1/credit_notes?invoice=${paid.invoice}`));
        expect(
          notes.map(({ id, refunds }) => [id, refunds]),
          where,
        ).toEqual([
          [
            refunded.providerCreditNoteId,
            [{ amount_refunded: 400, payment_record_refund: null, refund: refunded.providerRefundId, type: 'refund' }],
          ],
        ]);
      }
    }
  });

  it('tells a refusal for good from a key that opens another account', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const provider = aProvider(sandbox.running.url);
    const paid = await aPaidInvoice(client);
    idOf(await client.post('/v1/refunds', { payment_intent: paid.intent, amount: 1000 }));
    expect(await provider.refundPayment(aRequest(paid))).toMatchObject({
      state: 'failed',
      providerRefundId: null,
      failure: { code: 'charge_already_refunded' },
    });
    const elsewhere = provider.refundPayment({ ...aRequest(paid), providerPaymentId: 'pi_elsewhere' });
    await expect(elsewhere).rejects.toBeInstanceOf(PaymentProviderError);
  });
});
