import { describe, expect, it } from 'vitest';
import { canonicalAttributes } from './report-attributes.js';

describe('the attributes of a reported event', () => {
  it('are the same text whatever order their keys come in', () => {
    const one = canonicalAttributes({ user: { id: 7, name: 'Ada' }, tags: ['b', 'a', null, true] });
    const other = canonicalAttributes({ tags: ['b', 'a', null, true], user: { name: 'Ada', id: 7 } });
    expect(one).toBe('{"tags":["b","a",null,true],"user":{"id":7,"name":"Ada"}}');
    expect(other).toBe(one);
  });

  it.each([
    ['no object', [1]],
    ['nothing', null],
    ['a text that is too long', { user: 'x'.repeat(1_001) }],
    ['a name that is too long', { ['x'.repeat(1_001)]: 1 }],
    ['too many values', { users: Array(200).fill(1) }],
    ['what is nested too deep', JSON.parse(`${'{"a":'.repeat(9)}{}${'}'.repeat(9)}`)],
    ['what would end the stack', JSON.parse(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
  ])('are not %s', (_, value) => {
    expect(canonicalAttributes(value)).toBeNull();
  });
});
