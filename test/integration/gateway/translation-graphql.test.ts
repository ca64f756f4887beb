import http, { type IncomingHttpHeaders } from 'node:http';
import type { GraphqlTranslationPolicy, Route, Upstream, VersionPolicies } from '#domain';
import { GraphQLError, buildSchema, graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { makeVersion } from '../../support/translated-version.js';

const SDL = `
  type Query { user(id: ID!): User  users(first: Int, tags: [String!]): [User!]! }
  type Mutation { addUser(input: UserInput!): User }
  type User { id: ID!  name: String  salary: Int }
  input UserInput { name: String! }
`;
const routes: readonly Route[] = [
  { method: 'GET', template: '/users/{id}', operation: 'getUser', tags: [] },
  { method: 'GET', template: '/users', operation: 'listUsers', tags: [] },
  { method: 'POST', template: '/users', operation: 'addUser', tags: [] },
];
const policy: GraphqlTranslationPolicy = {
  path: '/graphql/',
  schema: SDL,
  operations: {
    getUser: {
      query: 'query GetUser($id: ID!) { user(id: $id) { id name salary } }',
      variables: { id: 'path.id' },
      result: '/user',
      nullStatus: 404,
    },
    listUsers: {
      query: 'query ($first: Int, $tags: [String!]) { users(first: $first, tags: $tags) { id } }',
      variables: { first: 'query.first', tags: 'query.tag' },
      result: '/users',
      nullStatus: 200,
    },
    addUser: {
      query: 'mutation ($input: UserInput!) { addUser(input: $input) { id name } }',
      variables: { input: 'body' },
      result: '/addUser',
      nullStatus: 200,
    },
  },
  statuses: { TEAPOT: 418 },
  unknownFields: 'refuse',
  headers: { request: ['accept-language'], response: ['x-served'] },
  maxRequestBytes: 65_536,
  maxResponseBytes: 65_536,
};

const fail = (message: string, code: string): never => {
  throw new GraphQLError(message, { extensions: { code, stacktrace: ['secret'] } });
};
const schema = buildSchema(SDL);
const rootValue = {
  user: ({ id }: { id: string }) => {
    if (id === 'none') return null;
    if (id.startsWith('error:')) return fail('why', id.slice(6));
    return { id, name: 'Ada', salary: () => (id === 'partial' ? fail('not yours', 'FORBIDDEN') : 1) };
  },
  users: ({ first = 2, tags = [] }: { first?: number; tags?: string[] }) =>
    Array.from({ length: first }, (_, index) => ({ id: [index, ...tags].join('-') })),
  addUser: ({ input }: { input: { name: string } }) => ({ id: '1', name: input.name }),
};

let under: GatewayUnderTest;
let url: string;
const seen: { path: string; method: string; headers: IncomingHttpHeaders }[] = [];
/** A real server of GraphQL over HTTP. */
const server = http.createServer((request, response) => {
  void (async () => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    seen.push({ path: request.url!, method: request.method!, headers: request.headers });
    const { query, variables, operationName } = JSON.parse(text) as {
      query: string;
      variables: Record<string, unknown>;
      operationName?: string;
    };
    const result = await graphql({
      schema,
      rootValue,
      source: query,
      variableValues: variables,
      operationName: operationName ?? null,
    });
    response.writeHead(200, { 'content-type': 'application/json', 'x-served': 'yes', 'x-hidden': 'yes' });
    response.end(JSON.stringify(result));
  })();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  under = await startGatewayUnderTest();
  await serve();
});
afterAll(async () => {
  await under.dispose();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => void (seen.length = 0));

const serve = (
  changes: Partial<GraphqlTranslationPolicy> = {},
  upstream: Partial<Upstream> = {},
  policies: VersionPolicies = {},
) =>
  makeVersion(under, {
    routes,
    policies: { ...policies, translation: { graphql: { ...policy, ...changes } } },
    upstream: { url, ...upstream },
  });
const json = { 'content-type': 'application/json' };

describe('an operation that is a query', () => {
  it('is asked by POST with its variables, and answered with its result', async () => {
    const answer = await under.call('/users/a%22%7D%20b', { headers: { 'accept-language': 'nl', cookie: 'a=b' } });
    expect(answer).toMatchObject({ status: 200, body: '{"id":"a\\"} b","name":"Ada","salary":1}' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-served': 'yes' });
    expect(answer.headers).not.toHaveProperty('x-hidden');
    expect(seen).toMatchObject([{ path: '/graphql/', method: 'POST', headers: { 'accept-language': 'nl' } }]);
    expect(seen[0]!.headers).toMatchObject({ 'x-consumer-id': under.consumer.application.organizationId });
    expect(seen[0]!.headers).not.toHaveProperty('cookie');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', billable: true, bytesIn: 0, bytesOut: answer.body.length });
  });

  it('takes variables from the query and the body', async () => {
    expect((await under.call('/users?first=1&tag=a&tag=b')).body).toBe('[{"id":"0-a-b"}]');
    expect((await under.call('/users')).body).toBe('[{"id":"0"},{"id":"1"}]');
    const added = await under.call('/users', { method: 'POST', headers: json, body: '{"name":"} é"}' });
    expect(added.json()).toEqual({ id: '1', name: '} é' });
  });

  it('is refused for what its variables do not take', async () => {
    const answer = await under.call('/users?first=x');
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'request_invalid',
      violations: [{ in: 'query', name: 'first', message: 'expected a whole number' }],
    });
    expect(seen).toEqual([]);
  });

  it('answers HEAD with the head of GET', async () => {
    const { length } = (await under.call('/users/1')).body;
    expect(await under.call('/users/1', { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': String(length) },
    });
  });

  it.each([
    ['none', 404, undefined],
    ['error:NOT_FOUND', 404, 'why'],
    ['error:UNAUTHENTICATED', 401, 'why'],
    ['error:TEAPOT', 418, 'why'],
    ['error:OTHER', 502, 'why'],
  ])('of %s is answered with %i, and judged by it', async (id, status, detail) => {
    const answer = await under.call(`/users/${id}`);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code: 'graphql_error', ...(detail === undefined ? {} : { detail }) });
    expect(answer.body).not.toContain('secret');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({
      outcome: 'delivered',
      status,
      reason: status < 500 ? 'upstream_4xx' : 'upstream_5xx',
    });
  });

  it('with a part of its data is a 200 that shows what is missing', async () => {
    const answer = await under.call('/users/partial');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      data: { id: 'partial', name: 'Ada', salary: null },
      errors: [{ message: 'not yours', path: ['user', 'salary'], code: 'FORBIDDEN' }],
    });
  });
});

