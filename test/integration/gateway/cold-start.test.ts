import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { aConsumer } from '../../support/factories.js';
import { call, startGatewayUnderTest } from '../../support/gateway.js';

const subscriptions = 1_000;
const together = 20;

describe('a gateway that nobody has called yet', () => {
  it('refuses none of a thousand subscriptions whose first calls come at once, and records each', async () => {
    const under = await startGatewayUnderTest(
      {
        definition: {
          rateLimits: [{ name: 'burst', limit: 6_000, windowSeconds: 60 }],
          quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000_000, enforcement: 'hard' }],
        },
      },
      // As long as in production.
      { rateStoreTimeoutMs: 250 },
    );
    const keys: string[] = [];
    for (let count = 0; count < subscriptions; count += together) {
      const made = await Promise.all(Array.from({ length: together }, () => aConsumer(under.database, under.catalog)));
      keys.push(...made.map(({ key }) => key));
    }
    await under.sync();
    const agent = new http.Agent({ maxSockets: 256 });
    const answers = await Promise.all(keys.map((key) => call(`${under.url}/things`, { key, agent })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => `${status} ${body}`)).toEqual([]);
    expect(await under.events()).toHaveLength(subscriptions);
    await under.dispose();
  }, 120_000);
});
