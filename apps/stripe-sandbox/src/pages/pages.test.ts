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

const card = { number: '4242424242424242', expiry: '12/40', cvc: '123', name: '' };

async function aSession(client: SandboxClient): Promise<{ id: string; url: string; customer: string }> {
  const customer = idOf(await client.post('/v1/customers', { name: '<b>Ada</b>' }));
  const answer = await client.post('/v1/checkout/sessions', {
    mode: 'setup',
    customer,
    currency: 'usd',
    success_url: 'http://127.0.0.1:4000/ok?s={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:4000/back',
  });
  return { id: idOf(answer), url: String(answer.body['url']), customer };
}

function submit(url: string, entry: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(entry), redirect: 'manual' });
}

describe('the checkout page', () => {
  it('is one form without a script, says that payments are simulated, and escapes what it shows', async () => {
    await using sandbox = await aSandbox();
    const response = await fetch((await aSession(sandbox.client)).url);
    const html = await response.text();
    expect(html).toContain('Simulated payments');
    expect(html).toContain('&lt;b&gt;Ada&lt;/b&gt;');
    expect(html).not.toContain('<script');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    // Browsers follow form-action along the redirect to the success address.
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4000");
  });

  it('fills in a test card that was chosen by a link', async () => {
    await using sandbox = await aSandbox();
    const { url } = await aSession(sandbox.client);
    expect(await (await fetch(`${url}?card=4000000000000341`)).text()).toContain('value="4000 0000 0000 0341"');
  });

  it('saves the card, completes the session, sends the browser on, and cannot be used again', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const { id, url, customer } = await aSession(client);
    const saved = await submit(url, card);
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `http://127.0.0.1:4000/ok?s=${id}`]);
    const session = await client.get(`/v1/checkout/sessions/${id}?expand[]=setup_intent.payment_method`);
    expect(session.body).toMatchObject({
      status: 'complete',
      url: null,
      setup_intent: { status: 'succeeded', payment_method: { customer, card: { last4: '4242' } } },
    });
    expect((await client.get(`/v1/customers/${customer}`)).body).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect(await (await submit(url, card)).text()).toContain('The card is saved');
    expect(dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))).toHaveLength(1);
    const types = dataOf(await client.get('/v1/events')).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual([
      'checkout.session.completed',
      'setup_intent.succeeded',
      'payment_method.attached',
    ]);
  });

  it.each([
    [{ number: '4242424242424241' }, 'Your card number is incorrect.'],
    [{ number: '4111111111111111' }, 'use one of the test cards'],
    [{ expiry: '13/40' }, 'expiration month'],
    [{ expiry: '01/20' }, 'expiration year'],
    [{ cvc: '1' }, 'security code'],
    [{ number: '4000000000000002' }, 'Your card was declined.'],
    [{ number: '4000000000009995' }, 'insufficient funds'],
  ])('shows in place why %o was refused, and saves nothing', async (change, reason) => {
    await using sandbox = await aSandbox();
    const { url, customer, id } = await aSession(sandbox.client);
    const refused = await submit(url, { ...card, ...change });
    expect(refused.status).toBe(402);
    const html = await refused.text();
    expect(html).toContain('role="alert"');
    expect(html.replaceAll('&#39;', "'")).toContain(reason);
    expect(dataOf(await sandbox.client.get(`/v1/customers/${customer}/payment_methods`))).toEqual([]);
    expect((await sandbox.client.get(`/v1/checkout/sessions/${id}`)).body['status']).toBe('open');
  });

  it('expires after a day', async () => {
    const clock = new TestClock(1_790_000_000_000);
    await using sandbox = await aSandbox({ clock });
    const { id, url } = await aSession(sandbox.client);
    clock.advance(24 * 3600 * 1000);
    expect((await fetch(url)).status).toBe(410);
    expect((await sandbox.client.get(`/v1/checkout/sessions/${id}`)).body['status']).toBe('expired');
  });

  it('refuses an address to go on to that is not a web address', async () => {
    await using sandbox = await aSandbox();
    const form = { mode: 'setup', currency: 'usd', success_url: 'javascript:alert(1)' };
    expect((await sandbox.client.post('/v1/checkout/sessions', form)).status).toBe(400);
  });
});

describe('the invoice page', () => {
  it('shows a finalized invoice and its PDF, and no draft', async () => {
    await using sandbox = await aSandbox();
    const { client, running } = sandbox;
    const invoice = await aDraft(client, await aCustomer(client), [123_456]);
    expect((await fetch(`${running.url}/i/${invoice}`)).status).toBe(404);
    idOf(await client.post(`/v1/invoices/${invoice}/finalize`));
    const html = await (await fetch(`${running.url}/i/${invoice}`)).text();
    expect(html).toContain('$1,234.56');
    const pdf = Buffer.from(await (await fetch(`${running.url}/i/${invoice}/pdf`)).arrayBuffer()).toString('latin1');
    expect(pdf).toContain('USD 1,234.56');
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
    expect(pdf.slice(table, table + 4)).toBe('xref');
    const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map((entry) => Number(entry[1]));
    for (const [index, offset] of offsets.entries())
      expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`));
  });
});

describe('the server', () => {
  it('says that it is there without asking for a key', async () => {
    await using sandbox = await aSandbox();
    expect((await fetch(`${sandbox.running.url}/healthz`)).status).toBe(200);
  });

  it('listens on this machine only, and answers only under its names', async () => {
    await expect(aSandbox({ host: '0.0.0.0' })).rejects.toThrow('refused');
    await using sandbox = await aSandbox();
    const { get } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'evil.example' };
      get(sandbox.running.url, { headers }, (response) => resolve(response.statusCode)).on('error', reject);
    });
    expect(status).toBe(403);
  });
});
