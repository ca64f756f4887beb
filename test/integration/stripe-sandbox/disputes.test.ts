import { describe, expect, it } from 'vitest';
import {
  type SandboxClient,
  type StripeBody,
  TestClock,
  aCustomer,
  aSandbox,
  dataOf,
  idOf,
} from '../../support/stripe-sandbox/sandbox-client.js';

const startMs = 1_790_000_000_000;
const day = 86_400_000;

/** A charge over 10.00 by the card. */
async function aCharge(client: SandboxClient, card: string): Promise<StripeBody> {
  const customer = await aCustomer(client, card);
  const [method] = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`));
  const intent = await client.post('/v1/payment_intents', {
    amount: 1000,
    currency: 'usd',
    customer,
    payment_method: String(method!['id']),
    confirm: 'true',
    off_session: 'true',
  });
  return { id: String(intent.body['latest_charge']), intent: idOf(intent) };
}

const disputesOf = async (client: SandboxClient, charge: unknown) =>
  dataOf(await client.get(`/v1/disputes?charge=${String(charge)}`));

/** Newest last. */
const disputeEvents = async (client: SandboxClient) =>
  dataOf(await client.get('/v1/events?limit=100'))
    .map(({ type }) => String(type))
    .filter((type) => type.startsWith('charge.dispute.'))
    .reverse();

describe('a dispute in the sandbox', () => {
  it('takes the money of a test card that disputes, and winning evidence brings it back', async () => {
    const clock = new TestClock(startMs);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const { id: charge, intent } = await aCharge(client, 'pm_card_createDispute');
    expect(await disputesOf(client, charge)).toEqual([]);
    clock.advance(3_000);
    const [dispute] = await disputesOf(client, charge);
    expect(dispute).toMatchObject({
      amount: 1000,
      charge,
      payment_intent: intent,
      reason: 'fraudulent',
      status: 'needs_response',
      is_charge_refundable: false,
      balance_transactions: [{ amount: -1000, fee: 1500, net: -2500, reporting_category: 'dispute' }],
      evidence_details: { has_evidence: false, past_due: false, submission_count: 0 },
    });
    expect((await client.get(`/v1/charges/${String(charge)}`)).body['disputed']).toBe(true);
    const refund = await client.post('/v1/refunds', { charge: String(charge) });
    expect(refund.body['error']).toMatchObject({ code: 'charge_disputed' });

    const path = `/v1/disputes/${String(dispute!['id'])}`;
    const kept = await client.post(path, { 'evidence[customer_name]': 'Ada', submit: 'false' });
    expect(kept.body).toMatchObject({ status: 'needs_response', evidence_details: { has_evidence: true } });
    const submitted = await client.post(path, { 'evidence[uncategorized_text]': 'winning_evidence' });
    expect(submitted.body).toMatchObject({
      status: 'under_review',
      evidence: { customer_name: 'Ada' },
      evidence_details: { submission_count: 1, submission_method: 'manual' },
    });
    expect((await client.post(path, { 'evidence[customer_name]': 'Eve' })).status).toBe(400);
    expect((await client.post(`${path}/close`)).status).toBe(400);
    clock.advance(3_000);
    expect((await client.get(path)).body).toMatchObject({
      status: 'won',
      balance_transactions: [{ net: -2500 }, { amount: 1000, net: 2500, reporting_category: 'dispute_reversal' }],
    });
    expect(await disputeEvents(client)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    expect((await client.post('/v1/refunds', { charge: String(charge) })).status).toBe(200);
  });

  it('is lost by losing evidence, by giving it up, and by no answer in time', async () => {
    const clock = new TestClock(startMs);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const charges = [];
    for (let count = 0; count < 3; count++)
      charges.push(await aCharge(client, 'pm_card_createDisputeProductNotReceived'));
    clock.advance(3_000);
    const [first, second, third] = await Promise.all(
      charges.map(async ({ id }) => `/v1/disputes/${String((await disputesOf(client, id))[0]!['id'])}`),
    );
    await client.post(first!, { 'evidence[uncategorized_text]': 'losing_evidence', submit: 'true' });
    expect((await client.post(`${second!}/close`)).body).toMatchObject({ status: 'lost' });
    clock.advance(3_000);
    expect((await client.get(first!)).body['status']).toBe('lost');
    expect((await client.get(third!)).body['status']).toBe('needs_response');
    clock.advance(14 * day);
    expect((await client.get(third!)).body).toMatchObject({
      status: 'lost',
      reason: 'product_not_received',
      balance_transactions: [{ net: -2500 }],
      evidence_details: { past_due: true },
    });
    expect((await client.post(`${third!}/close`)).status).toBe(400);
    const intent = String(charges[0]!['intent']);
    expect(dataOf(await client.get(`/v1/disputes?payment_intent=${intent}`))).toHaveLength(1);
    expect((await client.get('/v1/disputes/dp_none')).status).toBe(404);
  });

  it('that only inquires takes no money, until the bank escalates it', async () => {
    const clock = new TestClock(startMs);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const answered = await aCharge(client, 'pm_card_createDisputeInquiry');
    const escalated = await aCharge(client, 'pm_card_createDisputeInquiry');
    clock.advance(3_000);
    const pathOf = async ({ id }: StripeBody) => `/v1/disputes/${String((await disputesOf(client, id))[0]!['id'])}`;
    const [path, other] = [await pathOf(answered), await pathOf(escalated)];
    const refunded = await client.post('/v1/refunds', { charge: String(answered['id']), amount: 100 });
    expect(refunded.status).toBe(200);
    await client.post(path, { 'evidence[uncategorized_text]': 'winning_evidence' });
    expect((await client.get(path)).body).toMatchObject({ status: 'warning_under_review', balance_transactions: [] });
    await client.post(other, { 'evidence[uncategorized_text]': 'escalate_inquiry_evidence' });
    clock.advance(3_000);
    expect((await client.get(path)).body).toMatchObject({ status: 'warning_closed', balance_transactions: [] });
    expect((await client.get(other)).body).toMatchObject({
      status: 'needs_response',
      balance_transactions: [{ amount: -1000 }],
      is_charge_refundable: false,
    });
  });

  it('is made and decided on the control page, once', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { id: charge } = await aCharge(client, 'pm_card_visa');
    const submit = async (action: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields);
      const answer = await fetch(`${sandbox.running.url}/control/${action}`, {
        method: 'POST',
        body,
        redirect: 'manual',
      });
      return answer.headers.get('location');
    };
    const page = async () => (await fetch(`${sandbox.running.url}/control`)).text();
    expect(await page()).toContain(`value="${String(charge)}"`);
    expect(await submit('dispute', { charge: String(charge) })).toBe('/control');
    expect(await submit('dispute', { charge: String(charge) })).toMatch(/problem=Charge/);
    expect(await submit('dispute', { charge: 'ch_none' })).toMatch(/problem=No%20such%20charge/);
    const [dispute] = await disputesOf(client, charge);
    expect(await page()).toContain('Decide: won');
    expect(await submit('decide', { dispute: String(dispute!['id']), outcome: 'lost' })).toBe('/control');
    expect(await submit('decide', { dispute: String(dispute!['id']), outcome: 'won' })).toMatch(/problem=This/);
    expect((await disputesOf(client, charge))[0]).toMatchObject({ status: 'lost' });
    expect(await page()).not.toContain('Decide: won');
  });
});
