import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patientHttpClient } from './patient-http-client.js';

const refused = JSON.stringify({ error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many.' } });
let requests: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
/** How many are refused before one is done, and what is said with it. */
let refusals: number;
let refusalHeaders: Record<string, string>;
let server: http.Server;
let stripe: Stripe;

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await text(request) });
    if (requests.length <= refusals) response.writeHead(429, refusalHeaders).end(refused);
    else response.end(JSON.stringify({ id: 'cus_1', object: 'customer' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const httpClient = patientHttpClient(Stripe.createNodeHttpClient(), [1, 1, 1]);
  stripe = new Stripe('sk_test_1', { host: '127.0.0.1', port, protocol: 'http', httpClient, maxNetworkRetries: 2 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  refusalHeaders = {};
});

const create = () => stripe.customers.create({ name: 'Acme' }, { idempotencyKey: 'customer-1' });

describe('a patient client', () => {
  it('makes a request again that was refused for their number, as it was', async () => {
    refusals = 3;
    expect((await create()).id).toBe('cus_1');
    const said = requests.map(({ headers, body }) => [headers['idempotency-key'], body]);
    expect(said).toEqual(Array.from({ length: 4 }, () => ['customer-1', 'name=Acme']));
  });

  it('gives up after the third time', async () => {
    refusals = 10;
    await expect(create()).rejects.toThrow(Stripe.errors.StripeRateLimitError);
    expect(requests).toHaveLength(4);
  });

  it('does not when it is told that it would be for nothing', async () => {
    refusals = 1;
    refusalHeaders = { 'stripe-should-retry': 'false' };
    await expect(create()).rejects.toThrow(Stripe.errors.StripeRateLimitError);
    expect(requests).toHaveLength(1);
  });
});
