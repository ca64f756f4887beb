import type { JsonObject } from '#openapi';
import { describe, expect, it } from 'vitest';
import { forReaders } from './for-readers.js';

const document: JsonObject = {
  paths: {
    '/orders': {
      parameters: [{ name: 'x-api-version', in: 'header', schema: { type: 'string' } }],
      get: {
        operationId: 'list',
        parameters: [
          { name: 'X-Api-Version', in: 'header' },
          { name: 'page', in: 'query' },
        ],
      },
      post: { operationId: 'create' },
    },
  },
};
const read = (isDefault: boolean | null): JsonObject => {
  const versionHeader = isDefault === null ? null : { name: 'X-API-Version', value: 'v2', isDefault };
  const facts = { gatewayUrl: 'https://api.test/shop', versionHeader, plansOfOperations: new Map(), guides: [] };
  return (forReaders(document, facts)['paths'] as JsonObject)['/orders'] as JsonObject;
};
const samplesOf = (item: JsonObject, method: string) =>
  (item[method] as JsonObject)['x-codeSamples'] as { lang: string; source: string }[];

describe('a document of a version that is told apart by a header', () => {
  it('has the header in each operation, once, with the value of the version', () => {
    const item = read(false);
    expect(item['parameters']).toEqual([
      {
        name: 'X-API-Version',
        in: 'header',
        required: true,
        description: 'The version of the API.',
        schema: { type: 'string', enum: ['v2'] },
        example: 'v2',
      },
    ]);
    expect((item['get'] as JsonObject)['parameters']).toEqual([{ name: 'page', in: 'query' }]);
    expect(read(true)['parameters']).toMatchObject([{ required: false }]);
    expect(read(null)['parameters']).toEqual(document['paths']!['/orders' as never]['parameters']);
  });

  it('sends it in every sample, in every language', () => {
    for (const isDefault of [true, false]) {
      for (const { lang, source } of [...samplesOf(read(isDefault), 'get'), ...samplesOf(read(isDefault), 'post')])
        expect([lang, /X-API-Version['"]?(: |, ?)['"]?v2/.test(source)]).toEqual([lang, true]);
    }
    for (const { source } of samplesOf(read(null), 'get')) expect(source).not.toContain('X-API-Version');
  });
});
