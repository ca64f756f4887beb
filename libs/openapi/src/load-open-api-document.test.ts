import { describe, expect, it } from 'vitest';
import { loadOpenApiDocument, MAX_DOCUMENT_BYTES, OpenApiDocumentError } from './index.js';

const HEAD = 'openapi: 3.1.0\ninfo: { title: Atlas, version: "1" }\n';

async function refusalOf(source: string | Buffer): Promise<OpenApiDocumentError> {
  const outcome = await loadOpenApiDocument(source).catch((error: unknown) => error);
  if (!(outcome instanceof OpenApiDocumentError)) throw new Error('the document was not refused', { cause: outcome });
  return outcome;
}

describe('loadOpenApiDocument', () => {
  it('reads YAML and JSON into the same document', async () => {
    const yaml = `${HEAD}paths:\n  /countries/{code}:\n    get:\n      operationId: getCountry\n      responses: { 200: { description: ok } }\n`;
    const fromYaml = await loadOpenApiDocument(Buffer.from(`\uFEFF${yaml}`));
    const fromJson = await loadOpenApiDocument(JSON.stringify(fromYaml.document));
    expect(fromJson).toEqual(fromYaml);
    expect(fromYaml.openapi).toBe('3.1.0');
    expect(fromYaml.info).toEqual({ title: 'Atlas', version: '1', description: null });
    expect(fromYaml.operations).toEqual([
      {
        operationId: 'getCountry',
        method: 'GET',
        template: '/countries/{code}',
        summary: null,
        tags: [],
        deprecated: false,
      },
    ]);
  });

  it('reads more of them at a time than it has threads for, those that are refused too', async () => {
    const sources = [`${HEAD}paths: {}\n`, 'openapi: [', `${HEAD}paths: {}\n`, '{', `${HEAD}paths: {}\n`];
    const outcomes = await Promise.allSettled(sources.map((source) => loadOpenApiDocument(source)));
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
  });

  it('expands anchors and merge keys into values that share nothing', async () => {
    const { document } = await loadOpenApiDocument(
      `${HEAD}x-a: &a { one: 1 }\nx-b: *a\nx-c: { <<: *a, two: 2 }\npaths: {}\n`,
    );
    expect(document['x-c']).toEqual({ one: 1, two: 2 });
    expect(document['x-b']).toEqual(document['x-a']);
    expect(document['x-b']).not.toBe(document['x-a']);
  });

  it('refuses a text over the size bound before parsing it', async () => {
    const refusal = await refusalOf(Buffer.alloc(MAX_DOCUMENT_BYTES + 1, ' '));
    expect(refusal.code).toBe('openapi_too_large');
    expect(refusal.message).toContain(String(MAX_DOCUMENT_BYTES));
  });

  it('refuses bytes that are not UTF-8', async () => {
    expect((await refusalOf(Buffer.from([0xff, 0xfe, 0x00, 0x41]))).code).toBe('openapi_not_utf8');
  });

  it('says in which line the syntax is wrong', async () => {
    const refusal = await refusalOf(`${HEAD}paths: {\n`);
    expect(refusal.code).toBe('openapi_syntax');
    expect(refusal.message).toMatch(/line \d+, column \d+/);
  });

  it('refuses a key that is given twice and a file with two documents', async () => {
    expect((await refusalOf(`${HEAD}paths: {}\npaths: {}\n`)).code).toBe('openapi_syntax');
    expect((await refusalOf(`${HEAD}paths: {}\n---\na: 1\n`)).code).toBe('openapi_syntax');
  });

  it('refuses a bomb of aliases', async () => {
    const levels = Array.from({ length: 12 }, (_unused, level) => {
      const items = Array.from({ length: 9 }, () => (level === 0 ? 'lol' : `*a${level - 1}`)).join(', ');
      return `x-${level}: &a${level} [${items}]\n`;
    });
    expect((await refusalOf(`${HEAD}${levels.join('')}paths: {}\n`)).code).toBe('openapi_too_complex');
  });

  it('refuses aliases that contain themselves', async () => {
    const refusal = await refusalOf(`${HEAD}x-a: &a { b: *a }\npaths: {}\n`);
    expect(['openapi_too_deep', 'openapi_too_complex']).toContain(refusal.code);
  });

  it.each([
    ['YAML a little too deep', `${HEAD}paths: ${'{a: '.repeat(101)}1${'}'.repeat(101)}\n`],
    ['YAML in flow style far too deep', `${HEAD}x-a: ${'['.repeat(20_000)}\n`],
    ['YAML in block style far too deep', `${HEAD}x-a:\n  ${'- '.repeat(20_000)}1\n`],
    ['JSON far too deep', `{"x-a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('refuses %s', async (_name, source) => {
    expect((await refusalOf(source)).code).toBe('openapi_too_deep');
  });

  it('refuses what JSON has no form for', async () => {
    expect((await refusalOf(`${HEAD}paths: {}\nx-a: .nan\n`)).code).toBe('openapi_not_json');
    expect((await refusalOf('{"openapi":"3.1.0","__proto__":{"polluted":true}}')).code).toBe('openapi_not_json');
    expect((await refusalOf(`${HEAD}paths: {}\n__proto__: { polluted: true }\n`)).code).toBe('openapi_not_json');
    expect((await refusalOf(`${HEAD}paths: {}\nx-a: !!binary aGVsbG8=\n`)).code).toBe('openapi_not_json');
  });
});
