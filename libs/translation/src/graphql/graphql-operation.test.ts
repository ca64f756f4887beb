import type { GraphqlOperationPolicy, GraphqlTranslationPolicy } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswerError } from '../translation-fault.js';
import { compileGraphql } from './compile-graphql.js';

const schema = `
  type Query { user(id: ID!): User  users(first: Int, active: Boolean, tags: [String!], score: Float): [User!]! }
  type Mutation { addUser(input: UserInput!): User }
  type User { id: ID! name: String }
  input UserInput { name: String! age: Int }
`;
const route = { method: 'GET', template: '/users/{id}', operation: 'getUser', tags: [] };
const getUser = {
  query: 'query GetUser($id: ID!) { user(id: $id) { id name } }',
  variables: { id: 'path.id' },
  result: '/user',
  nullStatus: 404,
};
const policyOf = (
  operation: Partial<GraphqlOperationPolicy> = {},
  changes: Partial<GraphqlTranslationPolicy> = {},
): GraphqlTranslationPolicy => ({
  schema,
  operations: { getUser: { ...getUser, ...operation } },
  statuses: {},
  unknownFields: 'refuse',
  headers: { request: [], response: [] },
  maxRequestBytes: 1_024,
  maxResponseBytes: 1_024,
  ...changes,
});
const compiled = (...args: Parameters<typeof policyOf>) =>
  compileGraphql(policyOf(...args), [route]).operations.get('getUser')!;
const faultsOf = (...args: Parameters<typeof policyOf>) =>
  compileGraphql(policyOf(...args), [route]).faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
const request = (query: string, body?: unknown, id = '7') => ({
  pathParameters: new Map([['id', id]]),
  query: [...new URLSearchParams(query)],
  body,
});
const sent = (operation: ReturnType<typeof compiled>, of: ReturnType<typeof request>): unknown => {
  const translated = operation.translate(of);
  return 'body' in translated ? JSON.parse(translated.body.toString()) : translated;
};

describe('compileGraphql', () => {
  it.each([
    [{ query: 'query {' }, /^operations\.getUser\.query: Syntax Error/],
    [{ query: 'query { user(id: 1) { nickname } }', variables: {} }, /query: Cannot query field "nickname"/],
    [
      { query: '{ users { id } } query B { users { id } }', variables: {} },
      /query: expected one query or mutation, there are 2/,
    ],
    [{ query: 'fragment F on User { id }', variables: {} }, /query: expected one query or mutation, there are 0/],
    [{ query: 'subscription { users { id } }', variables: {} }, /query: a subscription has no end/],
    [{ variables: {} }, /variables\.id: \$id is required: say where it comes from/],
    [{ variables: { id: 'path.id', other: 'path.id' } }, /variables\.other: the query has no variable \$other/],
    [{ variables: { id: 'path.user' } }, /variables\.id: \/users\/\{id\} has no parameter "user"/],
    [{ variables: { id: 'header.x' } }, /variables\.id: "header\.x" is no part of a request/],
    [{ result: 'user' }, /result: a JSON pointer begins with "\/"/],
  ] satisfies [Partial<GraphqlOperationPolicy>, RegExp][])('says what is wrong with %j', (operation, fault) => {
    expect(faultsOf(operation)).toEqual([expect.stringMatching(fault)]);
  });

  it('says which operations have no query, and what is no schema', () => {
    expect(faultsOf({}, { operations: { other: { ...getUser } } })).toEqual([
      'operations.other: the document has no such operation',
      'operations.getUser: GET /users/{id} has no query: give one here',
    ]);
    expect(faultsOf({}, { schema: 'type' })).toEqual([expect.stringMatching(/^schema: this is no schema/)]);
    expect(faultsOf({}, { schema: 'type Query { a: Missing }' })).toEqual([expect.stringMatching(/Missing/)]);
  });
});

