import { describe, expect, it } from 'vitest';
import { pathTemplateFault, pathTemplateShape } from './path-template.js';

describe('pathTemplateFault', () => {
  it.each(['/', '/countries', '/countries/', '/a/{id}', '/files/{name}.{extension}', '/a/{x-y}/b:c', '/v1/@me', '/é'])(
    'finds nothing wrong with %s',
    (template) => {
      expect(pathTemplateFault(template)).toBeNull();
    },
  );

  it.each([
    '',
    'countries',
    '/a?b=1',
    '/a#b',
    '/a b',
    '/a\\b',
    '/a\u0000',
    '/{id',
    '/id}',
    '/{a{b}}',
    '/{}',
    '/{a/b}',
    '/{a}/{a}',
    '/a//b',
    '//a',
    '/a/../b',
    '/./a',
    '/a/%2E%2e',
  ])('finds a fault in "%s"', (template) => {
    expect(pathTemplateFault(template)).not.toBeNull();
  });
});

describe('pathTemplateShape', () => {
  it('is the same for templates that differ only in names', () => {
    expect(pathTemplateShape('/a/{x}.{y}')).toBe(pathTemplateShape('/a/{p}.{q}'));
    expect(pathTemplateShape('/a/{x}')).not.toBe(pathTemplateShape('/a/x'));
  });
});
