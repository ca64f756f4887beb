import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../../support/documented-version.js';
import { DOOR_SECRET, decisionOptions } from '../../../support/decisions.js';
import { eventually } from '../../../support/eventually.js';
import { aCredential, type CatalogOptions } from '../../../support/factories.js';
import {
  type Answer,
  type CallOptions,
  type GatewayUnderTest,
  call,
  startGatewayUnderTest,
} from '../../../support/gateway.js';
import type { DecisionOptions } from '../../../../apps/gateway/src/decision/decision-options.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

async function start(catalog: Partial<CatalogOptions> = {}, options: Partial<DecisionOptions> = {}): Promise<void> {
  under = await startGatewayUnderTest(catalog, { decisions: decisionOptions(options) });
}

const door = () => `http://127.0.0.1:${under.gateway.decisionPorts.port}`;

/** Asks as Envoy does, whose `path_prefix` is /envoy. */
function check(
  path: string,
  { key = under.consumer.key, headers = {}, ...options }: CallOptions = {},
): Promise<Answer> {
  const ofEnvoy = { 'tollgate-secret': DOOR_SECRET, 'content-length': '0', 'x-forwarded-proto': 'https' };
  const ofCaller = key === '' ? {} : { 'x-api-key': key };
  const url = `${door()}/envoy${under.catalog.version.basePath}${path}`;
  return call(url, { ...options, headers: { ...ofEnvoy, ...ofCaller, ...headers } });
}

async function report(body: object | string): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return call(`${door()}/reports`, { method: 'POST', headers: { 'tollgate-secret': DOOR_SECRET }, body: text });
}

