import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConsumer, aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: {
      rateLimits: [
        { name: 'burst', limit: 3, windowSeconds: 10 },
        { name: 'hourly', limit: 5, windowSeconds: 3_600 },
      ],
    },
    product: { testQuota: 2 },
  });
});
afterAll(() => under.dispose());

const wait = (seconds: number) => under.database.clock.moveTo(under.database.clock.nowMs() + seconds * 1000);

describe('a rate limit', () => {
  it('admits its number in any window, refuses with the way out, and spends nothing on refusals', async () => {
    for (let remaining = 2; remaining >= 0; remaining--) {
      const { status, headers } = await under.call('/things');
      expect(status).toBe(200);
      expect(headers['ratelimit']).toBe(`"burst";r=${remaining};t=10, "hourly";r=${remaining + 2};t=3600`);
    }
    wait(4);
    for (let attempt = 0; attempt < 5; attempt++) {
      const answer = await under.call('/things');
      expect(answer.status).toBe(429);
      expect(answer.headers).toMatchObject({
        'retry-after': '6',
        'ratelimit-policy': '"burst";q=3;w=10, "hourly";q=5;w=3600',
        ratelimit: '"burst";r=0;t=6, "hourly";r=2;t=3596',
        usage: '"requests";cost=0;billable=?0;reason="rate_limit_exceeded"',
      });
      expect(answer.json()).toMatchObject({ code: 'rate_limit_exceeded', 'violated-policies': ['burst'] });
    }
    wait(6);
    expect([await under.call('/things'), await under.call('/things')].map(({ status }) => status)).toEqual([200, 200]);
    const hourly = await under.call('/things');
    expect(hourly.json()).toMatchObject({ 'violated-policies': ['hourly'] });
    expect(hourly.headers['ratelimit']).toBe('"burst";r=1;t=10, "hourly";r=0;t=3590');
    expect(hourly.headers['retry-after']).toBe('3590');
    expect(await under.events()).toHaveLength(5);
    expect(under.upstream.requests).toHaveLength(5);
  });

  it('is of the subscription: its keys share it, others do not', async () => {
    const { database, catalog } = under;
    const [first, second] = [await aConsumer(database, catalog), await aConsumer(database, catalog)];
    const { key } = await aCredential(database, { application: first.application });
    await under.sync();
    const statuses = await Promise.all(
      [first.key, key, first.key, key].map(async (used) => (await under.call('/things', { key: used })).status),
    );
    expect(statuses.toSorted((left, right) => left - right)).toEqual([200, 200, 200, 429]);
    expect((await under.call('/things', { key: second.key })).status).toBe(200);
  });
});

describe('the quota of test keys', () => {
  it('is of the application, the product and the UTC day', async () => {
    const { database, consumer } = under;
    const { key } = await aCredential(database, { application: consumer.application, mode: 'test' });
    await under.sync();
    expect((await under.call('/things', { key })).status).toBe(200);
    expect((await under.call('/things', { key })).status).toBe(200);
    const answer = await under.call('/things', { key });
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ code: 'test_quota_exceeded' });
    const seconds = Number(answer.headers['retry-after']);
    wait(seconds - 1);
    expect((await under.call('/things', { key })).status).toBe(429);
    wait(1);
    expect((await under.call('/things', { key })).status).toBe(200);
  });
});
