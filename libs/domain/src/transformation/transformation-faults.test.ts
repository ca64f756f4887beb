import { describe, expect, it } from 'vitest';
import { transformationFaults, transformationRouteFaults } from './transformation-faults.js';

const shown = (faults: ReturnType<typeof transformationFaults>) =>
  faults.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('transformationFaults', () => {
  it('has nothing against changes that a publisher may make', () => {
    const faults = transformationFaults({
      selector: '*',
      request: {
        headers: {
          remove: ['cookie'],
          rename: { 'x-old': 'x-new' },
          set: { authorization: 'Bearer ${consumer.id}', 'x-id': '${request.id}' },
          add: { 'x-part': '${path.id};${plan};${mode};${application.id}' },
        },
        query: { set: { tenant: '${consumer.id}' } },
        path: { stripPrefix: '/v1', rewrite: '/items/${path.id}' },
        body: { remove: ['/secret'], rename: [{ from: '/a', to: '/b/c' }], set: { '/by': '${consumer.id}' } },
      },
      response: {
        headers: { set: { 'x-served': 'yes' } },
        body: { template: { data: '${body/items}', all: '${body}' } },
      },
    });
    expect(faults).toEqual([]);
  });

  it.each([
    [{ request: { headers: { set: { 'X-Consumer-Id': 'me' } } } }, 'request.headers.set.X-Consumer-Id'],
    [{ request: { headers: { remove: ['cookie', 'Transfer-Encoding'] } } }, 'request.headers.remove.1'],
    [{ request: { headers: { rename: { 'x-mine': 'host' } } } }, 'request.headers.rename.x-mine'],
    [{ request: { headers: { rename: { 'x-api-key': 'x-mine' } } } }, 'request.headers.rename.x-api-key'],
    [{ request: { headers: { add: { 'bad name': 'x' } } } }, 'request.headers.add.bad name'],
    [{ request: { headers: { set: { 'x-a': 'a\r\nx-b: c' } } } }, 'request.headers.set.x-a'],
    [{ request: { headers: { set: { 'x-a': '${nobody}' } } } }, 'request.headers.set.x-a'],
    [{ request: { headers: { set: { 'x-a': '${plan' } } } }, 'request.headers.set.x-a'],
    [{ response: { headers: { set: { RateLimit: '"x";r=1' } } } }, 'response.headers.set.RateLimit'],
    [{ response: { headers: { remove: ['tollgate-request-id'] } } }, 'response.headers.remove.0'],
    [{ request: { path: { rewrite: 'items' } } }, 'request.path.rewrite'],
    [{ request: { path: { rewrite: '/a?b' } } }, 'request.path.rewrite'],
    [{ request: { path: { stripPrefix: '/a/' } } }, 'request.path.stripPrefix'],
    [{ request: { body: { remove: ['a'] } } }, 'request.body.remove.0'],
    [{ request: { body: { rename: [{ from: '/a', to: '/__proto__/b' }] } } }, 'request.body.rename.0.to'],
    [{ request: { body: { set: { '': 1 } } } }, 'request.body.set.'],
    [{ response: { body: { template: { a: ['${nobody}'] } } } }, 'response.body.template'],
  ])('says where %j is wrong', (change, place) => {
    const faults = shown(transformationFaults({ selector: '*', ...change }));
    expect(faults).not.toEqual([]);
    expect(faults.every((fault) => fault.startsWith(`${place}: `))).toBe(true);
  });
});

describe('transformationRouteFaults', () => {
  const routes = [{ method: 'GET', template: '/things/{id}', operation: 'getThing', tags: ['read'] }];

  it('has nothing against what fits', () => {
    const request = { headers: { set: { 'x-id': '${path.id}' } } };
    for (const selector of ['getThing', 'tag:read', 'GET /things/{id}', '*'])
      expect(transformationRouteFaults([{ selector, request }], routes, [])).toEqual([]);
  });

  it('objects to selectors and parameters that no operation has, and to the credential’s header', () => {
    const faults = transformationRouteFaults(
      [
        { selector: 'getThings' },
        { selector: '*', request: { path: { rewrite: '/x/${path.other}' } } },
        { selector: '*', request: { headers: { remove: ['authorization'] } } },
      ],
      routes,
      ['Authorization'],
    );
    expect(shown(faults)).toEqual([
      '0.selector: no operation is called "getThings"',
      '1.selector: no operation here has the path parameter "other"',
      '2.request.headers: "Authorization" carries the upstream\'s credential',
    ]);
  });
});
