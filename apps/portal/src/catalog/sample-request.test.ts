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

  it('offers nothing rather than a request that cannot work', () => {
    const paths = {
      '/points/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true }] } },
      '/orders': { post: {} },
      '/secret': { get: { parameters: [{ name: 'X-Tenant', in: 'header', required: true, example: 'a' }] } },
      '/reference': { get: { parameters: [{ $ref: '#/components/parameters/page' }] } },
    };
    expect(sampleRequestOf({ paths })).toBeNull();
    expect(sampleRequestOf({})).toBeNull();
    expect(sampleRequestOf({ paths: { '/': null } })).toBeNull();
  });
});