describe('a question of Envoy by HTTP', () => {
  it('lets a call pass that the gateway would let pass, and says what the upstream and the caller are told', async () => {
    await start({ definition: { rateLimits: [{ name: 'minute', limit: 5, windowSeconds: 60 }] } });
    const answer = await check('/things?a=1', { headers: { x_consumer_id: 'forged', 'x-tollgate-mode': 'test' } });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers).toMatchObject({
      'x-consumer-id': under.consumer.application.organizationId,
      'x-consumer-application': under.consumer.application.id,
      'x-consumer-plan': under.catalog.plan.slug,
      'x-tollgate-request-id': answer.headers['tollgate-request-id'],
      'ratelimit-policy': '"minute";q=5;w=60',
      usage: '"requests";state=reserved;max=1',
    });
    expect(String(answer.headers['x-envoy-auth-headers-to-remove']).split(',').toSorted()).toEqual([
      'x-api-key',
      'x-consumer-features',
      'x-tollgate-mode',
      'x-tollgate-subset',
      'x_consumer_id',
    ]);
    expect(under.upstream.requests).toEqual([]);
  });

  it('is answered with the refusals of the gateway itself', async () => {
    const { key: testKey } = await (async () => {
      await start({
        definition: {
          rateLimits: [{ name: 'minute', limit: 2, windowSeconds: 60 }],
          quotas: [{ name: 'monthly', meter: 'requests', limit: 100, enforcement: 'hard' }],
        },
        product: { testQuota: 1 },
      });
      return aCredential(under.database, { application: under.consumer.application, mode: 'test' });
    })();
    await under.sync();
    const codes: unknown[] = [];
    for (const options of [{ key: '' }, { key: 'nonsense' }, {}, {}, {}, { key: testKey }, { key: testKey }])
      codes.push(await check('/things', options).then((answer) => (answer.body === '' ? 200 : answer.json()['code'])));
    expect(codes).toEqual([
      'invalid_api_key',
      'invalid_api_key',
      200,
      200,
      'rate_limit_exceeded',
      200,
      'test_quota_exceeded',
    ]);
    const refused = await check('/things');
    expect(refused.status).toBe(429);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()['requestId']).toBe(refused.headers['tollgate-request-id']);
    expect(refused.headers['usage']).toBe('"requests";cost=0;billable=?0;reason="rate_limit_exceeded"');
    expect(await under.events()).toEqual([]);
  });

  it('goes by the address that Envoy says, and by nobody’s who is not trusted', async () => {
    await start({ version: { policies: { addresses: { allow: ['203.0.113.7/32'], deny: [] } } } });
    const from = (addresses: string) => check('/things', { headers: { 'x-forwarded-for': addresses } });
    expect((await from('203.0.113.7')).status).toBe(200);
    expect((await from('198.51.100.1, 203.0.113.7')).status).toBe(200);
    expect((await from('203.0.113.7, 198.51.100.1')).json()['code']).toBe('address_not_allowed');
  });

  it('is refused where the path would be passed on in another form than it was read', async () => {
    await start();
    const { port } = under.gateway.decisionPorts;
    const path = `/envoy${under.catalog.version.basePath}/./things`;
    expect((await check('/things/%c3%a9')).status).toBe(200);
    const headers = { 'tollgate-secret': DOOR_SECRET, 'x-api-key': under.consumer.key };
    const answer = await new Promise<http.IncomingMessage>((resolve) => {
      http.get({ port, path, headers, agent: false }, resolve);
    });
    expect(answer.resume().statusCode).toBe(400);
    const text = (await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`)).body;
    expect(text).toContain('{code="malformed_request",reason="path_not_canonical",status="400"} 1\n');
  });

  it('is refused where Envoy would pass a key in the query on', async () => {
    const keys = { header: 'x-api-key', bearer: true, basicUser: false, queryParameter: 'key' };
    await start({ version: { policies: { authentication: { keys } } } });
    const answer = await check(`/things?key=${under.consumer.key}`, { key: '' });
    expect(answer.status).toBe(400);
    expect(answer.json()['detail']).toBe('Here an API key is taken from a header field only, not from the query.');
    expect((await check('/things?a=1')).status).toBe(200);
  });

  it('is one of those that the door knows: nothing else is answered, and nothing ends the gateway', async () => {
    await start();
    const headers = { 'tollgate-secret': DOOR_SECRET };
    const statusOf = async (place: string, more: Record<string, string> = {}) =>
      (await call(door() + place, { headers: { ...headers, ...more } })).status;
    const wrapped = (answer: unknown) => Buffer.from(JSON.stringify(answer)).toString('base64url');
    expect(await statusOf('/')).toBe(404);
    expect(await statusOf('/envoyed')).toBe(404);
    expect(await statusOf('/envoy')).toBe(404);
    expect(await statusOf('/reports')).toBe(405);
    const nginx = { 'x-original-method': 'GET', 'x-original-uri': '/', 'x-original-scheme': 'http' };
    expect(await statusOf('/nginx/check', nginx)).toBe(400);
    expect(await statusOf('/nginx/check', { ...nginx, 'x-original-address': '203.0.113.9' })).toBe(403);
    for (const answer of ['', wrapped(null), wrapped({ status: 999, fields: [], body: '' }), wrapped({ status: 200 })])
      expect(await statusOf('/nginx/answer', { 'tollgate-answer': answer })).toBe(403);
    const broken = { status: 200, fields: ['a b', 'c\nd'], body: '' };
    expect(await statusOf('/nginx/answer', { 'tollgate-answer': wrapped(broken) })).toBe(400);
    expect((await check('/things')).status).toBe(200);
  });

  it('needs the secret', async () => {
    await start();
    for (const secret of ['', 'another secret of proxies'])
      expect((await check('/things', { headers: { 'tollgate-secret': secret } })).status).toBe(401);
    expect((await call(`${door()}/reports`, { method: 'POST', body: '[]' })).status).toBe(401);
    expect((await check('/things')).status).toBe(200);
  });
});

describe('a question that the proxy gives up', () => {
  it('costs nothing, though its units come afterwards', async () => {
    await start({ definition: { quotas: [{ name: 'q', meter: 'requests', limit: 1, enforcement: 'hard' }] } });
    const { port } = under.gateway.decisionPorts;
    const path = `/envoy${under.catalog.version.basePath}/things`;
    const headers = { 'tollgate-secret': DOOR_SECRET, 'x-api-key': under.consumer.key };
    const open = () => call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`).then(({ body }) => body);
    await under.database.unitOfWork.inSystem(async (transaction) => {
      // Units of the quota must be waited for.
      await transaction.query('LOCK TABLE quota_lease IN ACCESS EXCLUSIVE MODE');
      const request = http.get({ port, path, headers, agent: false });
      request.on('error', () => undefined);
      await eventually(open, (text) => text.includes('tollgate_gateway_open_requests 1\n'));
      request.destroy();
      await new Promise((resolve) => request.on('close', resolve));
    });
    await eventually(open, (text) => text.includes('tollgate_gateway_open_requests 0\n'));
    expect(await open()).toContain('tollgate_gateway_open_decisions 0\n');
    expect((await check('/things')).status).toBe(200);
    expect(await under.events()).toEqual([]);
  });
});

