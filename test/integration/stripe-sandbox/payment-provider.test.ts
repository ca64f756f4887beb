import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PaymentProviderError, WebhookSignatureError } from '#domain';
import { createStripePaymentProvider } from '#stripe';
import { eventually } from '../../support/eventually.js';
import { aSandbox, dataOf, testKey } from '../../support/stripe-sandbox/sandbox-client.js';

const webhookSecret = 'whsec_provider';
const organization = { organizationId: 'org-1', name: 'Ada Ltd', email: 'billing@ada.test' };

function aProvider(apiBase: string, secretKey = testKey) {
  return createStripePaymentProvider({ secretKey, apiBase, webhookSecret, allowLive: false });
}

function submitCard(url: string, number: string): Promise<Response> {
  const body = new URLSearchParams({ number, expiry: '12 / 40', cvc: '123', name: 'Ada' });
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

describe('customers', () => {
  it('are one per organization, also when asked for twice at once', async () => {
    await using sandbox = await aSandbox();
    const provider = aProvider(sandbox.running.url);
    const [first, second] = await Promise.all([
      provider.ensureCustomer(organization),
      provider.ensureCustomer(organization),
    ]);
    const renamed = await provider.ensureCustomer({ ...organization, name: 'Ada Inc' });
    expect([second, renamed]).toEqual([first, first]);
    expect(dataOf(await sandbox.client.get('/v1/customers')).map(({ name }) => name)).toEqual(['Ada Inc']);
    const other = await provider.ensureCustomer({ ...organization, organizationId: 'org-2' });
    expect(other).not.toEqual(first);
  });
});

describe('saving a card', () => {
  it('goes through the hosted page, and the newest card is charged next unless a default is set', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const provider = aProvider(sandbox.running.url);
    const { providerCustomerId } = await provider.ensureCustomer(organization);
    expect(await provider.defaultPaymentMethod(providerCustomerId)).toBeNull();
    const request = {
      providerCustomerId,
      organizationId: organization.organizationId,
      successUrl: 'http://127.0.0.1:4000/billing?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'http://127.0.0.1:4000/billing',
      currency: 'EUR',
    };
    const { url, sessionId } = await provider.createSetupSession(request);
    const saved = await submitCard(url, '4242 4242 4242 4242');
    expect([saved.status, saved.headers.get('location')]).toEqual([
      303,
      `http://127.0.0.1:4000/billing?session=${sessionId}`,
    ]);
    const visa = await provider.defaultPaymentMethod(providerCustomerId);
    expect(visa).toMatchObject({ brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 });
    await submitCard((await provider.createSetupSession(request)).url, '5555555555554444');
    expect(await provider.defaultPaymentMethod(providerCustomerId)).toMatchObject({ brand: 'mastercard' });
    await client.post(`/v1/customers/${providerCustomerId}`, {
      'invoice_settings[default_payment_method]': visa!.id,
    });
    expect(await provider.defaultPaymentMethod(providerCustomerId)).toEqual(visa);
  });
});

describe('the page of cards and invoices', () => {
  it('lets a card be added and nothing be canceled, and leads back', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const provider = aProvider(sandbox.running.url);
    const { providerCustomerId } = await provider.ensureCustomer(organization);
    const returnUrl = 'http://127.0.0.1:4000/dashboard/billing';
    const { url } = await provider.createPortalSession({ providerCustomerId, returnUrl });
    const again = await provider.createPortalSession({ providerCustomerId, returnUrl });
    expect(again.url).not.toBe(url);
    const [own, ...others] = dataOf(await client.get('/v1/billing_portal/configurations'));
    expect(others).toEqual([]);
    expect(own!['features']).toMatchObject({
      customer_update: { enabled: false },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: false },
    });
    const page = await (await fetch(url)).text();
    expect(page).toContain(`href="${returnUrl}"`);
    const body = new URLSearchParams({ action: 'add_card', number: '4242424242424242', expiry: '12/40', cvc: '123' });
    await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect(await provider.defaultPaymentMethod(providerCustomerId)).toMatchObject({ last4: '4242' });
  });
});

describe('webhooks', () => {
  it('are read when Stripe signed them, and refused when forged, altered or unsigned', async () => {
    const received: { body: Buffer; signature: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ body: Buffer.concat(chunks), signature: String(request.headers['stripe-signature']) });
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await using sandbox = await aSandbox({ webhook: { url, secret: webhookSecret } });
    const provider = aProvider(sandbox.running.url);
    const { providerCustomerId } = await provider.ensureCustomer(organization);
    const [first] = await eventually(
      () => received,
      (webhooks) => webhooks.length > 0,
    );
    const { body, signature } = first!;
    server.closeAllConnections();
    server.close();
    const event = provider.parseWebhook(body, signature);
    expect(event).toMatchObject({ type: 'customer.created', objectId: providerCustomerId, objectType: 'customer' });
    expect(event.id).toMatch(/^evt_/);
    expect(event.createdMs % 1000).toBe(0);
    const altered = Buffer.from(body.toString().replace('Ada Ltd', 'Eve Ltd'));
    const stranger = createStripePaymentProvider({
      secretKey: testKey,
      webhookSecret: 'whsec_other',
      allowLive: false,
    });
    const rolled = createStripePaymentProvider({
      secretKey: testKey,
      webhookSecret: `whsec_new, ${webhookSecret}`,
      allowLive: false,
    });
    expect(rolled.parseWebhook(body, signature)).toEqual(event);
    expect(() => rolled.parseWebhook(altered, signature)).toThrow(WebhookSignatureError);
    expect(() => provider.parseWebhook(altered, signature)).toThrow(WebhookSignatureError);
    expect(() => provider.parseWebhook(body, '')).toThrow(WebhookSignatureError);
    expect(() => stranger.parseWebhook(body, signature)).toThrow(WebhookSignatureError);
  });
});

describe('what Stripe refuses', () => {
  it('comes with its cause, and says whether to try again', async () => {
    await using sandbox = await aSandbox();
    const unknown = await aProvider(sandbox.running.url)
      .retrieveInvoice('in_none')
      .catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(PaymentProviderError);
    expect(unknown).toMatchObject({ code: 'payment_provider_refused', retryable: false });
    expect((unknown as Error).cause).toMatchObject({ code: 'resource_missing' });
    const badKey = aProvider(sandbox.running.url, 'nonsense').retrieveInvoice('in_none');
    await expect(badKey).rejects.toMatchObject({
      message: expect.stringContaining('check STRIPE_SECRET_KEY'),
      retryable: true,
    });
  });
});
