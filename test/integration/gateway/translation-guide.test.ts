import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { Route, Upstream, VersionPolicies } from '#domain';
import { buildSchema, graphql } from 'graphql';
import { stringify, parse } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { type LibraryServer, libraryRoutes, startLibrary } from '../../support/grpc-library.js';
import { makeVersion } from '../../support/translated-version.js';

const root = path.resolve(import.meta.dirname, '../../..');
const guide = fs.readFileSync(path.join(root, 'docs/guides/protocol-translation.md'), 'utf8');

interface VersionInGuide {
  readonly name: string;
  readonly document: string;
  readonly upstream: object;
  readonly policies: { readonly translation: Record<string, Record<string, unknown>> };
}
const blockOf = (protocol: string) => {
  const [, text] = new RegExp(`^\`\`\`yaml ${protocol}\\n([^]*?)^\`\`\``, 'm').exec(guide)!;
  return (parse(text!) as { versions: [VersionInGuide] }).versions[0];
};

const SDL = `type Query { user(id: ID!): User  users(first: Int, tags: [String!]): [User!]! }
type Mutation { addUser(input: UserInput!): User }
type User { id: ID!  name: String }
input UserInput { name: String! }`;
const routes: Readonly<Record<string, readonly Route[]>> = {
  grpc: libraryRoutes.filter(({ operation }) => operation !== 'deleteBook'),
  graphql: [
    { method: 'GET', template: '/users/{id}', operation: 'getUser', tags: [] },
    { method: 'GET', template: '/users', operation: 'listUsers', tags: [] },
    { method: 'POST', template: '/users', operation: 'addUser', tags: [] },
  ],
  soap: [{ method: 'GET', template: '/rates/{currency}', operation: 'getRate', tags: [] }],
};