describe('an upstream that does not speak GraphQL', () => {
  beforeAll(() => serve({ maxResponseBytes: 1_024 }, { url: under.upstream.url }));

  it.each([
    [200, '<html>', 'text/html', 502, 'upstream_broke'],
    [200, '{"data":', 'application/json', 502, 'upstream_broke'],
    [200, '{"user":{}}', 'application/json', 502, 'upstream_broke'],
    [200, `{"data":{"user":"${'x'.repeat(2_000)}"}}`, 'application/json', 502, 'response_too_large'],
    [200, '['.repeat(600), 'application/json', 502, 'upstream_broke'],
    [401, 'no', 'text/plain', 502, 'upstream_broke'],
    [302, '', 'text/plain', 502, 'upstream_broke'],
    [503, 'busy', 'text/plain', 503, 'graphql_error'],
  ])('but answers %i with %s as %s is a %i', async (sent, body, type, status, code) => {
    under.upstream.answer(sent, body, { 'content-type': type });
    const answer = await under.call('/users/1');
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });

  it('but answers in a coding that was not asked for is a 502', async () => {
    under.upstream.answer(200, '{"data":{"user":1}}', { 'content-type': 'application/json', 'content-encoding': 'br' });
    expect((await under.call('/users/1')).json()).toMatchObject({ status: 502, code: 'upstream_broke' });
    expect(under.upstream.requests.at(-1)!.headers['accept-encoding']).toBe('identity');
  });

  it('is asked again where the answer may be repeated, and only then', async () => {
    const retries = {
      attempts: 1,
      retryOn: ['gateway-error'],
      methods: ['GET'],
      retriableStatusCodes: [],
      perTryTimeoutMs: null,
      backOffMs: 1,
      budgetPercent: 100,
      maxReplayBytes: 65_536,
    } as const;
    await serve({}, { url: under.upstream.url, retries });
    under.upstream.answer(503, 'busy', { 'content-type': 'text/plain' });
    for (const [options, calls] of [
      [{}, 2],
      [{ method: 'POST', headers: json, body: '{"name":"x"}' }, 1],
    ] as const) {
      under.upstream.requests.length = 0;
      const answer = await under.call('method' in options ? '/users' : '/users/1', options);
      expect([answer.status, under.upstream.requests.length]).toEqual([503, calls]);
    }
  });
});
