import { describe, expect, it } from 'vitest';
import { sampleRequestOf } from './sample-request.js';

describe('sampleRequestOf', () => {
  it('prefers an operation that needs nothing', () => {
    const paths = {
      '/points/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, example: 7 }] } },
      '/stations': { get: { operationId: 'listStations' } },
    };
    expect(sampleRequestOf({ paths })).toEqual({ path: '/stations', operation: 'listStations' });
  });

  it('fills required parameters from examples, defaults and enumerations', () => {
    const paths = {
      '/{kind}/search': {
        parameters: [{ name: 'kind', in: 'path', required: true, schema: { enum: ['city', 'street'] } }],
        get: {
          summary: 'Search places',
          parameters: [
            { name: 'q', in: 'query', required: true, examples: { oslo: { value: 'Oslo S' } } },
            { name: 'page', in: 'query', schema: { default: 1 } },
          ],
        },
      },
    };
    expect(sampleRequestOf({ paths })).toEqual({ path: '/city/search?q=Oslo+S', operation: 'Search places' });
  });

  it('follows references within the document', () => {
    const paths = { '/countries/{code}': { get: { parameters: [{ $ref: '#/components/parameters/Code' }] } } };
    const components = { parameters: { Code: { name: 'code', in: 'path', required: true, example: 'NZ' } } };
    expect(sampleRequestOf({ paths, components })?.path).toBe('/countries/NZ');
  });

  it('counts only what is required', () => {
    const paths = {
      '/countries/{code}': { get: { parameters: [{ name: 'code', in: 'path', required: true, example: 'NZ' }] } },
      '/countries': { get: { parameters: ['q', 'region'].map((name) => ({ name, in: 'query', example: 'x' })) } },
    };
    expect(sampleRequestOf({ paths })?.path).toBe('/countries');
  });

  it('offers nothing rather than a request that cannot work', () => {
    const paths = {
      '/points/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true }] } },
      '/orders': { post: {} },
      '/secret': { get: { parameters: [{ name: 'X-Tenant', in: 'header', required: true, example: 'a' }] } },
      '/reference': { get: { parameters: [{ $ref: '#/components/parameters/missing' }] } },
      '/outside': { get: { parameters: [{ $ref: 'https://example.com/parameter.json' }] } },
    };
    expect(sampleRequestOf({ paths })).toBeNull();
    expect(sampleRequestOf({})).toBeNull();
    expect(sampleRequestOf({ paths: { '/': null } })).toBeNull();
  });
});