describe('what needs the body or the answer', () => {
  it.each<[string, Partial<CatalogOptions>, string]>([
    [
      'a transformation',
      { version: { policies: { transformations: [{ selector: '*', request: { headers: { remove: ['x-a'] } } }] } } },
      'transformations',
    ],
    [
      'a rule for soft errors in the body',
      { version: { policies: { billableWhen: [{ selector: '*', pointer: '/ok', oneOf: ['true'] }] } } },
      'billableWhen.pointer',
    ],
    [
      'a cost in the body',
      {
        meters: [
          {
            slug: 'tokens',
            bindings: [
              { selector: '*', weight: '1', value: { from: 'response_json', pointer: '/tokens', maximum: '100' } },
            ],
          },
        ],
      },
      'meters.tokens.response_json',
    ],
    [
      'a translation',
      {
        version: {
          routes: [{ method: 'POST', template: '/things', operation: 'addThing', tags: [] }],
          policies: {
            translation: {
              graphql: {
                path: '/graphql',
                operations: { addThing: { query: 'mutation { add }', variables: {}, result: '/add', nullStatus: 200 } },
                statuses: {},
                unknownFields: 'ignore',
                headers: { request: [], response: [] },
                maxRequestBytes: 1_000,
                maxResponseBytes: 1_000,
              },
            },
          },
        },
      },
      'translation',
    ],
    [
      'an idempotency key',
      {
        version: {
          policies: { idempotency: { operations: ['*'], isRequired: false, keepSeconds: 3600, maxBodyBytes: 1000 } },
        },
      },
      'idempotency',
    ],
  ])('%s is refused, and not left out', async (_, catalog, policy) => {
    await start(catalog);
    const answer = await check('/things', { method: 'POST' });
    expect(answer.status).toBe(501);
    expect(answer.json()).toMatchObject({ code: 'not_decidable', policies: [policy] });
    expect(await under.events()).toEqual([]);
  });
});

describe('a version with a document', () => {
  const paths = {
    '/things': {
      parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
      get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } },
      post: {
        operationId: 'createThing',
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: { 201: { description: 'Made' } },
      },
    },
  };
  const validation = { parameters: true, body: true, maxBodyBytes: 1_000 };

  it('has its parameters checked, and is refused where bodies must be', async () => {
    await start({ version: documentedVersion({ paths }, { validation: { ...validation, mode: 'enforce' } }) });
    expect((await check('/things?limit=2')).status).toBe(200);
    expect((await check('/things?limit=two')).json()).toMatchObject({ code: 'request_invalid', status: 400 });
    const post = await check('/things', { method: 'POST' });
    expect(post.json()).toMatchObject({ code: 'not_decidable', policies: ['validation.body'] });
  });

  it('passes where violations are only reported', async () => {
    await start({ version: documentedVersion({ paths }, { validation: { ...validation, mode: 'report' } }) });
    expect((await check('/things?limit=two')).status).toBe(200);
    expect((await check('/things', { method: 'POST' })).status).toBe(200);
    const metrics = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
    expect(metrics.body).toContain('tollgate_gateway_reported_violations_total 1\n');
  });

  it('is refused where it is mocked: there is nobody to pass the call on to', async () => {
    await start({ version: documentedVersion({ paths }, { mock: { for: 'all' } }) });
    expect((await check('/things')).json()).toMatchObject({ code: 'not_decidable', policies: ['mock'] });
  });
});

