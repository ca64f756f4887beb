import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCredential, anApplication, aSubscriptionTo, testPeppers } from '../../support/factories.js';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({
    definition: {
      rateLimits: [{ name: 'burst', limit: 1_000, windowSeconds: 60 }],
      quotas: [{ name: 'monthly', meter: 'requests', limit: 5_000, enforcement: 'hard' }],
    },
  });
});
afterAll(() => under.dispose());

describe('an admitted request', () => {
  it('gets the upstream’s answer with its id, its limits and a receipt, and leaves one event that says the same', async () => {
    const { consumer, catalog, upstream } = under;
    upstream.answer(200, '{"things":[]}', {
      'x-upstream': 'yes',
      ratelimit: 'forged',
      'tollgate-request-id': 'forged',
    });
    const answer = await under.call('/things?limit=5');
    expect(answer).toMatchObject({ status: 200, body: '{"things":[]}' });
    expect(answer.headers).toMatchObject({
      'x-upstream': 'yes',
      'content-type': 'application/json',
      'ratelimit-policy': '"burst";q=1000;w=60, "monthly";q=5000;w=2592000',
      ratelimit: '"burst";r=999;t=60, "monthly";r=4999;t=2592000',
      usage: '"requests";cost=1;billable=?1;reason="ok"',
      via: '1.1 tollgate',
    });
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toEqual({
      id: answer.headers['tollgate-request-id'],
      seq: 0,
      endedAtMs: under.database.clock.nowMs(),
      gatewayId: 'gateway-1',
      mode: 'live',
      organizationId: consumer.application.organizationId,
      applicationId: consumer.application.id,
      credentialId: consumer.credential.id,
      subscriptionId: consumer.subscription.id,
      phaseId: consumer.phase.id,
      planVersionId: catalog.planVersion.id,
      periodStartMs: consumer.subscription.anchorAt.getTime(),
      apiProductId: catalog.product.id,
      apiVersionId: catalog.version.id,
      operation: 'listThings',
      method: 'GET',
      status: 200,
      outcome: 'delivered',
      reason: 'ok',
      attempts: 1,
      bytesIn: 0,
      bytesOut: 13,
      quantities: { requests: '1' },
      billable: true,
      countsToQuota: true,
    });
  });

  it('reaches the upstream with path, query and body as sent, and with our fields only', async () => {
    const { upstream, consumer } = under;
    upstream.answer(201);
    upstream.requests.length = 0;
    const body = 'x'.repeat(100_000);
    const answer = await under.call('/things/%7e%2f../%2E./../things?q=%2e&q=2', {
      method: 'POST',
      body,
      headers: {
        connection: 'close, X-Secret-Hop',
        'x-secret-hop': '1',
        'x-consumer-id': 'forged',
        'X-Tollgate-Mode': 'forged',
        'x-forwarded-for': '9.9.9.9',
        'x-kept': 'kept',
        te: 'trailers',
        authorization: 'Basic dXA6c3RyZWFt',
        via: '1.0 proxy',
      },
    });
    expect(answer.status).toBe(201);
    const [request] = upstream.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/things?q=%2e&q=2', body });
    expect(request!.headers).toMatchObject({
      'x-kept': 'kept',
      authorization: 'Basic dXA6c3RyZWFt',
      via: '1.0 proxy, 1.1 tollgate',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(under.url).host,
      'x-consumer-id': consumer.application.organizationId,
      'x-consumer-application': consumer.application.id,
      'x-consumer-plan': 'pro',
      'x-tollgate-request-id': answer.headers['tollgate-request-id'],
      'content-length': '100000',
      host: new URL(upstream.url).host,
    });
    for (const name of ['x-api-key', 'x-secret-hop', 'x-tollgate-mode', 'te'])
      expect(request!.headers).not.toHaveProperty(name);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      operation: 'createThing',
      method: 'POST',
      bytesIn: 100_000,
    });
  });

  it('may carry its key as a bearer token, which the upstream never sees', async () => {
    under.upstream.answer();
    under.upstream.requests.length = 0;
    const answer = await call(`${under.url}/things`, { headers: { authorization: `Bearer ${under.consumer.key}` } });
    expect(answer.status).toBe(200);
    expect(under.upstream.requests[0]!.headers).not.toHaveProperty('authorization');
  });

  it('is served with a key that was made with an older pepper', async () => {
    const { database, catalog } = under;
    const application = await anApplication(database);
    await aSubscriptionTo(database, { application, catalog });
    const { key } = await aCredential(database, { application, pepper: testPeppers[1] });
    await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 200,
    );
  });

  it('passes statuses, repeated fields and empty bodies on', async () => {
    under.upstream.handle((request, response) => {
      response.writeHead(
        301,
        [
          ['location', '/elsewhere'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
          ['connection', 'X-Hop'],
          ['x-hop', '1'],
        ].flat(),
      );
      response.end();
      request.resume();
    });
    const answer = await under.call('/things');
    expect(answer.status).toBe(301);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(answer.headers['usage']).toBe('"requests";cost=1;billable=?0;reason="upstream_3xx"');
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      billable: false,
      countsToQuota: false,
    });
  });

  it.each([404, 500])('is not billed when the upstream answers %i', async (status) => {
    under.upstream.answer(status);
    const answer = await under.call('/things/7');
    expect(answer.status).toBe(status);
    const reason = `upstream_${Math.floor(status / 100)}xx`;
    expect(answer.headers['usage']).toBe(`"requests";cost=1;billable=?0;reason="${reason}"`);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({
      operation: 'getThing',
      status,
      outcome: 'delivered',
      reason,
      billable: false,
      countsToQuota: false,
    });
  });

  it('asks with HEAD where there is a GET, and gets the head only', async () => {
    under.upstream.answer(200, '{"a":1}');
    const answer = await under.call('/things', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('7');
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      method: 'HEAD',
      billable: true,
      bytesOut: 0,
    });
  });
});

describe('a request with a test key', () => {
  it('needs no subscription, is told so to the upstream, and is never billed', async () => {
    const { database, upstream } = under;
    const { key } = await aCredential(database, { application: await anApplication(database), mode: 'test' });
    upstream.answer();
    upstream.requests.length = 0;
    const answer = await eventually(
      () => under.call('/things', { key }),
      ({ status }) => status === 200,
    );
    expect(answer.headers).toMatchObject({
      'ratelimit-policy': '"test";q=100;w=86400',
      ratelimit: '"test";r=99;t=43200',
      usage: '"requests";cost=1;billable=?0;reason="test_mode"',
    });
    expect(upstream.requests[0]!.headers).toMatchObject({ 'x-tollgate-mode': 'test', 'x-consumer-plan': 'test' });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      mode: 'test',
      subscriptionId: null,
      phaseId: null,
      planVersionId: null,
      periodStartMs: null,
      billable: false,
      countsToQuota: false,
      quantities: { requests: '1' },
    });
  });
});
