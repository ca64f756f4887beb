import { describe, expect, it } from 'vitest';
import { routes } from '../../../apps/stripe-sandbox/src/resources/routes.js';
import { aSandbox, dataOf, type Answer, type SandboxClient } from '../../support/stripe-sandbox/sandbox-client.js';
import { hasStripeSchemas, StripeSchemas } from '../../support/stripe-sandbox/stripe-schemas.js';

type Params = Readonly<Record<string, unknown>>;

/** Brackets as Stripe's SDK writes them. */
function toForm(params: Params, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([key, value]) => {
      const name = prefix === '' ? key : `${prefix}[${key}]`;
      return typeof value === 'object' && value !== null
        ? Object.entries(toForm(value as Params, name))
        : [[name, String(value)]];
    }),
  );
}

/** Sends requests that Stripe's types allow, and holds the answers against Stripe's types. */
class CheckingClient {
  readonly covered = new Set<string>();

  constructor(
    private readonly client: SandboxClient,
    private readonly schemas: StripeSchemas,
  ) {}

  async request(method: 'GET' | 'POST' | 'DELETE', path: string, params: Params = {}, status = 200): Promise<Answer> {
    const endpoint = this.schemas.endpoint(method, path);
    expect(this.schemas.requestFaults(endpoint, params), `request of ${method} ${path}`).toEqual([]);
    const form = toForm(params);
    const query = new URLSearchParams(form).toString();
    const answer =
      method === 'POST' ? await this.client.post(path, form) : await this.client.send(method, `${path}?${query}`);
    expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(status);
    if (status === 200) {
      expect(this.schemas.answerFaults(endpoint, answer.body), `answer of ${method} ${path}`).toEqual([]);
      this.covered.add(`${method} ${endpoint.path.replaceAll(/\{\w+\}/g, '{id}')}`);
    }
    return answer;
  }

  async id(method: 'POST', path: string, params: Params = {}): Promise<string> {
    return String((await this.request(method, path, params)).body['id']);
  }
}

// Compiling the schemas takes a few seconds.
const timeoutMs = 60_000;

