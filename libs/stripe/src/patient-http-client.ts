import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type Stripe from 'stripe';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

const WAITS_MS = [500, 1_000, 2_000];

/**
 * A client that makes a request again which Stripe refuses for their number (429), three times, with growing waits that
 * differ by chance, half as long to half as long again. Nothing was done by then, so the same idempotency key is right. The SDK
 * repeats lost connections and 5xx, but not this; Stripe asks for it (docs.stripe.com/rate-limits).
 */
export function patientHttpClient(
  client: HttpClient,
  waitsMs: readonly number[] = WAITS_MS,
  /** From 0 to below 1. */
  random = () => randomInt(2 ** 32) / 2 ** 32,
): HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      for (const waitMs of waitsMs) {
        const response = await client.makeRequest(...request);
        if (response.getStatusCode() !== 429 || response.getHeaders()['stripe-should-retry'] === 'false')
          return response;
        // The connection is used again when all of the answer was read.
        await response.toJSON().catch(() => undefined);
        await pause(waitMs * (0.5 + random()));
      }
      return client.makeRequest(...request);
    },
  } as HttpClient;
}