describe('a request as variables', () => {
  it('has texts in the types that the query declares', () => {
    const operation = compiled({
      query:
        'query ($n: Int, $a: Boolean, $t: [String!], $s: Float) { users(first: $n, active: $a, tags: $t, score: $s) { id } }',
      variables: { n: 'query.first', a: 'query.active', t: 'query.tag', s: 'query.score' },
    });
    expect(sent(operation, request('first=3&active=true&tag=x&score=1.5e3'))).toMatchObject({
      variables: { n: 3, a: true, t: ['x'], s: 1500 },
    });
    expect(sent(operation, request('tag=a&tag=b'))).toMatchObject({ variables: { t: ['a', 'b'] } });
    for (const query of ['first=x', 'first=1&first=2', 'active=1', 'score=NaN', 'more=1'])
      expect(sent(operation, request(query))).toEqual([expect.objectContaining({ in: 'query' })]);
  });

  it('has values of the body, with all digits', () => {
    const operation = compiled({
      query: 'mutation Add($input: UserInput!) { addUser(input: $input) { id } }',
      variables: { input: 'body/user' },
    });
    const age = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('12345678901234567890');
    const translated = operation.translate(request('', { user: { name: 'é', age } }));
    expect('body' in translated && translated.body.toString()).toBe(
      '{"query":"mutation Add($input: UserInput!) { addUser(input: $input) { id } }","operationName":"Add",' +
        '"variables":{"input":{"name":"é","age":12345678901234567890}}}',
    );
    for (const body of [undefined, {}, { user: null }])
      expect(sent(operation, request('', body))).toEqual([{ in: 'body', name: '/user', message: 'this is required' }]);
    expect(sent(compiled(), request('', {}))).toEqual([{ in: 'body', message: 'this operation takes no body' }]);
  });

  it('never changes the document, whatever callers say', () => {
    const operation = compiled();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(sent(operation, request('', undefined, id))).toEqual({
          query: getUser.query,
          operationName: 'GetUser',
          variables: { id: id.toWellFormed() === id ? id : (JSON.parse(JSON.stringify(id)) as string) },
        });
      }),
    );
  });
});

describe('an answer of GraphQL', () => {
  const ada = { id: '7', name: 'Ada' };
  const error = (code?: string) => ({
    message: 'why',
    path: ['user'],
    locations: [{ line: 1, column: 1 }],
    extensions: { code, stacktrace: ['secret'] },
  });

  it('is its result', () => {
    expect(compiled().answer(200, { data: { user: ada } })).toEqual({ kind: 'result', value: ada });
    expect(compiled({ result: '' }).answer(200, { data: { user: ada } })).toEqual({
      kind: 'result',
      value: { user: ada },
    });
    expect(compiled().answer(200, { data: { user: null } })).toMatchObject({ kind: 'problem', status: 404 });
    expect(compiled({ nullStatus: 200 }).answer(200, { data: { user: null } })).toEqual({
      kind: 'result',
      value: null,
    });
  });

  it('that is partial shows its errors beside the data', () => {
    expect(compiled().answer(200, { data: { user: ada }, errors: [error('X')] })).toEqual({
      kind: 'result',
      value: { data: ada, errors: [{ message: 'why', path: ['user'], code: 'X' }] },
    });
  });

  it.each([
    [undefined, 502],
    ['INTERNAL_SERVER_ERROR', 502],
    ['GRAPHQL_VALIDATION_FAILED', 502],
    ['constructor', 502],
    ['BAD_USER_INPUT', 400],
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
    ['NOT_FOUND', 404],
    ['GONE', 410],
  ])('without data and with the code %s has the status %i', (code, status) => {
    const operation = compiled({}, { statuses: { GONE: 410 } });
    for (const body of [
      { data: null, errors: [error(code)] },
      { errors: [error(code)] },
      { data: { user: null }, errors: [error(code)] },
    ]) {
      const answer = operation.answer(200, body);
      expect(answer).toMatchObject({ kind: 'problem', status, detail: 'why' });
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
  });

  it('that is none is malformed, but for what a proxy says', () => {
    for (const body of [undefined, null, 1, [], {}, { errors: 'x' }, 'text'])
      expect(() => compiled().answer(200, body)).toThrow(MalformedAnswerError);
    expect(() => compiled().answer(401, undefined)).toThrow(MalformedAnswerError);
    for (const status of [429, 503, 504])
      expect(compiled().answer(status, undefined)).toMatchObject({ kind: 'problem', status });
    expect(compiled().answer(200, { errors: [null, 1, {}] })).toMatchObject({ kind: 'problem', status: 502 });
  });
});
