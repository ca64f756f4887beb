import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }] },
  });
});
afterAll(() => under.dispose());

describe('an upstream that fails again and again', () => {
  it('is given a rest: 503 with Retry-After, not billed, nothing sent; then one call tries, and it is back', async () => {
    const circuitBreaker = { consecutiveFailures: 3, openMs: 1_500, maxConcurrent: null };
    await pointUpstreamAt(under, { circuitBreaker });
    under.upstream.answer(500);
    for (let count = 0; count < 3; count++) expect((await under.call('/things')).status).toBe(500);
    const answer = await under.call('/things');
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'circuit_open', status: 503 });
    expect(answer.headers['retry-after']).toMatch(/^[12]$/);
    expect(answer.headers['usage']).toContain('billable=?0');
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      status: 503,
      outcome: 'circuit_open',
      reason: 'circuit_open',
      billable: false,
      countsToQuota: false,
      attempts: 0,
    });
    expect(under.upstream.requests).toHaveLength(3);
    under.upstream.answer(200);
    await expect.poll(async () => (await under.call('/things')).status, { timeout: 5_000, interval: 100 }).toBe(200);
    expect((await under.call('/things')).status).toBe(200);
  });

  it('is not given one for errors that are the caller’s', async () => {
    under.upstream.answer(404);
    for (let count = 0; count < 5; count++) expect((await under.call('/things')).status).toBe(404);
  });
});

describe('an upstream with a bound of requests at once', () => {
  it('gets no more: the next is refused at once, and served when there is room', async () => {
    const circuitBreaker = { consecutiveFailures: null, openMs: 1_000, maxConcurrent: 2 };
    await pointUpstreamAt(under, { circuitBreaker });
    const reached = Promise.withResolvers<void>();
    const release: (() => void)[] = [];
    under.upstream.handle((_request, response) => {
      if (release.push(() => response.end('ok')) === 2) reached.resolve();
    });
    const first = [under.call('/things'), under.call('/things')];
    await reached.promise;
    const refused = await under.call('/things');
    expect(refused.status).toBe(503);
    expect(refused.json()).toMatchObject({ code: 'circuit_open' });
    expect(refused.headers['retry-after']).toBe('1');
    for (const answer of release) answer();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    under.upstream.answer();
    expect((await under.call('/things')).status).toBe(200);
  });
});
