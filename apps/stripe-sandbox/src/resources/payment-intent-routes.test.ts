import { describe, expect, it } from 'vitest';
import {
  aSandbox,
  dataOf,
  idOf,
  type SandboxClient,
  type StripeBody,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const aPayment = { amount: 2000, currency: 'usd' };

/** What the cardholder answers on the page of the bank. */
async function answer(intent: StripeBody, decision: 'complete' | 'fail'): Promise<Response> {
  const action = intent['next_action'] as { redirect_to_url: { url: string } };
  return fetch(action.redirect_to_url.url, {
    method: 'POST',
    body: new URLSearchParams({ decision }),
    redirect: 'manual',
  });
}

async function intentOf(client: SandboxClient, id: unknown): Promise<StripeBody> {
  return (await client.get(`/v1/payment_intents/${String(id)}`)).body;
}

describe('a payment intent', () => {
  it('goes from its payment method over confirmation to success, and no further', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const id = idOf(await client.post('/v1/payment_intents', aPayment));
    const path = `/v1/payment_intents/${id}`;
    expect(await intentOf(client, id)).toMatchObject({ status: 'requires_payment_method' });
    expect((await client.post(`${path}/confirm`)).body).toMatchObject({
      error: { code: 'payment_intent_unexpected_state' },
    });
    expect((await client.post(path, { payment_method: 'pm_card_visa' })).body).toMatchObject({
      status: 'requires_confirmation',
    });
    const paid = await client.post(`${path}/confirm`);
    expect(paid.body).toMatchObject({ status: 'succeeded', amount_received: 2000 });
    expect(dataOf(await client.get(`/v1/charges?payment_intent=${id}`))).toMatchObject([
      { status: 'succeeded', captured: true },
    ]);
    for (const step of ['confirm', 'cancel', 'capture'])
      expect((await client.post(`${path}/${step}`)).status).toBe(400);
    expect((await client.post('/v1/payment_intents', { ...aPayment, amount: 49 })).body).toMatchObject({
      error: { code: 'amount_too_small' },
    });
  });

  it('holds the money until it is captured, in part too, or let go', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const held = { ...aPayment, capture_method: 'manual', payment_method: 'pm_card_visa', confirm: 'true' };
    const first = await client.post('/v1/payment_intents', held);
    expect(first.body).toMatchObject({ status: 'requires_capture', amount_capturable: 2000, amount_received: 0 });
    const path = `/v1/payment_intents/${idOf(first)}`;
    expect((await client.post(`${path}/capture`, { amount_to_capture: 2001 })).status).toBe(400);
    const captured = await client.post(`${path}/capture`, { amount_to_capture: 1200 });
    expect(captured.body).toMatchObject({ status: 'succeeded', amount_received: 1200, amount_capturable: 0 });
    const second = idOf(await client.post('/v1/payment_intents', held));
    const canceled = await client.post(`/v1/payment_intents/${second}/cancel`);
    expect(canceled.body).toMatchObject({ status: 'canceled', amount_capturable: 0 });
  });

  it('asks the cardholder where the card wants it: yes charges it, no refuses it', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const form = {
      ...aPayment,
      payment_method: 'pm_card_authenticationRequired',
      confirm: 'true',
      return_url: 'http://127.0.0.1:9/back',
    };
    const agreed = (await client.post('/v1/payment_intents', form)).body;
    const refused = (await client.post('/v1/payment_intents', form)).body;
    expect(agreed).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const back = await answer(agreed, 'complete');
    expect([back.status, back.headers.get('location')]).toEqual([303, 'http://127.0.0.1:9/back']);
    await answer(refused, 'fail');
    expect(await intentOf(client, agreed['id'])).toMatchObject({ status: 'succeeded', next_action: null });
    expect(await intentOf(client, refused['id'])).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect((await answer(agreed, 'complete')).status).toBe(410);
    const offSession = await client.post('/v1/payment_intents', { ...form, off_session: 'true' });
    expect(offSession.body).toMatchObject({ error: { code: 'authentication_required' } });
  });

  it('of an invoice waits for the cardholder, and pays the invoice', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = idOf(await client.post('/v1/customers'));
    idOf(await client.post('/v1/payment_methods/pm_card_threeDSecure2Required/attach', { customer }));
    idOf(await client.post('/v1/invoiceitems', { customer, amount: 700, currency: 'usd' }));
    const include = { customer, pending_invoice_items_behavior: 'include' };
    const invoice = idOf(await client.post('/v1/invoices', include));
    const method = { payment_method: 'pm_card_threeDSecure2Required' };
    const asked = await client.post(`/v1/invoices/${invoice}/pay`, method);
    expect(asked.status).toBe(402);
    expect(asked.body).toMatchObject({
      error: { code: 'invoice_payment_intent_requires_action', payment_intent: { status: 'requires_action' } },
    });
    expect(dataOf(await client.get('/v1/events?type=invoice.payment_action_required'))).toHaveLength(1);
    const { payment_intent: intent } = asked.body['error'] as { payment_intent: StripeBody };
    const page = await fetch(String((await client.get(`/v1/invoices/${invoice}`)).body['hosted_invoice_url']));
    expect(await page.text()).toContain(`/3ds/${String(intent['id'])}`);
    await answer(intent, 'complete');
    expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ status: 'paid', amount_paid: 700 });
    expect((await client.post(`/v1/payment_intents/${String(intent['id'])}/cancel`)).status).toBe(400);
  });
});

describe('a setup intent', () => {
  it('whose card asks the cardholder saves it only after a yes', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = idOf(await client.post('/v1/customers'));
    const form = {
      customer,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: 'true',
      return_url: 'http://127.0.0.1:9/back',
    };
    const refused = (await client.post('/v1/setup_intents', form)).body;
    expect(refused).toMatchObject({ status: 'requires_action' });
    await answer(refused, 'fail');
    expect(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))).toEqual([]);
    await answer((await client.post('/v1/setup_intents', form)).body, 'complete');
    const [saved] = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`));
    const paid = await client.post('/v1/payment_intents', {
      ...aPayment,
      customer,
      payment_method: String(saved!['id']),
      confirm: 'true',
    });
    expect(paid.body).toMatchObject({ status: 'succeeded' });
  });
});
