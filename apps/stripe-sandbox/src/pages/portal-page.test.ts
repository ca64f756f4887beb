import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aDraft,
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  type SandboxClient,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const card = { action: 'add_card', number: '4242424242424242', expiry: '12/40', cvc: '123', name: '' };

async function aVisit(client: SandboxClient, customer: string, more: Record<string, string> = {}) {
  const url = String((await client.post('/v1/billing_portal/sessions', { customer, ...more })).body['url']);
  const submit = (form: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  const show = async () => (await fetch(url)).text();
  return { url, submit, show };
}

describe('the billing portal', () => {
  it('saves a card and charges it from then on, or says why it cannot be saved', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = idOf(await client.post('/v1/customers', { name: 'Ada' }));
    const visit = await aVisit(client, customer);
    const refused = await visit.submit({ ...card, number: '4000000000000002' });
    expect([refused.status, await refused.text()]).toEqual([402, expect.stringContaining('Your card was declined.')]);
    expect((await visit.submit(card)).status).toBe(303);
    const [saved] = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`));
    expect((await client.get(`/v1/customers/${customer}`)).body).toMatchObject({
      invoice_settings: { default_payment_method: saved!['id'] },
    });
    const other = idOf(await client.post('/v1/customers', { payment_method: 'pm_card_visa' }));
    const confirmed = { customer: other, payment_method: 'pm_card_visa', confirm: 'true' };
    await fetch(`${visit.url}?saved=${idOf(await client.post('/v1/setup_intents', confirmed))}`);
    expect((await client.get(`/v1/customers/${other}`)).body).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect((await visit.submit({ action: 'remove_card', target: String(saved!['id']) })).status).toBe(303);
    expect(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))).toEqual([]);
  });

  it('lists the invoices, and cancels and keeps a subscription', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client);
    idOf(
      await client.post(`/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': 'pm_card_visa' }),
    );
    const invoice = await aDraft(client, customer, [900]);
    idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
    const price = idOf(
      await client.post('/v1/prices', {
        'product_data[name]': 'Plan <A>',
        currency: 'usd',
        unit_amount: 900,
        'recurring[interval]': 'month',
      }),
    );
    const subscription = idOf(await client.post('/v1/subscriptions', { customer, 'items[0][price]': price }));
    const visit = await aVisit(client, customer);
    const html = await visit.show();
    expect(html).toContain(`href="/i/${invoice}"`);
    expect(html).toContain('Plan &lt;A&gt;');
    const stateOf = async () => (await client.get(`/v1/subscriptions/${subscription}`)).body['cancel_at_period_end'];
    await visit.submit({ action: 'cancel', target: subscription });
    expect(await stateOf()).toBe(true);
    await visit.submit({ action: 'keep', target: subscription });
    expect(await stateOf()).toBe(false);
    const stranger = await aVisit(client, await aCustomer(client));
    expect((await stranger.submit({ action: 'cancel', target: subscription })).status).toBe(402);
    expect(await stateOf()).toBe(false);
  });

  it('does only what its configuration allows, and for an hour', async () => {
    const clock = new TestClock(1_800_000_000_000);
    await using sandbox = await aSandbox({ clock });
    const { client } = sandbox;
    const customer = await aCustomer(client);
    const configuration = idOf(
      await client.post('/v1/billing_portal/configurations', { 'features[invoice_history][enabled]': 'true' }),
    );
    const visit = await aVisit(client, customer, { configuration });
    await visit.submit(card);
    expect(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))).toHaveLength(1);
    clock.advance(3_600_000);
    expect((await fetch(visit.url)).status).toBe(410);
  });
});
