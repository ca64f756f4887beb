import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aDraft,
  aSandbox,
  dataOf,
  idOf,
  TestClock,
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
    expect((await client.get(`/v1/refunds/${id}`)).body['status']).toBe(after);
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
