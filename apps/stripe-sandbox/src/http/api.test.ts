import { describe, expect, it } from 'vitest';
import { aSandbox, idOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

describe('authentication', () => {
  it('takes a test key as a bearer token and as the user of basic authentication', async () => {
    await using sandbox = await aSandbox();
    const basic = `Basic ${Buffer.from('sk_test_1:').toString('base64')}`;
    expect((await sandbox.client.get('/v1/customers', { authorization: basic })).status).toBe(200);
    expect((await sandbox.client.get('/v1/customers', { authorization: 'Bearer sk_test_1' })).status).toBe(200);
  });

  it('answers 401 to no key, a live key and any other key, and never repeats the key', async () => {
    await using sandbox = await aSandbox();
    for (const authorization of ['', 'Bearer sk_live_abcdefgh12345678', 'Bearer whatever12345678']) {
      const answer = await sandbox.client.get('/v1/customers', { authorization });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ error: { type: 'invalid_request_error' } });
      expect(JSON.stringify(answer.body)).not.toMatch(/abcdefgh|ever1234/);
    }
  });
});

describe('requests', () => {
  it('answers an unknown URL with 404 and says which', async () => {
    await using sandbox = await aSandbox();
    for (const [method, path] of [
      ['GET', '/v1/quotes'],
      ['DELETE', '/v1/invoices'],
      ['GET', '/v1/customers/cus_1/sources'],
    ] as const) {
      const answer = await sandbox.client.send(method, path);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({
        error: {
          type: 'invalid_request_error',
          message: expect.stringContaining(`Unrecognized request URL (${method}: ${path})`),
        },
      });
    }
  });

  it('carries the request id, the version and the idempotency key in headers', async () => {
    await using sandbox = await aSandbox();
    const { headers } = await sandbox.client.post(
      '/v1/customers',
      {},
      { 'stripe-version': '2026-10-28.endive', 'idempotency-key': 'k' },
    );
    expect(headers.get('request-id')).toMatch(/^req_\w{14}$/);
    expect(headers.get('stripe-version')).toBe('2026-10-28.endive');
    expect(headers.get('idempotency-key')).toBe('k');
  });

  it.each([
    ['/v1/customers', { nickname: 'x' }, 'parameter_unknown', 'nickname'],
    ['/v1/customers', { 'invoice_settings[mood]': 'x' }, 'parameter_unknown', 'invoice_settings[mood]'],
    ['/v1/invoices', {}, 'parameter_missing', 'customer'],
    ['/v1/invoiceitems', { amount: '12.5' }, 'parameter_invalid_integer', 'amount'],
    ['/v1/invoices', { customer: '' }, 'parameter_invalid_empty', 'customer'],
    ['/v1/invoices', { customer: 'cus_none' }, 'resource_missing', 'customer'],
  ] as const)('refuses POST %s with %o as %s', async (path, form, code, param) => {
    await using sandbox = await aSandbox();
    const answer = await sandbox.client.post(path, form);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { type: 'invalid_request_error', code, param } });
  });

  it('answers 404 resource_missing for an id in the path that does not exist', async () => {
    await using sandbox = await aSandbox();
    const answer = await sandbox.client.get('/v1/invoices/in_none');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      error: { code: 'resource_missing', param: 'id', doc_url: 'https://stripe.com/docs/error-codes/resource-missing' },
    });
  });

  it('refuses a body that is not a form', async () => {
    await using sandbox = await aSandbox();
    const answer = await sandbox.client.send('POST', '/v1/customers', '{}', { 'content-type': 'application/json' });
    expect(answer.status).toBe(400);
  });

  it('leaves nothing behind of a request that fails', async () => {
    await using sandbox = await aSandbox();
    const failed = await sandbox.client.post('/v1/customers', {
      name: 'Half',
      payment_method: 'pm_card_chargeDeclined',
    });
    expect(failed.status).toBe(402);
    expect((await sandbox.client.get('/v1/customers')).body['data']).toEqual([]);
    expect((await sandbox.client.get('/v1/events')).body['data']).toEqual([]);
  });
});

describe('metadata', () => {
  it('merges keys, drops a key set to nothing, and clears all when set to nothing as a whole', async () => {
    await using sandbox = await aSandbox();
    const id = idOf(await sandbox.client.post('/v1/customers', { 'metadata[a]': '1', 'metadata[b]': '2' }));
    const path = `/v1/customers/${id}`;
    const merged = await sandbox.client.post(path, { 'metadata[b]': '', 'metadata[c]': '3' });
    expect(merged.body['metadata']).toEqual({ a: '1', c: '3' });
    expect((await sandbox.client.post(path, { name: 'x' })).body['metadata']).toEqual({ a: '1', c: '3' });
    expect((await sandbox.client.post(path, { metadata: '' })).body['metadata']).toEqual({});
  });
});

describe('expand', () => {
  it('replaces ids by objects, in lists through data., and several levels deep', async () => {
    await using sandbox = await aSandbox();
    const customer = idOf(await sandbox.client.post('/v1/customers', { name: 'Ada' }));
    const invoice = idOf(await sandbox.client.post('/v1/invoices', { customer }));
    const one = await sandbox.client.get(`/v1/invoices/${invoice}?expand[]=customer`);
    expect(one.body).toMatchObject({ customer: { id: customer, name: 'Ada' } });
    const all = await sandbox.client.get('/v1/invoices?expand[0]=data.customer');
    expect(all.body).toMatchObject({ data: [{ customer: { id: customer } }] });
    const deep = `/v1/invoices/${invoice}?expand[]=customer.invoice_settings.default_payment_method`;
    expect((await sandbox.client.get(deep)).body).toMatchObject({
      customer: { invoice_settings: { default_payment_method: null } },
    });
  });

  it('refuses a field that cannot be expanded, and more than four levels', async () => {
    await using sandbox = await aSandbox();
    const customer = idOf(await sandbox.client.post('/v1/customers'));
    for (const path of ['name', 'a.b.c.d.e']) {
      expect((await sandbox.client.get(`/v1/customers/${customer}?expand[]=${path}`)).status).toBe(400);
    }
    const missingData = await sandbox.client.get('/v1/customers?expand[]=invoice_settings.default_payment_method');
    expect(missingData.body).toMatchObject({ error: { message: expect.stringContaining("try expanding 'data.") } });
  });
});
