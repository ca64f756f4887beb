import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/eventually.js';
import {
  aSandbox,
  dataOf,
  idOf,
  TestClock,
  type TestSandbox,
} from '../../../../test/support/stripe-sandbox/sandbox-client.js';

const start = 1_800_000_000;
const day = 24 * 3600;

function control(sandbox: TestSandbox, action: string, form: Record<string, string>, headers = {}): Promise<Response> {
  const url = `${sandbox.running.url}/control/${action}`;
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });
}

async function listening(answer: (count: number, body: string) => { status: number; body?: string }) {
  let count = 0;
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      const { status, body } = answer(count++, bodies.at(-1)!);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, [Symbol.asyncDispose]: dispose };
}

describe('the clock', () => {
  it('goes ahead and never back, over restarts too, tells the endpoints, and lets things happen that are due', async () => {
    const stateFile = path.join(mkdtempSync(path.join(tmpdir(), 'sandbox-')), 'state.jsonl');
    const clock = new TestClock(start * 1000);
    {
      await using sandbox = await aSandbox({ clock, stateFile });
      const { client } = sandbox;
      const customer = idOf(await client.post('/v1/customers', { payment_method: 'pm_card_visa' }));
      idOf(
        await client.post(`/v1/customers/${customer}`, { 'invoice_settings[default_payment_method]': 'pm_card_visa' }),
      );
      idOf(await client.post('/v1/invoiceitems', { customer, amount: 800, currency: 'usd' }));
      const advancing = { customer, pending_invoice_items_behavior: 'include', auto_advance: 'true' };
      const invoice = idOf(await client.post('/v1/invoices', advancing));
      expect((await control(sandbox, 'clock', { by: String(day * 1000) })).headers.get('location')).toBe('/control');
      expect((await client.get(`/v1/invoices/${invoice}`)).body).toMatchObject({ status: 'paid' });
      const [event] = dataOf(await client.get('/v1/events?type=test_helpers.test_clock.ready'));
      expect(event).toMatchObject({ created: start + day, data: { object: { frozen_time: start + day } } });
      const back = await control(sandbox, 'clock', { to: '2020-01-01T00:00' });
      expect(back.headers.get('location')).toMatch(/problem=The%20clock%20never/);
      for (const by of ['Infinity', '9e15']) {
        expect((await control(sandbox, 'clock', { by })).headers.get('location')).toMatch(/problem=Give%20the%20time/);
      }
    }
    await using restarted = await aSandbox({ clock, stateFile });
    expect((await restarted.client.post('/v1/products', { name: 'x' })).body).toMatchObject({ created: start + day });
  });

  it('keeps with the one that it is told to follow', async () => {
    await using elsewhere = await listening(() => ({ status: 200, body: '{"now":"2028-05-05T00:00:00.000Z"}' }));
    await using sandbox = await aSandbox({ clock: new TestClock(start * 1000), clockUrl: elsewhere.url });
    const created = async () => (await sandbox.client.post('/v1/customers')).body['created'];
    await eventually(created, (at) => at === Date.UTC(2028, 4, 5) / 1000);
  });

  it('brings a webhook whose next attempt was to come later', async () => {
    await using endpoint = await listening((count) => ({ status: count === 0 ? 500 : 200 }));
    const webhook = { url: endpoint.url, secret: 'whsec_1', retryDelaysMs: [day * 1000] };
    await using sandbox = await aSandbox({ clock: new TestClock(start * 1000), webhook });
    await sandbox.client.post('/v1/customers');
    const pending = async () =>
      dataOf(await sandbox.client.get('/v1/events?type=customer.created'))[0]!['pending_webhooks'];
    await eventually(
      () => endpoint.bodies,
      (bodies) => bodies.length === 1,
    );
    await control(sandbox, 'clock', { by: String(2 * day * 1000) });
    await eventually(pending, (count) => count === 0);
  });
});

