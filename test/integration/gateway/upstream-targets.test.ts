import net, { type AddressInfo } from 'node:net';
import type { CircuitBreakerPolicy, RetryPolicy, Upstream } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { startSecureUpstream } from '../../support/secure-upstream.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
let upstreams: TestUpstream[];
let deadUrl: string;
beforeAll(async () => {
  under = await startGatewayUnderTest();
  const closed = net.createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  deadUrl = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
});
afterAll(() => under.dispose());
beforeEach(async () => {
  upstreams = await Promise.all([startUpstream(), startUpstream(), startUpstream()]);
  return async () => {
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  };
});

const retries: RetryPolicy = {
  attempts: 2,
  retryOn: ['connect-failure', 'reset', 'gateway-error'],
  retriableStatusCodes: [],
  methods: ['GET'],
  perTryTimeoutMs: null,
  backOffMs: 1,
  maxReplayBytes: 1_000,
  budgetPercent: 100,
};
const circuitBreaker: CircuitBreakerPolicy = { consecutiveFailures: 2, openMs: 60_000, maxConcurrent: null };
const to = (urls: readonly string[], changes: Partial<Upstream> = {}) =>
  pointUpstreamAt(under, { url: urls[0]!, targets: urls.map((url) => ({ url, weight: 1 })), ...changes });
const urls = () => upstreams.map(({ url }) => url);
const counts = () => upstreams.map(({ requests }) => requests.length);
const statuses = async (count: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await under.call('/things')).status);
  return seen;
};

describe('an upstream in several places', () => {
  it('gets calls in the shares of their weights, below the path that they have', async () => {
    const weights = [3, 2, 1];
    const targets = urls().map((url, index) => ({ url: `${url}/base`, weight: weights[index]! }));
    await pointUpstreamAt(under, { url: targets[0]!.url, targets });
    expect(new Set(await statuses(12))).toEqual(new Set([200]));
    expect(counts()).toEqual([6, 4, 2]);
    expect(upstreams[2]!.requests[0]!.url).toBe('/base/things');
  });

  it('gets calls where the fewest are under way, when it says so', async () => {
    await to(urls(), { balancing: 'least-requests' });
    const reached = Promise.withResolvers<() => void>();
    const holdOne = (upstream: TestUpstream) =>
      upstream.handle((_request, response) => {
        for (const other of upstreams) other.answer();
        reached.resolve(() => void response.end('late'));
      });
    for (const upstream of upstreams) holdOne(upstream);
    const held = under.call('/things');
    const release = await reached.promise;
    expect(await statuses(6)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(counts().toSorted((left, right) => left - right)).toEqual([0, 3, 3]);
    release();
    expect((await held).body).toBe('late');
  });

  it('gets calls of one session in one place, by what it says that a session is, and others in turn', async () => {
    const hashBy = [{ header: 'X-Session' }, { cookie: 'session' }];
    await to(urls(), {
      balancing: 'consistent-hash',
      hashBy,
      circuitBreaker: { ...circuitBreaker, consecutiveFailures: 1 },
    });
    const callWith = async (headers: Readonly<Record<string, string>>): Promise<number> => {
      const before = counts();
      await under.call('/things', { headers });
      return counts().findIndex((count, index) => count > before[index]!);
    };
    // So many that no place is without one, wherever on the ring the ports put them.
    const sessions = Array.from({ length: 40 }, (_, index) => `session-${index}`);
    const placesOf = async (fields: (session: string) => Readonly<Record<string, string>>) => {
      const places: number[] = [];
      for (const session of sessions) places.push(await callWith(fields(session)));
      return places;
    };
    const byHeader = await placesOf((session) => ({ 'x-session': session }));
    expect(new Set(byHeader)).toEqual(new Set([0, 1, 2]));
    expect(await placesOf((session) => ({ 'X-SESSION': session, cookie: 'session=other' }))).toEqual(byHeader);
    expect(await placesOf((session) => ({ cookie: `a=b; session=${session}` }))).toEqual(byHeader);
    const inTurn = [await callWith({}), await callWith({}), await callWith({ cookie: 'session=' })];
    expect(new Set(inTurn)).toEqual(new Set([0, 1, 2]));
    // One rests: its sessions are at the others, and those of the others stay.
    upstreams[0]!.answer(500);
    await callWith({ 'x-session': sessions[byHeader.indexOf(0)]! });
    const without = await placesOf((session) => ({ 'x-session': session }));
    expect(without).not.toContain(0);
    expect(without.filter((place, index) => place !== byHeader[index])).toHaveLength(
      byHeader.filter((place) => place === 0).length,
    );
  });

  it('gets all calls of an application in one place when it says no more', async () => {
    await to(urls(), { balancing: 'consistent-hash' });
    await statuses(6);
    expect(Math.max(...counts())).toBe(6);
  });

  it('is asked elsewhere when one place fails: each repeat goes to another', async () => {
    await to([deadUrl, ...urls().slice(0, 2)], { retries });
    upstreams[0]!.handle((request) => request.socket.destroy());
    for (let index = 0; index < 6; index++) expect((await under.call('/things')).status).toBe(200);
    expect(upstreams[1]!.requests).toHaveLength(6);
    const attempts = (await under.events()).slice(-6).map((event) => event.attempts);
    expect(Math.max(...attempts)).toBe(3);
    expect(Math.min(...attempts)).toBe(1);
  });

  it('lets a place rest that fails again and again, and nothing but that', async () => {
    await to([deadUrl, ...urls().slice(0, 2)], { circuitBreaker });
    const seen = await statuses(12);
    expect(seen.filter((status) => status === 502)).toHaveLength(2);
    expect(seen.slice(-6)).toEqual([200, 200, 200, 200, 200, 200]);
    const [first, second] = counts();
    expect(Math.abs(first! - second!)).toBeLessThanOrEqual(1);
  });

  it('takes a place back when a call that tries it succeeds', async () => {
    await to(urls().slice(0, 2), { circuitBreaker: { ...circuitBreaker, consecutiveFailures: 1, openMs: 100 } });
    upstreams[0]!.answer(500);
    await statuses(2);
    upstreams[0]!.answer();
    const before = counts()[0]!;
    await expect
      .poll(async () => (await under.call('/things'), counts()[0]! - before), { timeout: 3_000 })
      .toBeGreaterThan(1);
  });

  it('is a 503 with a reason of its own when all places rest, and nothing is sent', async () => {
    await to(urls().slice(0, 2), { circuitBreaker, retries: { ...retries, retryOn: ['reset'] } });
    for (const upstream of upstreams) upstream.answer(500);
    expect(await statuses(4)).toEqual([500, 500, 500, 500]);
    const sent = counts();
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 503, code: 'circuit_open' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'circuit_open',
      reason: 'circuit_open',
      billable: false,
      countsToQuota: false,
      attempts: 0,
    });
    expect(counts()).toEqual(sent);
  });

  it('may be by HTTP/2 in all of them', async () => {
    const others = await Promise.all([startSecureUpstream('h2c'), startSecureUpstream('h2c')]);
    await to(
      others.map(({ url }) => url),
      { protocol: 'h2' },
    );
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    expect(others.map(({ connections }) => connections)).toEqual([1, 1]);
    for (const other of others) await other.close();
  });
});
