import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

const start = (classicHeaders: boolean | undefined) =>
  startGatewayUnderTest({
    version: { policies: classicHeaders === undefined ? {} : { limits: { classicHeaders } } },
    definition: {
      rateLimits: [
        { name: 'burst', limit: 5, windowSeconds: 10 },
        { name: 'hourly', limit: 3, windowSeconds: 3_600 },
      ],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' }],
    },
  });
const classicFields = async () => {
  const { status, headers } = await under.call('/things');
  const fields = ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`]);
  return [status, ...fields];
};

describe('the fields X-RateLimit-Limit, -Remaining and -Reset', () => {
  it('tell of the limit with the fewest units left, in the place of the upstream’s, on answers and refusals', async () => {
    under = await start(true);
    under.upstream.answer(200, '{}', { 'x-ratelimit-limit': '9', 'x-ratelimit-used': '1' });
    const first = await under.call('/things');
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' });
    expect(first.headers).not.toHaveProperty('x-ratelimit-used');
    await under.call('/things');
    expect(await classicFields()).toEqual([200, '3', '0', '3600']);
    expect(await classicFields()).toEqual([429, '3', '0', '3600']);
  });

  it('tell of no quota that the call does not count into', async () => {
    under = await startGatewayUnderTest({
      version: { policies: { limits: { classicHeaders: true } } },
      meters: [{ slug: 'requests' }, { slug: 'writes', bindings: [{ selector: 'createThing', weight: '1' }] }],
      definition: {
        quotas: [
          { name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' },
          { name: 'writes', meter: 'writes', limit: 1, enforcement: 'hard' },
        ],
      },
    });
    const month = String(30 * 86_400);
    expect((await under.call('/things', { method: 'POST' })).headers['x-ratelimit-remaining']).toBe('0');
    expect((await under.call('/things', { method: 'POST' })).status).toBe(429);
    expect(await classicFields()).toEqual([200, '100', '98', month]);
  });

  it.each([undefined, false])(
    'are not there, and the upstream’s are passed on, when the policy says %s',
    async (value) => {
      under = await start(value);
      expect(await classicFields()).toEqual([200, undefined, undefined, undefined]);
      under.upstream.answer(200, '{}', { 'x-ratelimit-limit': '9' });
      expect((await under.call('/things')).headers['x-ratelimit-limit']).toBe('9');
    },
  );
});
