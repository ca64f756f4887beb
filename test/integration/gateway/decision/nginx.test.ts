import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decisionOptions } from '../../../support/decisions.js';
import { eventually } from '../../../support/eventually.js';
import { aCredential } from '../../../support/factories.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../../support/gateway.js';
import { HOW_TO_GET_NGINX, type TestNginx, hasNginx, startNginx } from '../../../support/nginx.js';

const SECRET = 'a-secret-between-nginx-and-tollgate';

describe.skipIf(!hasNginx)(`nginx with the configuration of the guide (${HOW_TO_GET_NGINX})`, () => {
  let under: GatewayUnderTest;
  let nginx: TestNginx;
  let base: string;

  beforeAll(async () => {
    under = await startGatewayUnderTest(
      {
        version: {
          policies: {
            sizes: { maxBodyBytes: 1_000 },
            authentication: { keys: { header: 'x-api-key', bearer: true, basicUser: false, queryParameter: 'key' } },
            cors: {
              allowOrigins: ['https://page.test'],
              allowMethods: [],
              allowHeaders: [],
              exposeHeaders: [],
              allowCredentials: false,
              maxAgeSeconds: 60,
            },
          },
        },
        product: { testQuota: 1 },
        definition: {
          rateLimits: [{ name: 'minute', limit: 100, windowSeconds: 60 }],
          quotas: [{ name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' }],
        },
      },
      { decisions: decisionOptions({ secret: SECRET, syslogPort: 0 }) },
    );
    const { port, syslogPort } = under.gateway.decisionPorts;
    const { host } = new URL(under.upstream.url);
    nginx = await startNginx({
      api: host,
      decisions: `127.0.0.1:${port}`,
      syslog: `127.0.0.1:${syslogPort}`,
      secret: SECRET,
    });
    base = nginx.url + under.catalog.version.basePath;
  });
  afterAll(async () => {
    await nginx?.stop();
    await under?.dispose();
  });
  beforeEach(() => {
    under.upstream.answer();
    under.upstream.requests.length = 0;
  });

  it('passes an admitted call on, with who calls and without the key, and bills it once', async () => {
    const headers = { 'x-consumer-id': 'forged', 'x-consumer-features': 'forged', 'x-tollgate-mode': 'test' };
    const answer = await call(`${base}/things?a=1`, { key: under.consumer.key, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['ratelimit']).toMatch(/^"minute";r=99;t=\d+, "monthly";r=999;t=\d+$/);
    expect(answer.headers['usage']).toBe('"requests";state=reserved;max=1');
    const [request] = under.upstream.requests;
    expect(request).toMatchObject({ url: `${under.catalog.version.basePath}/things?a=1` });
    expect(request!.headers).toMatchObject({
      'x-consumer-id': under.consumer.application.organizationId,
      'x-consumer-application': under.consumer.application.id,
      'x-consumer-plan': under.catalog.plan.slug,
      'x-tollgate-request-id': answer.headers['tollgate-request-id'],
    });
    for (const name of ['x-api-key', 'x-consumer-features', 'x-tollgate-mode', 'tollgate-ticket'])
      expect(request!.headers).not.toHaveProperty(name);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({
      seq: 0,
      status: 200,
      outcome: 'delivered',
      reason: 'ok',
      billable: true,
      method: 'GET',
      quantities: { requests: '1' },
      bytesOut: Buffer.byteLength(answer.body),
    });
  });

  it('answers a refused call with the words of Tollgate, and never asks the upstream', async () => {
    const answer = await call(`${base}/things`);
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="tollgate"');
    expect(answer.json()).toMatchObject({ code: 'invalid_api_key', requestId: answer.headers['tollgate-request-id'] });
    expect((await call(`${base}/nothing`, { key: under.consumer.key })).json()).toMatchObject({
      status: 404,
      code: 'route_not_found',
    });
    const wrongMethod = await call(`${base}/things/1`, { key: under.consumer.key, method: 'PATCH' });
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers['allow']).toContain('GET');
    const head = await call(`${base}/nothing`, { key: under.consumer.key, method: 'HEAD' });
    expect(head).toMatchObject({ status: 404, body: '' });
    const large = { key: under.consumer.key, method: 'POST', body: 'x'.repeat(2_000) };
    expect((await call(`${base}/things`, large)).json()['code']).toBe('body_too_large');
    expect(under.upstream.requests).toEqual([]);
  });

  it('answers with statuses that nginx itself knows nothing of, and when to come again', async () => {
    const { key } = await aCredential(under.database, { application: under.consumer.application, mode: 'test' });
    await under.sync();
    expect((await call(`${base}/things`, { key })).status).toBe(200);
    expect(under.upstream.requests[0]!.headers).toMatchObject({ 'x-tollgate-mode': 'test', 'x-consumer-plan': 'test' });
    const refused = await call(`${base}/things`, { key });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit']).toMatch(/^"test";r=0;t=\d+$/);
    expect(refused.json()).toMatchObject({ code: 'test_quota_exceeded', status: 429 });
  });

  it('lets nothing pass when Tollgate does not answer', async () => {
    const { host } = new URL(under.upstream.url);
    const closed = '127.0.0.1:9';
    const alone = await startNginx({ api: host, decisions: closed, syslog: closed, secret: SECRET });
    try {
      const answer = await call(`${alone.url}${under.catalog.version.basePath}/things`, { key: under.consumer.key });
      expect(answer.status).toBe(500);
      expect(under.upstream.requests).toEqual([]);
    } finally {
      await alone.stop();
    }
  });

  it('answers the question of a page, and lets the page read answers', async () => {
    const headers = { origin: 'https://page.test', 'access-control-request-method': 'GET' };
    const preflight = await call(`${base}/things`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://page.test');
    expect(under.upstream.requests).toEqual([]);
  });

  it('takes the key out of the query, and leaves an authorization that is the upstream’s own', async () => {
    const headers = { authorization: 'Bearer of-the-upstream' };
    await call(`${base}/things?a=1&key=${under.consumer.key}&b=2`, { headers });
    expect(under.upstream.requests[0]).toMatchObject({ url: `${under.catalog.version.basePath}/things?a=1&b=2` });
    expect(under.upstream.requests[0]!.headers['authorization']).toBe('Bearer of-the-upstream');
    await call(`${base}/things`, { headers: { authorization: `Bearer ${under.consumer.key}` } });
    expect(under.upstream.requests[1]!.headers).not.toHaveProperty('authorization');
  });

  it('sends the path in the form in which it was matched', async () => {
    const { hostname, port } = new URL(nginx.url);
    const path = `${under.catalog.version.basePath}/x/../things/%7e1`;
    const status = await new Promise((resolve) => {
      const headers = { 'x-api-key': under.consumer.key };
      http.get({ hostname, port, path, headers, agent: false }, (response) => resolve(response.resume().statusCode));
    });
    expect(status).toBe(200);
    expect(under.upstream.requests[0]!.url).toBe(`${under.catalog.version.basePath}/things/~1`);
  });

  it.each([
    [404, false, 'upstream_4xx'],
    [403, false, 'upstream_4xx'],
    [500, false, 'upstream_5xx'],
  ])('passes an answer %i of the upstream on as it is, and does not bill it', async (status, billable, reason) => {
    under.upstream.answer(status, '{"of":"upstream"}');
    const answer = await call(`${base}/things`, { key: under.consumer.key });
    expect(answer).toMatchObject({ status, body: '{"of":"upstream"}' });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({ status, billable, reason });
  });

  it('does not bill a call that could not reach the upstream', async () => {
    under.upstream.handle((request) => request.socket.destroy());
    const answer = await call(`${base}/things`, { key: under.consumer.key });
    expect(answer.status).toBe(502);
    const { billable, status } = await under.eventOf(answer.headers['tollgate-request-id']);
    expect({ billable, status }).toEqual({ billable: false, status: 502 });
  });

  it('records a caller that goes away before the answer', async () => {
    const before = (await under.events()).length;
    const asked = new Promise<void>((resolve) => under.upstream.handle(() => resolve()));
    const request = http.get(`${base}/things`, { agent: false, headers: { 'x-api-key': under.consumer.key } });
    request.on('error', () => undefined);
    await asked;
    request.destroy();
    const events = await eventually(
      () => under.events(),
      ({ length }) => length > before,
    );
    expect(events.slice(before)).toMatchObject([{ status: 499, outcome: 'client_aborted', reason: 'client_aborted' }]);
  });

  it('leaves one event for each admitted call, and none for the others', async () => {
    const before = (await under.events()).length;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        call(`${base}/things`, index % 2 === 0 ? { key: under.consumer.key } : {}),
      ),
    );
    const admitted = answers
      .filter(({ status }) => status === 200)
      .map(({ headers }) => String(headers['tollgate-request-id']));
    expect(admitted).toHaveLength(5);
    await Promise.all(admitted.map((id) => under.eventOf(id)));
    const ids = (await under.events()).slice(before).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(admitted.toSorted());
  });
});
