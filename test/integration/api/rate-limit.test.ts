import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { RunningApi } from './running-api.js';

describe('the rate of requests to the control plane', () => {
  let database: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    database = await createTestDatabase();
    api = await RunningApi.start(database, { API_RATE_LIMIT: '20' });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  const from = (address: string, path = '/api/v1/settings', headers: Record<string, string> = {}) =>
    api.call<{ code?: string }>(path, { headers: { 'x-forwarded-for': address, ...headers } });

  it('is limited for each address, and every answer says what is left', async () => {
    const first = await from('198.51.100.1');
    expect(first.headers.get('ratelimit-policy')).toBe('"control-plane";q=20;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"control-plane";r=19;t=\d+$/);
    const answers = [];
    for (let count = 0; count < 24; count++) answers.push(await from('198.51.100.1'));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(answers.slice(0, 19).every(({ status }) => status === 200)).toBe(true);
    expect(refused.body.code).toBe('too_many_requests');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('198.51.100.2')).status).toBe(200);
  });

  it('is limited for each person, wherever they ask from', async () => {
    const [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    const statuses = [];
    for (let count = 0; count < 25; count++) {
      const answer = await from(`203.0.113.${count}`, '/api/v1/access-tokens', { cookie: ada.cookie });
      statuses.push(answer.status);
    }
    expect(statuses.slice(0, 15).every((status) => status === 200)).toBe(true);
    expect(statuses).toContain(429);
    expect((await from('203.0.113.1', '/api/v1/access-tokens', { cookie: bob.cookie })).status).toBe(200);
  });

  it('is limited for a network whose credentials open nothing', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 110 }, async () => {
        const headers = { authorization: 'Bearer tgp_nothing' };
        return (await from('192.0.2.9', '/api/v1/access-tokens', headers)).status;
      }),
    );
    const refused = statuses.filter((status) => status === 429).length;
    // Some come back while they are sent: one in 600 ms.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 401)).toHaveLength(110 - refused);
    expect((await from('192.0.2.9', '/docs/tollgate/v1')).status).toBe(200);
  });
});

describe('the control plane behind a load balancer', () => {
  const balancer = '203.0.113.7';
  /** The rate is of whoever the answer to one request leaves fewer requests for the next one of the same caller. */
  const left = async (api: RunningApi, forwarded: string): Promise<number> => {
    const { headers } = await api.call('/api/v1/settings', { headers: { 'x-forwarded-for': forwarded } });
    return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
  };

  it('counts by whom a trusted one names, and takes nobody else’s word', async () => {
    const database = await createTestDatabase();
    const trusting = await RunningApi.start(database, { API_RATE_LIMIT: '20', TRUSTED_PROXIES: `${balancer}/32` });
    expect(await left(trusting, `198.51.100.1, ${balancer}`)).toBe(19);
    expect(await left(trusting, `198.51.100.2, ${balancer}`)).toBe(19);
    expect(await left(trusting, `198.51.100.9, 198.51.100.1, ${balancer}`)).toBe(18);
    await trusting.stop();
    const wary = await RunningApi.start(database, { API_RATE_LIMIT: '20' });
    expect(await left(wary, `198.51.100.1, ${balancer}`)).toBe(19);
    expect(await left(wary, `198.51.100.2, ${balancer}`)).toBe(18);
    await wary.stop();
    await expect(RunningApi.start(database, { TRUSTED_PROXIES: 'balancer' })).rejects.toThrow(
      /TRUSTED_PROXIES: "balancer"/,
    );
    await database.dispose();
  });
});