describe('the sandbox against the published types of stripe (needs the derived schemas beside the repository)', () => {
  it.skipIf(!hasStripeSchemas)('has only endpoints and parameters that Stripe has', () => {
    const schemas = new StripeSchemas();
    for (const route of routes) {
      const known = schemas.parametersOf(schemas.endpoint(route.method, route.path));
      expect(known, `${route.method} ${route.path}`).toEqual(expect.arrayContaining(Object.keys(route.readers)));
    }
  });

  it.skipIf(!hasStripeSchemas)(
    'answers every endpoint, events included, in the shapes of Stripe',
    { timeout: timeoutMs },
    async () => {
      await using sandbox = await aSandbox();
      const schemas = new StripeSchemas();
      const stripe = new CheckingClient(sandbox.client, schemas);

      const address = { line1: '1 Main St', city: 'Bern', country: 'CH' };
      const customer = await stripe.id('POST', '/v1/customers', {
        name: 'Ada',
        email: 'a@b.test',
        address,
        metadata: { a: 'b' },
      });
      await stripe.request('POST', `/v1/customers/${customer}`, { phone: '+41', tax_exempt: 'reverse' });
      const card = await stripe.id('POST', '/v1/payment_methods/pm_card_visa/attach', { customer });
      const failing = await stripe.id('POST', '/v1/payment_methods/pm_card_chargeCustomerFail/attach', { customer });
      await stripe.request('POST', `/v1/customers/${customer}`, { invoice_settings: { default_payment_method: card } });
      await stripe.request('GET', `/v1/customers/${customer}`, { expand: ['invoice_settings.default_payment_method'] });
      await stripe.request('GET', '/v1/customers', { email: 'a@b.test', limit: 3 });
      await stripe.request('GET', `/v1/customers/${customer}/payment_methods`, { type: 'card' });
      await stripe.request('GET', '/v1/payment_methods', { customer, expand: ['data.customer'] });
      await stripe.request('GET', `/v1/payment_methods/${card}`);

      const setup = await stripe.id('POST', '/v1/setup_intents', { customer, usage: 'off_session' });
      await stripe.request(
        'POST',
        `/v1/setup_intents/${setup}/confirm`,
        { payment_method: 'pm_card_chargeDeclined' },
        402,
      );
      await stripe.request('GET', `/v1/setup_intents/${setup}`);
      await stripe.request('POST', `/v1/setup_intents/${setup}/confirm`, { payment_method: 'pm_card_mastercard' });

      const urls = { success_url: 'http://127.0.0.1/ok', cancel_url: 'http://127.0.0.1/back' };
      const mode = { mode: 'setup', currency: 'eur', allowed_payment_method_types: ['card'] };
      const session = await stripe.request('POST', '/v1/checkout/sessions', { ...mode, ...urls, customer });
      const body = new URLSearchParams({ number: '4242424242424242', expiry: '12/40', cvc: '123' });
      await fetch(String(session.body['url']), { method: 'POST', body, redirect: 'manual' });
      await stripe.request('GET', `/v1/checkout/sessions/${String(session.body['id'])}`, {
        expand: ['setup_intent.payment_method', 'customer'],
      });

      const draft = { customer, currency: 'usd', auto_advance: false, automatic_tax: { enabled: false } };
      const item = {
        customer,
        currency: 'usd',
        description: 'Calls',
        period: { start: 1, end: 2 },
        metadata: { line_id: 'l' },
      };
      const paid = await stripe.id('POST', '/v1/invoices', {
        ...draft,
        number: 'TG-1',
        metadata: { local_invoice_id: 'i' },
      });
      await stripe.request('POST', `/v1/invoices/${paid}`, { description: 'August', footer: 'Thanks' });
      const line = await stripe.id('POST', '/v1/invoiceitems', { ...item, invoice: paid, amount: 1500 });
      const wrong = await stripe.id('POST', '/v1/invoiceitems', { ...item, invoice: paid, amount: -100 });
      await stripe.request('DELETE', `/v1/invoiceitems/${wrong}`);
      await stripe.request('GET', `/v1/invoiceitems/${line}`, { expand: ['invoice', 'customer'] });
      await stripe.request('GET', '/v1/invoiceitems', { customer, pending: false });
      await stripe.request('GET', `/v1/invoices/${paid}/lines`, { limit: 100 });
      await stripe.request('POST', `/v1/invoices/${paid}/finalize`, { auto_advance: false });
      await stripe.request('POST', `/v1/invoices/${paid}/pay`, { payment_method: failing, off_session: true }, 402);
      const settled = await stripe.request('POST', `/v1/invoices/${paid}/pay`, {
        payment_method: card,
        expand: ['payments.data.payment.payment_intent'],
      });
      expect(settled.body['status']).toBe('paid');
      await stripe.request('GET', `/v1/invoices/${paid}`, { expand: ['customer', 'default_payment_method'] });
      await stripe.request('GET', '/v1/invoices', { customer, status: 'paid' });
      const [payment] = dataOf(await stripe.request('GET', '/v1/invoice_payments', { invoice: paid }));
      await stripe.request('GET', `/v1/invoice_payments/${String(payment!['id'])}`, { expand: ['invoice'] });
      const intent = String((payment!['payment'] as Params)['payment_intent']);
      const { body: charged } = await stripe.request('GET', `/v1/payment_intents/${intent}`);
      await stripe.request('GET', `/v1/charges/${String(charged['latest_charge'])}`, { expand: ['payment_intent'] });

      const refund = await stripe.id('POST', '/v1/refunds', {
        payment_intent: intent,
        amount: 200,
        reason: 'requested_by_customer',
        metadata: { local_refund_id: 'r' },
      });
      await stripe.request('POST', '/v1/refunds', { payment_intent: intent, amount: 1400 }, 400);
      await stripe.request('POST', '/v1/credit_notes', {
        invoice: paid,
        amount: 500,
        refunds: [{ refund, amount_refunded: 200 }],
        refund_amount: 300,
      });
      await stripe.request('POST', `/v1/refunds/${refund}`, { metadata: { a: 'b' } });
      await stripe.request('GET', `/v1/refunds/${refund}`, { expand: ['charge', 'payment_intent'] });
      await stripe.request('GET', '/v1/refunds', { payment_intent: intent, limit: 3 });

      const voided = await stripe.id('POST', '/v1/invoices', {
        ...draft,
        collection_method: 'send_invoice',
        days_until_due: 30,
      });
      await stripe.id('POST', '/v1/invoiceitems', { ...item, invoice: voided, amount: 900 });
      await stripe.request('POST', `/v1/invoices/${voided}/finalize`);
      const note = await stripe.id('POST', '/v1/credit_notes', {
        invoice: voided,
        amount: 300,
        memo: 'Sorry',
        email_type: 'none',
        reason: 'order_change',
        metadata: { local_credit_note_id: 'n' },
      });
      await stripe.request('GET', `/v1/credit_notes/${note}`, { expand: ['invoice', 'customer'] });
      await stripe.request('POST', '/v1/credit_notes', { invoice: paid, amount: 100, out_of_band_amount: 100 });
      await stripe.request('GET', '/v1/credit_notes', { invoice: voided, limit: 3 });
      await stripe.request('POST', `/v1/invoices/${voided}/mark_uncollectible`);
      await stripe.request('POST', `/v1/invoices/${voided}/void`);
      await stripe.request('DELETE', `/v1/invoices/${await stripe.id('POST', '/v1/invoices', draft)}`);

      await stripe.request('POST', `/v1/payment_methods/${failing}/detach`);
      await stripe.request('DELETE', `/v1/customers/${customer}`);
      await stripe.request('GET', `/v1/customers/${customer}`);

      const events = dataOf(await stripe.request('GET', '/v1/events', { limit: 100 }));
      expect(events.length).toBeGreaterThan(40);
      await stripe.request('GET', `/v1/events/${String(events[0]!['id'])}`);
      expect([...stripe.covered].sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    },
  );
});
