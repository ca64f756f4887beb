import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/eventually.js';
import { aSandbox, dataOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';
import { anEndpoint, hasCome } from '../../../../test/support/stripe-sandbox/webhook-receiver.js';
import { signatureHeader } from './signature.js';

const secret = 'whsec_test';

describe('webhooks', () => {
  it('are signed over the raw body, and marked as delivered once acknowledged', async () => {
    await using endpoint = await anEndpoint();
    await using sandbox = await aSandbox({ webhook: { url: endpoint.url, secret } });
    await sandbox.client.post('/v1/customers', { name: 'Ada' });
    const [delivered] = await eventually(() => endpoint.delivered, hasCome(1));
    const { headers, body, event } = delivered!;
    expect(event).toMatchObject({ type: 'customer.created', pending_webhooks: 1 });
    const timestamp = Number(/^t=(\d+)/.exec(String(headers['stripe-signature']))?.[1]);
    expect(headers['stripe-signature']).toBe(signatureHeader([secret], body, timestamp));
    const stored = async () => dataOf(await sandbox.client.get('/v1/events'))[0]!;
    await eventually(stored, ({ pending_webhooks: pending }) => pending === 0);
    const listed = async (delivered: boolean) =>
      dataOf(await sandbox.client.get(`/v1/events?delivery_success=${delivered}`)).map(({ id }) => id);
    expect([await listed(true), await listed(false)]).toEqual([[event.id], []]);
  });

  it('are sent again until the endpoint says 2xx', async () => {
    await using endpoint = await anEndpoint([500, 302, 404]);
    await using sandbox = await aSandbox({ webhook: { url: endpoint.url, secret, retryDelaysMs: [1, 1, 1, 1] } });
    await sandbox.client.post('/v1/customers');
    await eventually(() => endpoint.delivered, hasCome(4));
    expect(new Set(endpoint.delivered.map(({ event }) => event.id)).size).toBe(1);
  });

  it('are given up after the last wait', async () => {
    await using endpoint = await anEndpoint([500, 500, 500, 500]);
    await using sandbox = await aSandbox({ webhook: { url: endpoint.url, secret, retryDelaysMs: [1] } });
    await sandbox.client.post('/v1/customers', { name: 'first' });
    await eventually(() => endpoint.delivered, hasCome(2));
    await sandbox.client.post('/v1/customers', { name: 'second' });
    await eventually(() => endpoint.delivered, hasCome(4));
    expect(new Set(endpoint.delivered.map(({ event }) => event.id)).size).toBe(2);
    const failed = dataOf(await sandbox.client.get('/v1/events?delivery_success=false'));
    expect(failed).toHaveLength(2);
  });

  it('come twice each and in any order when asked to', async () => {
    await using endpoint = await anEndpoint();
    await using sandbox = await aSandbox({ webhook: { url: endpoint.url, secret, duplicate: true, shuffle: true } });
    for (let index = 0; index < 5; index++) await sandbox.client.post('/v1/customers');
    await eventually(() => endpoint.delivered, hasCome(10));
    const counts = Map.groupBy(endpoint.delivered, ({ event }) => event.id);
    expect([...counts.values()].map((copies) => copies.length)).toEqual([2, 2, 2, 2, 2]);
  });

  it('that were not acknowledged are sent after a restart', async () => {
    const stateFile = path.join(mkdtempSync(path.join(tmpdir(), 'sandbox-')), 'state.jsonl');
    await using endpoint = await anEndpoint([500]);
    const webhook = { url: endpoint.url, secret, retryDelaysMs: [60_000] };
    {
      await using sandbox = await aSandbox({ stateFile, webhook });
      await sandbox.client.post('/v1/customers');
      await eventually(() => endpoint.delivered, hasCome(1));
    }
    await using restarted = await aSandbox({ stateFile, webhook });
    await eventually(() => endpoint.delivered, hasCome(2));
    expect(restarted.running.url).toMatch(/^http/);
  });
});
