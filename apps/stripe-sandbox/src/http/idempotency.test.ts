import { describe, expect, it } from 'vitest';
import {
  aCustomer,
  aDraft,
  aSandbox,
  dataOf,
  TestClock,
  testKey,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';
import { MovableClock, systemClock } from '../clock.js';
import { Sandbox } from '../sandbox.js';
import { Store } from '../state/store.js';
import { WebhookDelivery } from '../webhooks/delivery.js';
import { Api } from './api.js';

const key = { 'idempotency-key': 'inv:1:create' };

describe('an idempotency key', () => {
  it('replays the first answer and does nothing again', async () => {
    await using sandbox = await aSandbox();
    const first = await sandbox.client.post('/v1/customers', { name: 'Ada' }, key);
    const again = await sandbox.client.post('/v1/customers', { name: 'Ada' }, key);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(dataOf(await sandbox.client.get('/v1/customers'))).toHaveLength(1);
  });

  it('refuses other parameters and another endpoint', async () => {
    await using sandbox = await aSandbox();
    await sandbox.client.post('/v1/customers', { name: 'Ada' }, key);
    const otherParameters = await sandbox.client.post('/v1/customers', { name: 'Bob' }, key);
    expect(otherParameters.status).toBe(400);
    expect(otherParameters.body).toMatchObject({
      error: { type: 'idempotency_error', message: expect.stringContaining('same parameters') },
    });
    const otherEndpoint = await sandbox.client.post('/v1/setup_intents', {}, key);
    expect(otherEndpoint.body).toMatchObject({
      error: { type: 'idempotency_error', message: expect.stringContaining('same endpoint') },
    });
  });

  it('replays a decline too, so that a repeated request never charges again', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const customer = await aCustomer(client, 'pm_card_chargeCustomerFail');
    const card = dataOf(await client.get(`/v1/customers/${customer}/payment_methods`))[0]!;
    const invoice = await aDraft(client, customer, [500]);
    const pay = { payment_method: String(card['id']) };
    const first = await client.post(`/v1/invoices/${invoice}/pay`, pay, key);
    const again = await client.post(`/v1/invoices/${invoice}/pay`, pay, key);
    expect([first.status, again.status]).toEqual([402, 402]);
    expect(again.body).toEqual(first.body);
    expect(dataOf(await client.get('/v1/events?type=charge.failed'))).toHaveLength(1);
  });

  it('replays a failure of its own for a day too, and does what is asked for under another key', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const create = (headers: Record<string, string>) => client.post('/v1/customers', { name: 'Ada' }, headers);
    const failed = await create({ ...key, 'sandbox-fault': 'error' });
    const again = await create(key);
    expect([failed.status, again.status]).toEqual([500, 500]);
    expect([failed, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(dataOf(await client.get('/v1/customers'))).toEqual([]);
    expect((await create({ 'idempotency-key': 'another' })).status).toBe(200);
    const limited = { 'idempotency-key': 'limited' };
    expect((await create({ ...limited, 'sandbox-fault': 'rate_limit' })).status).toBe(429);
    expect((await create(limited)).status).toBe(200);
  });

  it('keeps nothing of a request whose parameters were not valid', async () => {
    await using sandbox = await aSandbox();
    expect((await sandbox.client.post('/v1/customers', { nmae: 'Ada' }, key)).status).toBe(400);
    expect((await sandbox.client.post('/v1/customers', { name: 'Ada' }, key)).status).toBe(200);
  });

  it('answers 409 while the first request is not on disk yet', async () => {
    const disk = Promise.withResolvers<void>();
    class SlowStore extends Store {
      override flushed(): Promise<void> {
        return disk.promise;
      }
    }
    const store = new SlowStore();
    const clock = new MovableClock(systemClock);
    const webhooks = new WebhookDelivery(store, clock, { secret: '' });
    const api = new Api(new Sandbox(store, clock, 'http://127.0.0.1', webhooks));
    const headers = { authorization: `Bearer ${testKey}`, ...key };
    const request = { method: 'POST', path: '/v1/customers', query: '', body: 'name=Ada', headers };
    const first = api.answer(request);
    const second = await api.answer(request);
    expect(second.status).toBe(409);
    expect(JSON.parse(second.body)).toMatchObject({ error: { code: 'idempotency_key_in_use' } });
    disk.resolve();
    expect((await first).status).toBe(200);
    expect((await api.answer(request)).headers).toMatchObject({ 'idempotent-replayed': 'true' });
  });

  it('is forgotten after a day', async () => {
    const clock = new TestClock(1_790_000_000_000);
    await using sandbox = await aSandbox({ clock });
    await sandbox.client.post('/v1/customers', { name: 'Ada' }, key);
    clock.advance(24 * 3600 * 1000);
    await sandbox.client.post('/v1/customers', { name: 'Ada' }, key);
    expect(dataOf(await sandbox.client.get('/v1/customers'))).toHaveLength(2);
  });

  it('is taken on POST only, and up to 255 characters', async () => {
    await using sandbox = await aSandbox();
    const tooLong = { 'idempotency-key': 'k'.repeat(256) };
    expect((await sandbox.client.post('/v1/customers', {}, tooLong)).status).toBe(400);
    expect((await sandbox.client.get('/v1/customers', tooLong)).status).toBe(200);
  });
});
