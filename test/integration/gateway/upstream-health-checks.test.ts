import type { HealthCheckPolicy, Upstream } from '#domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { startSecureUpstream } from '../../support/secure-upstream.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest();
});
afterAll(() => under.dispose());

let upstreams: TestUpstream[];
beforeEach(async () => {
  upstreams = await Promise.all([startUpstream(), startUpstream()]);
  return async () => {
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  };
});

// Faster than a catalogue file may say, so that nothing here takes seconds.
const healthCheck: HealthCheckPolicy = {
  path: '/healthz?deep=1',
  intervalSeconds: 0.05,
  timeoutSeconds: 0.05,
  healthyAfter: 1,
  unhealthyAfter: 2,
};
const point = (changes: Partial<Upstream> = {}) =>
  pointUpstreamAt(under, {
    url: `${upstreams[0]!.url}/base`,
    targets: upstreams.map(({ url }) => ({ url: `${url}/base`, weight: 1 })),
    healthCheck,
    credentialHeader: 'x-upstream-key',
    ...changes,
  });
const isCheck = ({ url }: { readonly url: string }) => url === healthCheck.path;
const checksOf = (upstream: TestUpstream) => upstream.requests.filter(isCheck);
const callsOf = (upstream: TestUpstream) => upstream.requests.filter((request) => !isCheck(request)).length;
const statuses = async (count: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await under.call('/things')).status);
  return seen;
};
/** Answers checks with this status, and calls with 200. */
const checksAnswer = (upstream: TestUpstream, status: number) =>
  upstream.handle((request, response) => {
    upstream.requests.push({
      method: 'GET',
      url: request.url!,
      headers: request.headers,
      rawHeaders: [],
      body: '',
    });
    response.writeHead(request.url === healthCheck.path ? status : 200).end();
  });
const unhealthy = async (): Promise<number> => {
  const { body } = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
  return Number(/^tollgate_gateway_upstream_unhealthy_targets\{.*\} (\d)$/m.exec(body)?.[1]);
};

describe('targets that are asked whether they are well', () => {
  it('get no calls while they are not, and get their share again when they are', async () => {
    await point();
    checksAnswer(upstreams[0]!, 503);
    await eventually(unhealthy, (count) => count === 1);
    const before = callsOf(upstreams[0]!);
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    expect(callsOf(upstreams[0]!)).toBe(before);
    checksAnswer(upstreams[0]!, 204);
    await eventually(unhealthy, (count) => count === 0);
    await statuses(4);
    expect(callsOf(upstreams[0]!)).toBe(before + 2);
  });

  it('are asked at their root, with nothing of a caller and without the credential', async () => {
    await point();
    await statuses(1);
    await eventually(
      async () => checksOf(upstreams[1]!).length,
      (count) => count > 1,
    );
    const { method, headers } = checksOf(upstreams[1]!)[0]!;
    expect(method).toBe('GET');
    expect(headers).toEqual({
      host: new URL(upstreams[1]!.url).host,
      connection: 'keep-alive',
      accept: '*/*',
      'user-agent': 'tollgate-health-check',
    });
  });

  it('are left out when they do not answer in time, and are a 503 when none is well, which is not billed', async () => {
    await point();
    for (const upstream of upstreams)
      upstream.handle((request, response) => {
        if (request.url !== healthCheck.path) response.end('well');
      });
    await eventually(unhealthy, (count) => count === 2);
    const answer = await under.call('/things');
    expect(answer.json()).toMatchObject({ status: 503, code: 'circuit_open' });
    expect(answer.headers['retry-after']).toBe('1');
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      outcome: 'circuit_open',
      billable: false,
      attempts: 0,
    });
    for (const upstream of upstreams) checksAnswer(upstream, 200);
    await eventually(
      async () => (await under.call('/things')).status,
      (status) => status === 200,
    );
  });

  it('may be the only one, and nobody asks any more when the version says nothing of it', async () => {
    const { url } = upstreams[0]!;
    checksAnswer(upstreams[0]!, 500);
    await point({ url, targets: undefined });
    await eventually(
      async () => (await under.call('/things')).status,
      (status) => status === 503,
    );
    await point({ url, targets: undefined, healthCheck: undefined });
    expect((await under.call('/things')).status).toBe(200);
    const before = checksOf(upstreams[0]!).length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    // One may have been on its way.
    expect(checksOf(upstreams[0]!).length - before).toBeLessThanOrEqual(1);
  });

  it('are asked by the protocol of the calls, on the same connections', async () => {
    const other = await startSecureUpstream('h2c');
    const asked: string[] = [];
    other.handle((request, response) => {
      asked.push(request.url!);
      response.end('ok');
    });
    await point({ url: other.url, targets: undefined, protocol: 'h2' });
    await eventually(
      async () => asked.length,
      (count) => count > 2,
    );
    expect((await under.call('/things')).status).toBe(200);
    expect(new Set(asked)).toEqual(new Set([healthCheck.path, '/things']));
    expect(other.connections).toBe(1);
    await point({ url: upstreams[0]!.url, targets: undefined });
    await other.close();
  });
});
