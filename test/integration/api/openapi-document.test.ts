import fs from 'node:fs';
import path from 'node:path';
import type { TaxId } from '#domain';
import { loadOpenApiDocument } from '#openapi';
import { checkTaxId } from '../../../libs/services/src/tax/check-tax-id.js';
import { describe, expect, it } from 'vitest';
import { problem } from '../../../apps/api/src/problem/problem.schema.js';
import { renderApiDocument } from '../../../apps/api/src/openapi-document.js';
import { routes } from './route-table.js';

interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
  readonly security: readonly object[];
}

/** Pages and files for browsers, and what is in another protocol's contract. */
const UNDOCUMENTED = [
  'GET /*',
  'GET /brand/logo',
  'GET /brand/theme.css',
  'GET /docs-files/{name}',
  ...['GET', 'POST', 'DELETE'].flatMap((method) => [`${method} /mcp`, `${method} /mcp/{api}`]),
];

describe('the OpenAPI document', async () => {
  const text = await renderApiDocument();
  const document = JSON.parse(text) as {
    paths: Record<string, Record<string, Operation>>;
    tags: readonly { readonly name: string; readonly description: string }[];
    components: {
      schemas: Record<string, { additionalProperties?: boolean }>;
      responses: Record<string, { content: Record<string, { example?: unknown }> }>;
    };
  };
  const operations = new Map(
    Object.entries(document.paths).flatMap(([template, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${template}`, operation] as const),
    ),
  );

  it('is the committed one', () => {
    const committed = fs.readFileSync(path.resolve(import.meta.dirname, '../../../apps/api/openapi.json'), 'utf8');
    expect(text === committed, 'apps/api/openapi.json is out of date: run npm run openapi:sync').toBe(true);
  });

  it('has every route, and nothing else', () => {
    const registered = routes.map(({ method, path: template }) => `${method} ${template}`);
    expect([...operations.keys(), ...UNDOCUMENTED].toSorted()).toEqual(registered.toSorted());
  });

  it('passes the checks that publishers’ documents pass', async () => {
    expect((await loadOpenApiDocument(text)).operations).toHaveLength(operations.size);
  });

  it.each([...operations])(
    'describes %s: a summary, an answer, the refusals, and who may call it',
    (_name, operation) => {
      const statuses = Object.keys(operation.responses);
      expect(operation.summary).toMatch(/^[A-Z]/);
      expect(statuses.filter((status) => /^[23]/.test(status))).toHaveLength(1);
      expect(statuses).toContain('default');
      expect(operation.security).toBeDefined();
    },
  );

  it.each([...operations])('says how %s can refuse', (name, operation) => {
    const [method, template] = name.split(' ') as [string, string];
    const headers = (operation.parameters ?? []).filter((one) => one.in === 'header').map((one) => one.name);
    const isChange = method !== 'GET';
    const expected = [
      ...((operation.parameters ?? []).some((one) => one.in !== 'path') || operation.requestBody ? [400] : []),
      ...(operation.security.length > 0 ? [401] : []),
      ...(operation.security.length > 0 || isChange ? [403] : []),
      ...(template.includes('{') || operation.requestBody ? [404] : []),
      ...(isChange || template.endsWith('/export') ? [409] : []),
      ...(headers.includes('if-match') ? [412, 428] : []),
      ...(headers.includes('idempotency-key') ? [422] : []),
      ...(template.startsWith('/api/') ? [429] : []),
    ];
    const refusals = Object.keys(operation.responses).filter((status) => status.startsWith('4'));
    expect(new Set(refusals.map(Number))).toEqual(new Set(expected));
    const takesKey = method === 'POST' && operation.security.some((one) => 'session' in one || 'accessToken' in one);
    expect(headers.includes('idempotency-key')).toBe(takesKey);
  });

  it('has an example of each refusal that is what problem documents are', () => {
    const refusals = Object.entries(document.components.responses).filter(([name]) => name !== 'Problem');
    expect(refusals).toHaveLength(9);
    for (const [name, { content }] of refusals) {
      const { example } = content['application/problem+json']!;
      expect(problem.safeParse(example).error, name).toBeUndefined();
    }
  });

  it('says what each group of operations is about', () => {
    const groups = new Set([...operations.values()].flatMap(({ tags }) => tags ?? ['none']));
    expect(new Set(document.tags.map(({ name }) => name))).toEqual(groups);
  });

  it('has a tax number for an example that passes the check of tax numbers', async () => {
    const { requestBody } = operations.get('PUT /api/v1/organizations/{organizationId}/billing-details')!;
    const { content } = requestBody as { content: Record<string, { example: { taxIds: [TaxId] } }> };
    const [taxId] = content['application/json']!.example.taxIds;
    expect(await checkTaxId(taxId)).toEqual(taxId);
  });

  it('names the schemas of all JSON answers and bodies', () => {
    for (const [name, operation] of operations) {
      const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
        Object.entries((part as { content?: Record<string, { schema: object }> } | undefined)?.content ?? {}),
      );
      for (const [mediaType, { schema }] of contents) {
        if (mediaType === 'application/json') expect(schema, name).toHaveProperty('$ref');
      }
    }
  });

  it('takes no field in a body that it does not name', () => {
    const { schemas } = document.components;
    const names = [...text.matchAll(/"requestBody":[^#]*"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(8);
    // CloudEvents may have attributes of extensions; what a report must not have in its data is tested with it.
    const own = names.filter((name) => name !== 'UsageReport');
    for (const name of own) expect(schemas[name]!.additionalProperties, name).toBe(false);
  });

  it('speaks OpenAPI 3.1 throughout: no nullable, no boolean bounds, no schema ids', () => {
    expect(text).not.toMatch(/"nullable":|"exclusiveMinimum": true|"\$schema":|"\$defs":|"readOnly":/);
  });
});

describe('the routes', () => {
  it.each(
    routes.filter(({ path: template }) => template.startsWith('/api/v1/')).map((route) => [route.name, route] as const),
  )('%s sends nothing but what its schema names', (_name, { serializes, answersFile }) => {
    expect(serializes || answersFile).toBe(true);
  });

  it.each(routes.map((route) => [route.name, route] as const))('%s says who may call it', (_name, route) => {
    expect(route.access).toBeDefined();
  });
});
