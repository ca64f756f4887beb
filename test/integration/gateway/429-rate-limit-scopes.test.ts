import type { RateLimitDefinition } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { anApplication, aConsumer, aCredential, aSubscriptionTo } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

async function withRateLimits(...limits: Partial<RateLimitDefinition>[]): Promise<void> {
  const rateLimits = limits.map((limit, index) => ({ name: `limit-${index}`, limit: 2, windowSeconds: 60, ...limit }));
  under = await startGatewayUnderTest({ definition: { rateLimits } });
}
const wait = (seconds: number) => under.database.clock.moveTo(under.database.clock.nowMs() + seconds * 1000);
const statuses = async (count: number, options: Parameters<GatewayUnderTest['call']>[1] = {}) => {
  const seen = [];
  for (let index = 0; index < count; index++) seen.push((await under.call('/things', options)).status);
  return seen;
};

describe('the scope of a rate limit', () => {
  it('organization: its applications share the window, other organizations do not', async () => {
    await withRateLimits({ scope: 'organization' });
    const { database, catalog, consumer } = under;
    const sibling = await anApplication(database, { organizationId: consumer.application.organizationId });
    await aSubscriptionTo(database, { application: sibling, catalog });
    const { key } = await aCredential(database, { application: sibling });
    const other = await aConsumer(database, catalog);
    await under.sync();
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(2, { key })).toEqual([200, 429]);
    expect(await statuses(1)).toEqual([429]);
    expect(await statuses(1, { key: other.key })).toEqual([200]);
  });

  it.each(['subscription', 'application'] as const)('%s: its keys share the window', async (scope) => {
    await withRateLimits({ scope });
    const { key } = await aCredential(under.database, { application: under.consumer.application });
    await under.sync();
    expect([...(await statuses(1)), ...(await statuses(2, { key }))]).toEqual([200, 200, 429]);
  });

  it('key: every key has a window of its own', async () => {
    await withRateLimits({ scope: 'key' });
    const { key } = await aCredential(under.database, { application: under.consumer.application });
    await under.sync();
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await statuses(3, { key })).toEqual([200, 200, 429]);
  });

  it('ip: one caller’s address is one window', async () => {
    await withRateLimits({ scope: 'ip' });
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('header: every value has a window, none at all as well, and the name is matched in any case', async () => {
    await withRateLimits({ scope: 'header', header: 'X-Tenant' });
    expect(await statuses(3, { headers: { 'x-tenant': 'a' } })).toEqual([200, 200, 429]);
    expect(await statuses(3, { headers: { 'X-TENANT': 'b' } })).toEqual([200, 200, 429]);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await statuses(1, { headers: { 'x-tenant': 'a' } })).toEqual([429]);
  });
});

describe('the algorithm of a rate limit', () => {
  it('fixed_window: begins anew when the clock says so', async () => {
    await withRateLimits({ algorithm: 'fixed_window', limit: 2 });
    wait(50);
    expect(await statuses(2)).toEqual([200, 200]);
    const refused = await under.call('/things');
    expect(refused.headers).toMatchObject({ 'retry-after': '10', ratelimit: '"limit-0";r=0;t=10' });
    wait(10);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('gcra: a burst at once, then one by one at the rate', async () => {
    await withRateLimits({ algorithm: 'gcra', limit: 6, burst: 2 });
    expect(await statuses(2)).toEqual([200, 200]);
    const refused = await under.call('/things');
    expect(refused.headers).toMatchObject({
      'retry-after': '10',
      'ratelimit-policy': '"limit-0";q=6;w=60;burst=2',
      ratelimit: '"limit-0";r=0;t=10',
    });
    wait(9);
    expect(await statuses(1)).toEqual([429]);
    wait(1);
    expect(await statuses(2)).toEqual([200, 429]);
  });
});

describe('a request that violates several limits', () => {
  it('is told all of them and when the last one lets it in', async () => {
    await withRateLimits({}, { windowSeconds: 600 }, { limit: 5 });
    expect(await statuses(2)).toEqual([200, 200]);
    const refused = await under.call('/things');
    expect(refused.json()).toMatchObject({ 'violated-policies': ['limit-0', 'limit-1'] });
    expect(refused.headers['retry-after']).toBe('600');
  });
});
