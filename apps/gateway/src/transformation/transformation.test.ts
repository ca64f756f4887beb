import { isProtectedInRequests, isProtectedInResponses } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRewrittenInRequests, isRewrittenInResponses } from '../proxy/header-names.js';
import { canonicalPath } from '../routing/canonical-path.js';
import { PathParameters } from '../routing/path-parameters.js';
import { HeaderChanges } from './header-changes.js';
import { PathRewrite } from './path-rewrite.js';
import { transformationOf } from './transformation.js';
import type { Variables } from './variables.js';

const variables = (pathParameters: ReadonlyMap<string, string>): Variables => ({
  'request.id': 'r',
  'consumer.id': 'c',
  'application.id': 'a',
  plan: 'pro',
  mode: 'live',
  pathParameters,
});
/** Segments in which anything that a client can write is tried. */
const segment = fc
  .array(
    fc.oneof(
      fc.constantFrom('.', '..', '%2e', '%2F', '%25', '%0d', '%0a', '@', ';', '%C3%A9', 'x'),
      fc.string({ maxLength: 2 }),
    ),
  )
  .map((parts) => parts.join(''));

describe('a transformation of hostile paths', () => {
  it('never makes a header field with more than one line', () => {
    const changes = new HeaderChanges({ set: { 'x-id': 'id=${path.id}' } });
    const parameters = new PathParameters('/{id}');
    fc.assert(
      fc.property(segment, (text) => {
        const path = canonicalPath(`/${text}`);
        fc.pre(path !== null);
        const [, value] = changes.applyTo([], variables(parameters.valuesIn(path)));
        expect(value).toMatch(/^id=[\x21-\x7e]*$/);
      }),
    );
  });

  it('never makes a path with a dot segment, nor one that is not canonical', () => {
    const rewrite = new PathRewrite({ rewrite: '/a/${path.id}/.${path.id}/${path.id}.' });
    const parameters = new PathParameters('/{id}');
    fc.assert(
      fc.property(segment, (text) => {
        const path = canonicalPath(`/${text}`);
        fc.pre(path !== null);
        const rewritten = rewrite.applyTo(path, variables(parameters.valuesIn(path)));
        expect(canonicalPath(rewritten)).toBe(rewritten);
        expect(rewritten).not.toMatch(/(^|\/)\.\.?(\/|$)/);
      }),
    );
  });
});

describe('transformationOf', () => {
  const route = { method: 'GET', template: '/things', operation: 'listThings', tags: [] };

  it('is null for an operation that no selector means, so that it costs nothing', () => {
    expect(transformationOf([], route)).toBeNull();
    expect(transformationOf([{ selector: 'other', request: { path: { stripPrefix: '/a' } } }], route)).toBeNull();
  });

  it('takes the smallest bound where several change the body', () => {
    const request = (maxBytes: number) => ({ selector: '*', request: { body: { maxBytes } } });
    expect(transformationOf([request(9), request(7), request(8)], route)?.request?.maxBodyBytes).toBe(7);
  });
});

describe('the fields that only the gateway writes', () => {
  it('are all protected from transformations', () => {
    const names = [
      'connection',
      'te',
      'host',
      'expect',
      'via',
      'forwarded',
      'content-length',
      'x-forwarded-for',
      'x-api-key',
    ];
    const own = ['x-consumer-id', 'x-tollgate-mode', 'tollgate-request-id', 'ratelimit', 'ratelimit-policy', 'usage'];
    for (const name of [...names, ...own]) {
      if (isRewrittenInRequests(name)) expect([name, isProtectedInRequests(name)]).toEqual([name, true]);
      if (isRewrittenInResponses(name)) expect([name, isProtectedInResponses(name)]).toEqual([name, true]);
    }
  });
});
