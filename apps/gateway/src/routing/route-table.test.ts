import { describe, expect, it } from 'vitest';
import { RequestHead } from '../request-head.js';
import { hostOf, parseRequestTarget } from './request-target.js';
import { RouteTable } from './route-table.js';

const asker = (rawHeaders: readonly string[] = [], method = 'GET') => ({
  request: { method },
  head: new RequestHead(rawHeaders),
});
const anywhere = (basePath: string) => ({ host: null, basePath });

describe('a route table', () => {
  it('chooses the version by the longest path prefix and never falls back to a shorter one', () => {
    const table = new RouteTable<string>();
    table.add(anywhere('/'), 'GET', '/atlas/v1/old', 'root');
    table.add(anywhere('/atlas'), 'GET', '/v1/things', 'short');
    table.add(anywhere('/atlas/v1'), 'GET', '/things', 'long');
    table.add(anywhere('/atlas/v1'), 'GET', '/', 'base');
    const operation = (path: string) => table.find('localhost', path, asker())?.operations.get('GET');
    expect(operation('/atlas/v1/things')).toBe('long');
    expect(operation('/atlas/v1')).toBe('base');
    expect(operation('/atlas/v1/')).toBe('base');
    expect(operation('/atlas/v1/old')).toBeUndefined();
    expect(operation('/atlas/v10/things')).toBeUndefined();
    expect(operation('/atlasx/v1/things')).toBeUndefined();
    expect(operation('/other')).toBeUndefined();
  });

  it('prefers a version of the host that was asked, whatever its port and case', () => {
    const table = new RouteTable<string>();
    table.add({ host: 'api.sky.test', basePath: '/v1' }, 'GET', '/things', 'sky');
    table.add(anywhere('/v1'), 'GET', '/things', 'any');
    table.add(anywhere('/v2'), 'GET', '/things', 'second');
    expect(table.find('API.Sky.test:8443', '/v1/things', asker())?.operations.get('GET')).toBe('sky');
    expect(table.find('sky.test', '/v1/things', asker())?.operations.get('GET')).toBe('any');
    expect(table.find('api.sky.test', '/v2/things', asker())?.operations.get('GET')).toBe('second');
  });

  it('says which methods a path allows, HEAD with GET', () => {
    const table = new RouteTable<string>();
    table.add(anywhere('/v1'), 'POST', '/things', 'create');
    table.add(anywhere('/v1'), 'GET', '/things', 'list');
    expect(table.find('', '/v1/things', asker())).toMatchObject({ allow: 'GET, HEAD, POST' });
    expect(table.find('', '/v1/things', asker())?.operations.get('HEAD')).toBe('list');
    expect(table.find('', '/v1/things', asker())?.operations.get('PUT')).toBeUndefined();
  });
});

describe('versions at one place', () => {
  const header = (value: string, isDefault = false) => ({ name: 'X-API-Version', value, isDefault });
  function tableOf({ hasDefault = true, basePath = '/things' } = {}) {
    const table = new RouteTable<string>();
    table.add({ ...anywhere(basePath), versionHeader: header('v1') }, 'GET', '/', 'v1 list');
    table.add({ ...anywhere(basePath), versionHeader: header('v1') }, 'GET', '/old', 'v1 old');
    table.add({ ...anywhere(basePath), versionHeader: header('v2', hasDefault) }, 'GET', '/', 'v2 list');
    table.add({ ...anywhere(basePath), versionHeader: header('v2', hasDefault) }, 'POST', '/', 'v2 create');
    return table;
  }
  const find = (table: RouteTable<string>, path: string, ...fields: readonly string[]) =>
    table.find('', path, asker(fields));
  const operation = (...[table, path, ...fields]: Parameters<typeof find>) =>
    find(table, path, ...fields)?.operations.get('GET');

  it.each(['/things', '/'])('are told apart by a header field, at %s', (basePath) => {
    const table = tableOf({ basePath });
    const below = basePath === '/' ? '' : basePath;
    expect(operation(table, basePath, 'x-api-version', 'v1')).toBe('v1 list');
    expect(operation(table, basePath, 'Accept', '*/*', 'X-API-VERSION', ' v2 ')).toBe('v2 list');
    expect(operation(table, basePath)).toBe('v2 list');
    expect(operation(table, `${below}/old`, 'x-api-version', 'v1')).toBe('v1 old');
    // What another version has at the path is not there.
    expect(find(table, `${below}/old`)).toBeNull();
  });

  it('are named to whoever asks for another one, or for none where there is no usual one', () => {
    const known = { header: 'X-API-Version', values: ['v1', 'v2'] };
    expect(find(tableOf(), '/things', 'x-api-version', 'V1')?.versions).toEqual({ ...known, asked: 'V1' });
    expect(find(tableOf(), '/things', 'x-api-version', '')?.versions).toEqual({ ...known, asked: '' });
    expect(find(tableOf({ hasDefault: false }), '/things')).toMatchObject({
      allow: '',
      versions: { ...known, asked: null },
    });
    expect(find(tableOf(), '/things', 'x-api-version', 'v1', 'X-Api-Version', 'v1')?.versions).toBeNull();
    const two = find(tableOf(), '/things', 'x-api-version', 'v1', 'x-api-version', 'v2');
    expect(two).toMatchObject({ versions: { ...known, asked: 'v1, v2' } });
    expect(two?.operations.size).toBe(0);
  });

  it('are all asked when a browser asks first, which says no version then', () => {
    const preflight = (hasDefault: boolean, path = '/things') =>
      tableOf({ hasDefault }).find(
        '',
        path,
        asker(['Origin', 'https://a.test', 'Access-Control-Request-Method', 'POST'], 'OPTIONS'),
      );
    for (const hasDefault of [true, false])
      expect(preflight(hasDefault)).toMatchObject({ allow: 'GET, HEAD, POST', versions: null });
    expect(preflight(true)?.operations.get('GET')).toBe('v2 list');
    expect(preflight(true, '/things/old')?.allow).toBe('GET, HEAD');
    expect(preflight(true, '/things/none')).toBeNull();
  });
});

describe('a request target', () => {
  it('is taken apart in origin and absolute form', () => {
    expect(parseRequestTarget('/a/b?c=/d?e')).toEqual({ authority: null, path: '/a/b', query: '?c=/d?e' });
    expect(parseRequestTarget('HTTP://Sky.test:80/a?b')).toEqual({ authority: 'Sky.test:80', path: '/a', query: '?b' });
    expect(parseRequestTarget('http://sky.test')).toEqual({ authority: 'sky.test', path: '/', query: '' });
  });

  it.each(['*', 'sky.test:443', '/a#b', '/a b', '/ü', 'ftp://sky.test/', ''])('is refused as %j', (url) => {
    expect(parseRequestTarget(url)).toBeNull();
  });

  it('has a host without port, in lower case', () => {
    expect(['Sky.test', 'sky.test:80', '[::1]:80', '[::1]', ''].map(hostOf)).toEqual([
      'sky.test',
      'sky.test',
      '[::1]',
      '[::1]',
      '',
    ]);
  });
});
