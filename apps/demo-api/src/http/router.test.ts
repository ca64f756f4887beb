import { describe, expect, it } from 'vitest';
import { ok } from './api-answer.js';
import type { ApiRoute } from './api-route.js';
import { createRouter } from './router.js';

function aRoute(method: ApiRoute['method'], template: string): ApiRoute {
  return { operationId: `${method} ${template}`, method, template, handle: () => ok(null) };
}

const route = createRouter([
  aRoute('GET', '/things/{id}'),
  aRoute('GET', '/things/all'),
  aRoute('POST', '/things/{id}'),
  aRoute('GET', '/things/{id}/parts/{part}'),
]);

describe('createRouter', () => {
  it('prefers a literal segment to a parameter, in whatever order they are given', () => {
    expect(route('GET', '/things/all')).toMatchObject({ kind: 'found', route: { operationId: 'GET /things/all' } });
  });

  it('decodes parameters once, a slash among them', () => {
    expect(route('GET', '/things/a%2Fb/parts/%2525')).toMatchObject({ path: { id: 'a/b', part: '%25' } });
  });

  it('serves HEAD where it serves GET', () => {
    expect(route('HEAD', '/things/1')).toMatchObject({ kind: 'found', route: { operationId: 'GET /things/{id}' } });
  });

  it('tells another method from another resource', () => {
    expect(route('PUT', '/things/1')).toEqual({ kind: 'other-method', allow: ['GET', 'HEAD', 'POST', 'OPTIONS'] });
    expect(route('POST', '/things/all')).toEqual({ kind: 'other-method', allow: ['GET', 'HEAD', 'OPTIONS'] });
    expect(route('GET', '/things')).toEqual({ kind: 'not-found' });
    expect(route('GET', '/things/')).toEqual({ kind: 'not-found' });
  });
});
