import { describe, expect, it } from 'vitest';
import { hostOf, parseRequestTarget } from './request-target.js';
import { RouteTable } from './route-table.js';

const anywhere = (basePath: string) => ({ host: null, basePath });

describe('a route table', () => {
  it('chooses the version by the longest path prefix and never falls back to a shorter one', () => {
    const table = new RouteTable<string>();
    table.add(anywhere('/'), 'GET', '/atlas/v1/old', 'root');
    table.add(anywhere('/atlas'), 'GET', '/v1/things', 'short');
    table.add(anywhere('/atlas/v1'), 'GET', '/things', 'long');
    table.add(anywhere('/atlas/v1'), 'GET', '/', 'base');
    const operation = (path: string) => table.find('localhost', path)?.operations.get('GET');
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
    expect(table.find('API.Sky.test:8443', '/v1/things')?.operations.get('GET')).toBe('sky');
    expect(table.find('sky.test', '/v1/things')?.operations.get('GET')).toBe('any');
    expect(table.find('api.sky.test', '/v2/things')?.operations.get('GET')).toBe('second');
  });

  it('says which methods a path allows, HEAD with GET', () => {
    const table = new RouteTable<string>();
    table.add(anywhere('/v1'), 'POST', '/things', 'create');
    table.add(anywhere('/v1'), 'GET', '/things', 'list');
    expect(table.find('', '/v1/things')).toMatchObject({ allow: 'GET, HEAD, POST' });
    expect(table.find('', '/v1/things')?.operations.get('HEAD')).toBe('list');
    expect(table.find('', '/v1/things')?.operations.get('PUT')).toBeUndefined();
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
