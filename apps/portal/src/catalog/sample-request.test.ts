import { describe, expect, it } from 'vitest';
import { sampleRequestOf } from './sample-request.js';

const get = { method: 'GET', headers: [], body: null };

describe('sampleRequestOf', () => {
  it('prefers an operation that needs nothing', () => {
    const paths = {
      '/points/{id}': { get: { parameters: [{ name: 'id', in: 'path', required: true, example: 7 }] } },
      '/stations': { get: { operationId: 'listStations' } },
    };
    expect(sampleRequestOf({ paths })).toEqual({ ...get, path: '/stations', operation: 'listStations' });
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
    expect(sampleRequestOf({ paths })).toEqual({ ...get, path: '/city/search?q=Oslo+S', operation: 'Search places' });
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

  it('makes up values of the right type where the document has none, and prefers what needs fewer of them', () => {
    const parameter = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
    const paths = {
      '/a/{x}/{y}': { get: { parameters: [parameter('x', { type: 'string' }), parameter('y', {})] } },
      '/points/{id}': { get: { parameters: [parameter('id', { type: 'integer', minimum: 5 })] } },
      '/orders': { post: {} },
    };
    expect(sampleRequestOf({ paths })).toMatchObject({ ...get, path: '/points/5' });
    const { '/a/{x}/{y}': twice } = paths;
    expect(sampleRequestOf({ paths: { '/a/{x}/{y}': twice } })?.path).toBe('/a/X/Y');
  });

  it('sends header fields that are needed, but not those that come with the key or the body', () => {
    const header = (name: string) => ({ name, in: 'header', required: true, schema: { default: 'a' } });
    const paths = { '/secret': { get: { parameters: [header('X-Tenant'), header('Authorization')] } } };
    expect(sampleRequestOf({ paths })).toMatchObject({ path: '/secret', headers: [{ name: 'X-Tenant', value: 'a' }] });
  });

  it('writes something where nothing can be read: with the body of an example, else of the schema', () => {
    const body = (media: object, type = 'application/json') => ({
      post: { requestBody: { required: true, content: { [type]: media } } },
    });
    const schema = { $ref: '#/components/schemas/Order' };
    const properties = { item: { type: 'string', example: 'tea' }, count: { type: 'integer' }, note: {} };
    const components = { schemas: { Order: { type: 'object', required: ['item', 'count'], properties } } };
    const json = [{ name: 'content-type', value: 'application/json' }];
    const made = sampleRequestOf({ paths: { '/orders': body({ schema }) }, components });
    expect(made).toMatchObject({ method: 'POST', path: '/orders', headers: json, body: '{"item":"tea","count":1}' });
    const both = { '/orders': body({ schema }), '/notes': body({ example: { text: "it's" } }) };
    expect(sampleRequestOf({ paths: both, components })).toMatchObject({ path: '/notes', body: `{"text":"it's"}` });
    const form = body({ example: { a: 1, b: 'x y' } }, 'application/x-www-form-urlencoded');
    expect(sampleRequestOf({ paths: { '/form': form } })?.body).toBe('a=1&b=x+y');
  });

  it('takes away or changes something only where nothing else can be done', () => {
    const paths = { '/all': { delete: {}, put: {} }, '/new': { post: {} } };
    expect(sampleRequestOf({ paths })).toMatchObject({ method: 'POST', path: '/new', body: null });
    expect(sampleRequestOf({ paths: { '/all': paths['/all'] } })?.method).toBe('PUT');
  });

  it('offers nothing rather than a request that cannot be written', () => {
    const cookie = { name: 'session', in: 'cookie', required: true, example: 'a' };
    const paths = {
      '/cookie': { get: { parameters: [cookie] } },
      '/reference': { get: { parameters: [{ $ref: '#/components/parameters/missing' }] } },
      '/outside': { get: { parameters: [{ $ref: 'https://example.com/parameter.json' }] } },
      '/file': { post: { requestBody: { required: true, content: { 'image/png': {} } } } },
      '/undescribed/{id}': { get: {} },
    };
    expect(sampleRequestOf({ paths })).toBeNull();
    expect(sampleRequestOf({})).toBeNull();
    expect(sampleRequestOf({ paths: { '/': null } })).toBeNull();
  });
});