describe('webhooks', () => {
  it('come late when asked to, and again by hand whatever became of them', async () => {
    await using endpoint = await listening(() => ({ status: 200 }));
    await using sandbox = await aSandbox({
      clock: new TestClock(start * 1000),
      webhook: { url: endpoint.url, secret: 'whsec_1' },
    });
    const idOfBody = (body: string) => (JSON.parse(body) as { id: string }).id;
    await control(sandbox, 'webhooks', { delay: '3600' });
    await sandbox.client.post('/v1/customers', { name: 'late' });
    await control(sandbox, 'webhooks', {});
    await sandbox.client.post('/v1/customers', { name: 'at once' });
    await eventually(
      () => endpoint.bodies,
      (bodies) => bodies.length === 1,
    );
    expect(endpoint.bodies[0]).toContain('at once');
    await control(sandbox, 'clock', { by: '3600000' });
    await eventually(
      () => endpoint.bodies,
      (bodies) => bodies.some((body) => body.includes('"late"')),
    );
    const first = idOfBody(endpoint.bodies[0]!);
    await control(sandbox, 'resend', { event: first });
    await eventually(
      () => endpoint.bodies,
      (bodies) => bodies.filter((body) => idOfBody(body) === first).length === 2,
    );
    expect(await (await fetch(`${sandbox.running.url}/control`)).text()).toContain('delivered');
  });

  it('are signed with every secret while one is being rolled, and go to the endpoints that requests create', async () => {
    const headers: string[] = [];
    await using configured = await listening(() => ({ status: 200 }));
    const server = createServer((request, response) => {
      headers.push(String(request.headers['stripe-signature']));
      request.resume().on('end', () => response.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await using sandbox = await aSandbox({ webhook: { url, secret: 'whsec_new,whsec_old' } });
    const { client } = sandbox;
    const form = { url: configured.url, 'enabled_events[0]': 'coupon.created' };
    const created = await client.post('/v1/webhook_endpoints', form);
    expect(created.body['secret']).toMatch(/^whsec_/);
    await client.post('/v1/customers');
    await client.post('/v1/coupons', { percent_off: 5 });
    await eventually(
      () => configured.bodies,
      (bodies) => bodies.length === 1,
    );
    expect(configured.bodies[0]).toContain('"pending_webhooks": 2');
    await eventually(
      () => headers,
      (all) => all.length === 2,
    );
    expect(headers[0]).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    server.closeAllConnections();
    server.close();
  });
});

describe('faults', () => {
  it('are asked for by a header for one request: not done with 500 and 429, done without an answer', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const fail = (kind: string) => client.post('/v1/customers', { name: kind }, { 'sandbox-fault': kind });
    expect((await fail('error')).body).toMatchObject({ error: { type: 'api_error' } });
    const limited = await fail('rate_limit');
    expect([limited.status, limited.headers.get('stripe-rate-limited-reason')]).toEqual([429, 'global-rate']);
    await expect(fail('timeout')).rejects.toThrow();
    expect(dataOf(await client.get('/v1/customers')).map(({ name }) => name)).toEqual(['timeout']);
  });

  it('happen to the share that was set, the same for the same seed, until it is set to nothing', async () => {
    await using sandbox = await aSandbox();
    const { client } = sandbox;
    const statuses = async (): Promise<number[]> => {
      await control(sandbox, 'faults', { error: '30', rate_limit: '20', seed: '7' });
      const all = [];
      for (let index = 0; index < 40; index++) all.push((await client.get('/v1/customers')).status);
      return all;
    };
    const first = await statuses();
    expect(await statuses()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 429, 500]));
    const state = (await (await fetch(`${sandbox.running.url}/control/state`)).json()) as object;
    const happened = { error: first.filter((status) => status === 500).length };
    expect(state).toMatchObject({ faults: { error: 30, happened } });
    await control(sandbox, 'faults', {});
    expect((await client.get('/v1/customers')).status).toBe(200);
    const wrong = await control(sandbox, 'faults', { error: '90', timeout: '20' });
    expect(wrong.headers.get('location')).toMatch(/problem=Shares/);
  });

  it('cannot be set by a page elsewhere', async () => {
    await using sandbox = await aSandbox();
    const refused = await control(sandbox, 'faults', { error: '100' }, { 'sec-fetch-site': 'cross-site' });
    expect(refused.status).toBe(403);
    expect((await sandbox.client.get('/v1/customers')).status).toBe(200);
  });
});