describe('the report of a call', () => {
  it('records it once, whatever is told again', async () => {
    await start({ definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 10, enforcement: 'hard' }] } });
    const { headers } = await check('/things');
    const ticket = headers['tollgate-ticket'];
    const wanted = { ticket, status: 200, bytesIn: 3, bytesOut: 5, seconds: 0.25 };
    expect((await report(wanted)).json()).toEqual({ settled: 1 });
    expect((await report([wanted, { ...wanted, status: 500 }])).json()).toEqual({ duplicate: 2 });
    expect(await under.eventOf(headers['tollgate-request-id'])).toMatchObject({
      id: headers['tollgate-request-id'],
      status: 200,
      reason: 'ok',
      billable: true,
      countsToQuota: true,
      bytesIn: 3,
      bytesOut: 5,
      quantities: { requests: '1' },
    });
    expect((await report(wanted)).json()).toEqual({ duplicate: 1 });
    expect(await under.events()).toHaveLength(1);
  });

  it('is judged by the table of the plan, and gives back what is not used', async () => {
    await start({ definition: { quotas: [{ name: 'monthly', meter: 'requests', limit: 2, enforcement: 'hard' }] } });
    for (const [status, reason] of [
      [500, 'upstream_5xx'],
      [404, 'upstream_4xx'],
      [200, 'ok'],
      [200, 'ok'],
    ] as const) {
      const { headers } = await check('/things');
      await report({ ticket: headers['tollgate-ticket'], status });
      expect(await under.eventOf(headers['tollgate-request-id'])).toMatchObject({ status, reason });
    }
    expect((await check('/things')).json()['code']).toBe('quota_exceeded');
  });

  it('says what the call cost: bytes, seconds, and a field of the answer', async () => {
    const metered = (slug: string, value: object) => ({ slug, bindings: [{ selector: '*', weight: '1', value }] });
    await start({
      meters: [
        metered('in', { from: 'request_bytes', maximum: '1000' }),
        metered('out', { from: 'response_bytes', maximum: '1000' }),
        metered('time', { from: 'seconds' }),
        metered('tokens', { from: 'response_header', header: 'X-Tokens', maximum: '100' }),
      ] as never,
    });
    const { headers } = await check('/things');
    const said = { status: 200, bytesIn: 10, bytesOut: 2_000, seconds: 1.5, headers: { 'X-Tokens': '42' } };
    await report({ ticket: headers['tollgate-ticket'], ...said });
    expect(await under.eventOf(headers['tollgate-request-id'])).toMatchObject({
      quantities: { in: '10', out: '1000', time: '1.5', tokens: '42' },
      overrun: { out: '1000' },
    });
    const second = await check('/things');
    await report({ ticket: second.headers['tollgate-ticket'], status: 200 });
    expect(await under.eventOf(second.headers['tollgate-request-id'])).toMatchObject({
      quantities: { tokens: '100' },
      estimated: true,
    });
  });

  it('frees the place of a call under way', async () => {
    await start({ definition: { concurrency: { limit: 1 } } });
    const { headers } = await check('/things');
    expect((await check('/things')).json()['code']).toBe('concurrency_limit_exceeded');
    await report({ ticket: headers['tollgate-ticket'], status: 200 });
    await under.eventOf(headers['tollgate-request-id']);
    expect((await check('/things')).status).toBe(200);
  });

  it('is taken from nobody who only knows the id of the request', async () => {
    await start();
    const { headers } = await check('/things');
    const [id, gatewayId, mac] = String(headers['tollgate-ticket']).split('.');
    const forged = [id, `${id}.${gatewayId}`, `${id}.${gatewayId}.AAAAAAAAAAAAAAAAAAAAAA`, `${id}.gateway-2.${mac}`];
    const told = await report(forged.map((ticket) => ({ ticket, status: 500 })));
    expect(told.json()).toEqual({ invalid: 4 });
    expect((await report({ ticket: headers['tollgate-ticket'], status: 200 })).json()).toEqual({ settled: 1 });
  });

  it('is refused as a whole when it cannot be read', async () => {
    await start();
    const { headers } = await check('/things');
    const good = { ticket: headers['tollgate-ticket'], status: 200 };
    for (const [bad, error] of [
      [{ ...good, status: 'OK' }, 'Report 2: status: expected a number that is not negative'],
      [{ ...good, cost: 1 }, 'Report 2: report: Unrecognized key: "cost"'],
    ] as const) {
      const answer = await report([good, bad]);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.json()).toEqual({ error });
    }
    expect((await report('no JSON')).status).toBe(400);
    expect((await report(`${JSON.stringify(good)}\n${JSON.stringify(good)}\n`)).json()).toEqual({
      settled: 1,
      duplicate: 1,
    });
  });
});

describe('a call without a report', () => {
  it.each([
    ['bill', true],
    ['release', false],
  ] as const)('is recorded when its time is over: %s', async (unreported, billable) => {
    await start(
      {
        definition: {
          concurrency: { limit: 1 },
          quotas: [{ name: 'q', meter: 'requests', limit: 1, enforcement: 'hard' }],
        },
      },
      { unreported },
    );
    const { headers } = await check('/things');
    under.database.clock.moveTo(under.database.clock.nowMs() + 59_000);
    expect((await check('/things')).json()['code']).toBe('concurrency_limit_exceeded');
    under.database.clock.moveTo(under.database.clock.nowMs() + 1_000);
    expect(await under.eventOf(headers['tollgate-request-id'])).toMatchObject({
      reason: 'unreported',
      billable,
      countsToQuota: billable,
      quantities: { requests: '1' },
    });
    expect((await report({ ticket: headers['tollgate-ticket'], status: 500 })).json()).toEqual({ duplicate: 1 });
    expect((await check('/things')).status).toBe(billable ? 429 : 200);
    const metrics = await call(`http://127.0.0.1:${under.gateway.adminPort}/metrics`);
    expect(metrics.body).toContain('tollgate_gateway_unreported_calls_total 1\n');
    expect(metrics.body).toContain('tollgate_gateway_call_reports_total{verdict="duplicate"} 1\n');
  });

  it('is recorded before it passes where no reports are expected', async () => {
    await start({}, { reports: 'none' });
    const { status, headers } = await check('/things');
    expect(status).toBe(200);
    expect(await under.events()).toMatchObject([
      { id: headers['tollgate-request-id'], billable: true, reason: 'unreported' },
    ]);
  });

  it('is refused when as many wait already as may', async () => {
    await start({}, { maxOpen: 1 });
    const { headers } = await check('/things');
    const refused = await check('/things');
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.json()['code']).toBe('journal_unavailable');
    await report({ ticket: headers['tollgate-ticket'], status: 200 });
    await under.eventOf(headers['tollgate-request-id']);
    expect((await check('/things')).status).toBe(200);
  });
});
