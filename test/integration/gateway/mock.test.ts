import type { VersionPolicies } from '#domain';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { aCredential } from '../../support/factories.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type TestUpstream, startUpstream } from '../../support/upstream.js';

const paths = {
  '/things': {
    get: {
      operationId: 'listThings',
      responses: {
        200: {
          description: '',
          content: { 'application/json': { example: [{ id: 1 }] }, 'text/plain': { example: 'one' } },
        },
        404: { description: '', content: { 'application/json': { examples: { gone: { value: { gone: true } } } } } },
      },
    },
    delete: { operationId: 'clearThings', responses: { 204: { description: '' } } },
  },
  '/things/{id}': {
    get: {
      operationId: 'getThing',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      responses: {
        200: { description: '', content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
      },
    },
  },
};
const schemas = {
  Thing: { type: 'object', properties: { id: { type: 'integer' }, parent: { $ref: '#/components/schemas/Thing' } } },
};
const validation = { parameters: true, body: true, mode: 'enforce', maxBodyBytes: 1_000 } as const;

let under: GatewayUnderTest;
let testUpstream: TestUpstream;
beforeAll(async () => {
  testUpstream = await startUpstream();
  const version = documentedVersion({ paths, schemas }, { mock: { for: 'all' } });
  const quotas = [{ name: 'monthly', meter: 'requests', limit: 10, enforcement: 'hard' as const }];
  under = await startGatewayUnderTest({
    version: { ...version, upstream: null },
    definition: { quotas, concurrency: { limit: 20 } },
  });
});
afterAll(async () => {
  await under.dispose();
  await testUpstream.close();
});
beforeEach(() => {
  under.upstream.requests.length = 0;
});

async function apply(policies: VersionPolicies, upstreamUrl: string | null): Promise<void> {
  const { database, catalog } = under;
  const upstream = upstreamUrl && { url: upstreamUrl, connectTimeoutMs: 1_000, responseTimeoutMs: 2_000 };
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query('UPDATE api_version SET policies = $2, upstream = $3 WHERE id = $1', [
      catalog.version.id,
      policies,
      upstream,
    ]);
    await appendChange(transaction, 'catalog', 'all', database.clock.now());
  });
  await under.sync();
}

describe('a mocked call', () => {
  it('is answered from the document without an upstream, with limits and receipt, and its event is never billable', async () => {
    const answer = await under.call('/things');
    expect(answer).toMatchObject({ status: 200, body: '[{"id":1}]' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '10',
      usage: '"requests";cost=1;billable=?0;reason="mocked"',
      'ratelimit-policy': '"monthly";q=10;w=2592000',
    });
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({
      outcome: 'mocked',
      reason: 'mocked',
      status: 200,
      mode: 'live',
      billable: false,
      countsToQuota: false,
      bytesOut: 10,
    });
    expect(under.upstream.requests).toHaveLength(0);
  });

  it('gives back what it reserved: no number of them uses up a quota, or the calls that may be under way', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => under.call('/things')));
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status } of refused) expect(status).toBe(429);
    for (let call = 0; call < 15; call++) expect((await under.call('/things')).status).toBe(200);
  });

  it('is what the client prefers and accepts', async () => {
    const prefer = (value: string) => under.call('/things', { headers: { prefer: value } });
    expect(await prefer('code=404, example=gone')).toMatchObject({ status: 404, body: '{"gone":true}' });
    expect((await prefer('code=418')).json()).toMatchObject({ status: 404, code: 'mock_not_described' });
    expect((await under.call('/things', { headers: { accept: 'text/plain' } })).body).toBe('one');
    expect((await under.call('/things', { headers: { accept: 'image/png' } })).status).toBe(406);
  });

  it('has a generated body, no body for HEAD and 204, and a connection that goes on', async () => {
    expect(Object.keys((await under.call('/things/7')).json())).toEqual(['id', 'parent']);
    const head = await under.call('/things', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe('10');
    const empty = await under.call('/things', { method: 'DELETE' });
    expect(empty).toMatchObject({ status: 204, body: '' });
    expect(empty.headers).not.toHaveProperty('content-length');
  });

  it('goes through the whole pipeline: keys, and the document', async () => {
    expect((await under.call('/things', { key: 'tg_live_nobody' })).status).toBe(401);
    await apply({ mock: { for: 'all' }, validation }, null);
    expect((await under.call('/things/one')).json()).toMatchObject({ code: 'request_invalid' });
    expect((await under.call('/things/1')).status).toBe(200);
  });
});

describe('a call with a test key', () => {
  const testCall = async () => {
    const { key } = await aCredential(under.database, { application: under.consumer.application, mode: 'test' });
    return eventually(
      () => under.call('/things', { key }),
      ({ status }) => status !== 401,
    );
  };

  it('goes to the live upstream, which is told, when there is nothing else', async () => {
    await apply({}, under.upstream.url);
    expect((await testCall()).status).toBe(200);
    expect(under.upstream.requests[0]!.headers).toMatchObject({ 'x-tollgate-mode': 'test' });
  });

  it('goes to the mock where there is one, and calls with live keys do not', async () => {
    await apply({ mock: { for: 'test' } }, under.upstream.url);
    const answer = await testCall();
    expect(answer.body).toBe('[{"id":1}]');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ mode: 'test', outcome: 'mocked', reason: 'mocked', billable: false });
    expect(under.upstream.requests).toHaveLength(0);
    expect((await under.call('/things')).body).toBe('{"ok":true}');
  });

  it('goes to the test upstream before the mock', async () => {
    const place = { url: `${testUpstream.url}/sandbox`, connectTimeoutMs: 1_000, responseTimeoutMs: 2_000 };
    await apply({ mock: { for: 'test' }, testUpstream: place }, under.upstream.url);
    expect((await testCall()).status).toBe(200);
    expect(testUpstream.requests.at(-1)).toMatchObject({ url: '/sandbox/things' });
    expect(under.upstream.requests).toHaveLength(0);
    expect((await under.call('/things')).status).toBe(200);
    expect(under.upstream.requests).toHaveLength(1);
  });
});