let under: GatewayUnderTest;
let library: LibraryServer;
let commandLine: CommandLine;
let url: string;
const server = http.createServer((request, response) => {
  void (async () => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (request.url === '/graphql') {
      const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
      const rootValue = { user: ({ id }: { id: string }) => (id === '1' ? { id, name: 'Ada' } : null) };
      const result = await graphql({ schema: buildSchema(SDL), rootValue, source: query, variableValues: variables });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
      return;
    }
    const currency = /<r:currency>(\w+)<\/r:currency>/.exec(text)![1]!;
    const rate = `<Rate><value>1.1</value><source>${currency}</source></Rate>`;
    const fault =
      '<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail><UnknownCurrency/></detail></s:Fault>';
    const body = currency === 'XXX' ? fault : `<GetRateResponse>${rate}</GetRateResponse>`;
    response.writeHead(request.url === '/RateService.asmx' ? 200 : 404, { 'content-type': 'text/xml' });
    response.end(
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`,
    );
  })();
});
beforeAll(async () => {
  library = await startLibrary();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  under = await startGatewayUnderTest();
  commandLine = new CommandLine(under.database);
  fs.copyFileSync(path.join(root, 'test/support/grpc/library.binpb'), path.join(commandLine.folder, 'library.binpb'));
  fs.writeFileSync(path.join(commandLine.folder, 'users.graphql'), SDL);
});
afterAll(async () => {
  commandLine.dispose();
  await under.dispose();
  library.close();
  server.close();
  server.closeAllConnections();
});

function documentOf(protocol: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, template, operation } of routes[protocol]!) {
    const parameters = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    const responses = { 200: { description: 'ok' } };
    (paths[template] ??= {})[method.toLowerCase()] = { operationId: operation, parameters, responses };
  }
  return { openapi: '3.1.0', info: { title: protocol, version: '1' }, paths };
}

async function apply(protocol: string, version: VersionInGuide) {
  const { folder } = commandLine;
  fs.writeFileSync(path.join(folder, version.document), JSON.stringify(documentOf(protocol)));
  const file = path.join(folder, `${protocol}.yaml`);
  const api = { slug: protocol, title: protocol, publisher: 'sky', versions: [version] };
  fs.writeFileSync(file, stringify({ tollgate: 1, publishers: [{ slug: 'sky', name: 'Sky' }], apis: [api] }));
  return commandLine.run('apply', '-f', file);
}

/** What was stored of a version, served by the gateway in the place of its only one. */
async function serveApplied(protocol: string, place: string): Promise<void> {
  const [stored] = (await under.database.unitOfWork.inSystem((transaction) =>
    transaction.query(
      'SELECT policies, upstream FROM api_version WHERE api_id = (SELECT id FROM api WHERE slug = $1)',
      [protocol],
    ),
  )) as [{ policies: VersionPolicies; upstream: Upstream }];
  const upstream = { ...stored.upstream, url: place };
  await makeVersion(under, { routes: routes[protocol]!, policies: stored.policies, upstream });
}

it('applies the configuration for gRPC, twice without a change, and it works', async () => {
  expect((await apply('grpc', blockOf('grpc'))).output).toContain('+ API version grpc/v1');
  expect((await apply('grpc', blockOf('grpc'))).output).not.toContain('API version');
  await serveApplied('grpc', library.url);
  library.handlers.UpdateBook = ({ request }, answer) => answer(null, request['book'] as object);
  const answer = await under.call('/books/b1?mask=title', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"T"}',
  });
  expect(answer).toMatchObject({ status: 200, body: '{"name":"b1","title":"T"}' });
});

it('applies the configuration for GraphQL, and it works', async () => {
  expect((await apply('graphql', blockOf('graphql'))).output).toContain('+ API version graphql/v1');
  await serveApplied('graphql', url);
  expect(await under.call('/users/1')).toMatchObject({ status: 200, body: '{"id":"1","name":"Ada"}' });
  expect((await under.call('/users/2')).status).toBe(404);
});

it('applies the configuration for SOAP, and it works', async () => {
  expect((await apply('soap', blockOf('soap'))).output).toContain('+ API version soap/v1');
  await serveApplied('soap', url);
  expect(await under.call('/rates/EUR')).toMatchObject({ status: 200, body: '{"value":1.1,"source":["EUR"]}' });
  expect((await under.call('/rates/XXX')).json()).toMatchObject({ status: 404, code: 'soap_fault', detail: 'no' });
});

it('refuses what cannot be translated, and says where', async () => {
  const grpc = blockOf('grpc');
  const changed = (changes: object, more: object = {}, upstream: object = grpc.upstream) => ({
    ...grpc,
    upstream,
    policies: { translation: { grpc: { ...grpc.policies.translation['grpc']!, ...changes } }, ...more },
  });
  const stream = { updateBook: { method: 'library.v1.Library/ImportBooks' } };
  const rewrite = { transformations: [{ selector: '*', request: { path: { rewrite: '/x' } } }] };
  const testUpstream = { testUpstream: { url: 'http://library.internal' } };
  for (const [version, fault] of [
    [
      changed({ operations: stream }),
      'policies.translation.grpc.operations.updateBook: library.v1.Library/ImportBooks takes a stream',
    ],
    [changed({ descriptors: 'file:nothing.binpb' }), 'The descriptor set'],
    [changed({ descriptors: 'bm90aGluZw==' }), 'policies.translation.grpc.descriptors: this is no FileDescriptorSet'],
    [changed({ descriptors: 'no base64!' }), 'expected base64, or file:PATH'],
    [changed({ metadata: { request: ['Grpc-Timeout'] } }), 'this field is not passed on as it is'],
    [changed({ metadata: { request: ['X-Consumer-Id'] } }), 'this field is not passed on as it is'],
    [
      changed({}, {}, { url: 'http://library.internal' }),
      'upstream.protocol: gRPC is spoken by HTTP/2 only: expected h2',
    ],
    [changed({}, testUpstream), 'policies.testUpstream.protocol: gRPC is spoken by HTTP/2 only: expected h2'],
    [
      changed({}, rewrite),
      'policies.transformations.0.request.path: a request that is translated has this from the translation',
    ],
    [{ ...grpc, policies: { translation: {} as never } }, 'name one protocol'],
  ] as const) {
    const { code, output } = await apply('grpc', version).catch((error: Error) => ({ code: 1, output: error.message }));
    expect([code, output]).toEqual([1, expect.stringContaining(fault)]);
  }
});
