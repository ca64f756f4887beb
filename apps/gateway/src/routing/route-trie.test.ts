import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPath } from './canonical-path.js';
import { RouteTrie } from './route-trie.js';

function trieOf(...templates: string[]): RouteTrie<string> {
  const trie = new RouteTrie<string>();
  for (const template of templates) trie.at(template, () => template);
  return trie;
}

describe('a route trie', () => {
  it('prefers literal text, segment by segment, and falls back to parameters', () => {
    const trie = trieOf(
      '/things/{id}',
      '/things/mine',
      '/{kind}/mine/parts',
      '/things/{id}/parts',
      '/things/{name}.json',
    );
    expect(trie.find('/things/mine')).toBe('/things/mine');
    expect(trie.find('/things/7')).toBe('/things/{id}');
    expect(trie.find('/things/7.json')).toBe('/things/{name}.json');
    expect(trie.find('/things/mine/parts')).toBe('/things/{id}/parts');
    expect(trie.find('/other/mine/parts')).toBe('/{kind}/mine/parts');
  });

  it('matches a whole segment with a parameter, never none and never two', () => {
    const trie = trieOf('/things/{id}');
    for (const path of ['/things', '/things/', '/things/a/b', '/things/a/', '/Things/a'])
      expect(trie.find(path)).toBeNull();
    expect(trie.find('/things/a%2Fb')).toBe('/things/{id}');
  });

  it('matches several parameters in one segment', () => {
    const trie = trieOf('/{from}-{to}.{format}');
    expect(trie.find('/a-b.json')).toBe('/{from}-{to}.{format}');
    for (const path of ['/-b.json', '/a-.json', '/a-b.', '/ab.json']) expect(trie.find(path)).toBeNull();
  });

  it('finds literal text however the template spells it', () => {
    expect(trieOf('/größe/a b').find(canonicalPath('/gr%c3%b6%c3%9fe/a%20b')!)).toBe('/größe/a b');
    expect(trieOf('/gr%C3%B6%C3%9Fe').find(canonicalPath('/gr%c3%b6%c3%9fe')!)).toBe('/gr%C3%B6%C3%9Fe');
  });

  it('knows the root and the trailing slash as places of their own', () => {
    const trie = trieOf('/', '/things/');
    expect(trie.find('/')).toBe('/');
    expect(trie.find('/things/')).toBe('/things/');
    expect(trie.find('/things')).toBeNull();
  });

  it('takes the same template once, whatever its parameters are called', () => {
    const trie = new RouteTrie<string[]>();
    trie.at('/things/{id}', () => []).push('GET');
    trie.at('/things/{thingId}', () => []).push('PUT');
    expect(trie.find('/things/1')).toEqual(['GET', 'PUT']);
  });

  it('finds every template by a path made from it', () => {
    const segment = fc.constantFrom('a', 'b', '{x}', '{y}.json', 'v{z}');
    fc.assert(
      fc.property(
        fc.array(fc.array(segment, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        (lists) => {
          const templates = lists.map((list) => `/${list.join('/')}`);
          const trie = trieOf(...templates);
          for (const template of templates) expect(trie.find(template.replaceAll(/\{\w\}/g, 'qq'))).not.toBeNull();
        },
      ),
    );
  });
});
