import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from './json-value.js';
import { OpenApiDocumentError } from './open-api-document-error.js';
import { readOpenApiDocument } from './read-open-api-document.js';
import { routesFromDocument } from './routes-from-document.js';

function aDocument(parts: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', info: { title: 'Atlas', version: '1' }, paths: {}, ...parts };
}

function refusalOf(value: JsonValue): OpenApiDocumentError {
  try {
    readOpenApiDocument(value);
  } catch (error) {
    if (error instanceof OpenApiDocumentError) return error;
    throw error;
  }
  throw new Error('the document was not refused');
}

describe('readOpenApiDocument', () => {
  it.each(['3.0.0', '3.0.3', '3.0.4', '3.1.0', '3.1.1', '3.1.0-rc1'])('accepts OpenAPI %s', (openapi) => {
    expect(readOpenApiDocument(aDocument({ openapi })).openapi).toBe(openapi);
  });

  it.each([
    ['3.2.0', 'not supported'],
    ['2.0.0', 'not supported'],
    ['3.1', 'three parts'],
    [3.1, 'three parts'],
  ])('refuses the version %s and says what to use', (openapi, words) => {
    const refusal = refusalOf(aDocument({ openapi }));
    expect(refusal.code).toBe('openapi_version_unsupported');
    expect(refusal.message).toContain(words);
  });

  it('tells a Swagger 2.0 document from one without a version', () => {
    expect(refusalOf({ swagger: '2.0' }).message).toContain('Swagger 2.0');
    expect(refusalOf({}).message).toContain('"openapi" is missing');
  });

  it.each<[string, JsonValue]>([
    ['a document that is a list', []],
    ['a document without info', { openapi: '3.1.0' }],
    ['a title that is empty', aDocument({ info: { title: ' ', version: '1' } })],
    ['a version that is a number', aDocument({ info: { title: 'Atlas', version: 1 } })],
    ['a 3.0 document without paths', { openapi: '3.0.3', info: { title: 'Atlas', version: '1' } }],
    ['paths that are a list', aDocument({ paths: [] })],
    ['an operation that is a text', aDocument({ paths: { '/a': { get: 'x' } } })],
    ['an empty operationId', aDocument({ paths: { '/a': { get: { operationId: '' } } } })],
    ['tags that are a text', aDocument({ paths: { '/a': { get: { tags: 'x' } } } })],
  ])('refuses %s', (_name, value) => {
    expect(refusalOf(value).code).toBe('openapi_structure');
  });

  it('accepts a 3.1 document that only has webhooks', () => {
    const value = { openapi: '3.1.0', info: { title: 'Atlas', version: '1' }, webhooks: {} };
    expect(readOpenApiDocument(value).operations).toEqual([]);
  });

  it.each([
    ['$ref', 'https://example.com/schemas.yaml#/Country'],
    ['$ref', './schemas.yaml'],
    ['$ref', 'file:///etc/passwd'],
    ['$ref', '//example.com/x'],
    ['$ref', '#Country'],
    ['$ref', ''],
    ['operationRef', 'https://example.com/openapi.yaml#/paths/~1a/get'],
    ['$dynamicRef', 'other.json#node'],
  ])('refuses %s: "%s"', (key, reference) => {
    const refusal = refusalOf(aDocument({ components: { schemas: { 'a/b': { [key]: reference } } } }));
    expect(refusal.code).toBe('openapi_external_reference');
    expect(refusal.message).toContain('#/components/schemas/a~1b');
  });

  it('refuses a reference to a place that is not there, also one that an array or a prototype would answer', () => {
    for (const reference of ['#/components/schemas/Nothing', '#/paths/constructor', '#/info/title/length', '#/%zz']) {
      const refusal = refusalOf(aDocument({ components: { schemas: { A: { $ref: reference } } } }));
      expect(refusal.code).toBe('openapi_unresolved_reference');
    }
  });

  it('accepts schemas that refer to themselves, and properties that are called $ref', () => {
    const schemas = {
      Node: { properties: { next: { $ref: '#/components/schemas/Node' }, $ref: { type: 'string' } } },
      'Odd/name ~x': {},
      Other: { $ref: '#/components/schemas/Odd~1name%20~0x' },
    };
    expect(() => readOpenApiDocument(aDocument({ components: { schemas } }))).not.toThrow();
  });

  it('reads the operations of a path item that is referred to', () => {
    const document = aDocument({
      components: { pathItems: { Countries: { get: { operationId: 'listCountries' } } } },
      paths: { '/countries': { $ref: '#/components/pathItems/Countries' } },
    });
    expect(routesFromDocument(readOpenApiDocument(document))).toEqual([
      { method: 'GET', template: '/countries', operation: 'listCountries' },
    ]);
  });

  it('refuses path items that refer to each other in a circle', () => {
    const document = aDocument({ paths: { '/a': { $ref: '#/paths/~1b' }, '/b': { $ref: '#/paths/~1a' } } });
    expect(refusalOf(document).code).toBe('openapi_unresolved_reference');
  });

  it('refuses two operations of one name, also where one is named like the other is written', () => {
    const twice = { '/a': { get: { operationId: 'x' }, put: { operationId: 'x' } } };
    expect(refusalOf(aDocument({ paths: twice })).code).toBe('openapi_duplicate_operation_id');
    const disguised = { '/a': { get: {}, put: { operationId: 'GET /a' } } };
    expect(refusalOf(aDocument({ paths: disguised })).code).toBe('openapi_duplicate_operation_id');
  });

  it('refuses two templates that match the same requests', () => {
    const refusal = refusalOf(aDocument({ paths: { '/a/{x}/b': {}, '/a/{y}/b': {} } }));
    expect(refusal.code).toBe('openapi_invalid_path');
    expect(refusal.message).toContain('match the same requests');
  });

  it('names a route by its operationId, else by method and template, and keeps the order', () => {
    const paths = {
      'x-note': 'not a path',
      '/b/{id}': { parameters: [], post: { operationId: 'makeB' }, get: { deprecated: true, tags: ['B'] } },
      '/a': { trace: {} },
    };
    expect(routesFromDocument(readOpenApiDocument(aDocument({ paths })))).toEqual([
      { method: 'POST', template: '/b/{id}', operation: 'makeB' },
      { method: 'GET', template: '/b/{id}', operation: 'GET /b/{id}' },
      { method: 'TRACE', template: '/a', operation: 'TRACE /a' },
    ]);
  });
});
