import { describe, expect, it } from 'vitest';
import type { OperationContract, ParameterContract } from '../contract/api-contract.js';
import { ParameterReader } from '../validation/parameter-reader.js';
import { type WrittenRequest, writeRequest } from './write-request.js';

const NONE = { path: {}, query: {}, headers: {} };
const parameter = (parts: Partial<ParameterContract>): ParameterContract => ({
  name: 'p',
  in: 'query',
  required: false,
  style: 'form',
  explode: true,
  allowsEmpty: false,
  schema: true,
  ...parts,
});
const contract = (...parameters: ParameterContract[]): OperationContract => ({ parameters, body: null, responses: [] });
const list = { type: 'array', items: { type: 'string' } };
const object = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } };

describe('writing requests', () => {
  it.each([
    ['query', 'form', true, list, ['x y', 'ä&b'], 'p=x%20y&p=%C3%A4%26b'],
    ['query', 'form', false, list, ['x,y', 'z'], 'p=x%2Cy,z'],
    ['query', 'spaceDelimited', false, list, ['x', 'y'], 'p=x%20y'],
    ['query', 'pipeDelimited', false, list, ['x', 'y'], 'p=x%7Cy'],
    ['query', 'deepObject', true, object, { a: '1', b: '2' }, 'p%5Ba%5D=1&p%5Bb%5D=2'],
    ['query', 'form', true, object, { a: '1', b: '2' }, 'a=1&b=2'],
    ['query', 'form', false, object, { a: '1', b: '2' }, 'p=a,1,b,2'],
    ['query', 'json', false, object, { a: '1' }, 'p=%7B%22a%22%3A%221%22%7D'],
    ['path', 'simple', false, { type: 'string' }, 'a/b?c#d', '/a%2Fb%3Fc%23d'],
    ['path', 'simple', false, list, ['x', 'y,z'], '/x,y%2Cz'],
    ['path', 'label', false, list, ['x', 'y'], '/.x,y'],
    ['path', 'matrix', false, list, ['x', 'y'], '/;p=x,y'],
    ['path', 'matrix', true, list, ['x', 'y'], '/;p=x;p=y'],
    ['path', 'simple', true, object, { a: '1', b: '2' }, '/a=1,b=2'],
    ['header', 'simple', false, list, ['x', 'y'], 'x,y'],
    ['header', 'simple', true, object, { a: '1', b: '2' }, 'a=1,b=2'],
  ] as const)('%s %s, explode %s: %j is read as it was meant', (place, style, explode, schema, value, text) => {
    const described = parameter({ in: place, style, explode, schema });
    const given = { ...NONE, [place === 'header' ? 'headers' : place]: { p: value } };
    const written = writeRequest(contract(described), place === 'path' ? '/{p}' : '/', given) as WrittenRequest;
    expect({ query: written.query, path: written.path, header: written.headerFields.get('p') }[place]).toBe(text);
    expect(new ParameterReader(described, () => true).read(written)).toEqual({ candidates: [value] });
  });

  it.each([
    ['..', 'path'],
    ['.', 'path'],
    ['a/../b', 'path'],
    ['a\\..\\b', 'path'],
    ['%2e%2e', 'path'],
    ['..;jsessionid=1', 'path'],
    ['', 'path'],
    ['\ud800', 'path'],
    ['x'.repeat(5_000), 'path'],
    ['\ud800', 'query'],
    ['a\r\nb: c', 'headers'],
    ['ä', 'headers'],
    ['\u0000', 'headers'],
  ] as const)('refuses %j in %s', (value, place) => {
    const described = contract(
      parameter({ in: 'path', style: 'simple', explode: false }),
      parameter({ in: 'query' }),
      parameter({ in: 'header', style: 'simple', explode: false }),
    );
    const written = writeRequest(described, '/things/{p}', { ...NONE, path: { p: 'fine' }, [place]: { p: value } });
    expect(written).toEqual(expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]));
  });

  it('refuses dots that only together lead up', () => {
    const dot = (name: string) => parameter({ name, in: 'path', style: 'simple', explode: false });
    const given = { ...NONE, path: { a: '.', b: '.' } };
    expect(Array.isArray(writeRequest(contract(dot('a'), dot('b')), '/x/{a}{b}/y', given))).toBe(true);
  });

  it.each([
    'Host',
    'authorization',
    'Connection',
    'Content-Length',
    'X-Forwarded-For',
    'x-api-key',
    'Cookie',
    'X-Consumer-Id',
  ])('does not let %s be a parameter, though a document says so', (name) => {
    const described = contract(parameter({ name, in: 'header', style: 'simple', explode: false }));
    expect(writeRequest(described, '/', { ...NONE, headers: { [name]: 'x' } })).toEqual([
      { in: 'header', name, message: 'cannot be sent from here' },
    ]);
  });

  it('names the parameters that there are', () => {
    const faults = writeRequest(contract(parameter({})), '/', { ...NONE, query: { q: 1 }, headers: { 'x-a': 'b' } });
    expect(faults).toEqual([
      { in: 'query', name: 'q', message: 'is no query parameter of this operation; it has: p' },
      { in: 'header', name: 'x-a', message: 'is no header parameter of this operation, which has none' },
    ]);
    expect(writeRequest(contract(parameter({})), '/', { ...NONE, query: { constructor: 1 } })).toHaveLength(1);
  });
});
