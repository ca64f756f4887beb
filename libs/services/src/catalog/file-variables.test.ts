import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeVariables, substituteVariables } from './file-variables.js';

const noValue = (name: string) => {
  throw new Error(`no value for ${name}`);
};

describe('variables of a catalogue file', () => {
  it('are replaced in every text, and in no key', () => {
    const tree = { '${a}': ['x ${a}${b}', 1, null, { b: '$${a} and ${request.id}' }] };
    expect(substituteVariables(tree, (name) => name.toUpperCase())).toEqual({
      '${a}': ['x AB', 1, null, { b: '${a} and ${request.id}' }],
    });
  });

  it('are not looked for in a value', () => {
    expect(substituteVariables('${a}', () => '${b} $${c}')).toBe('${b} $${c}');
  });

  it('give every text back that was escaped, whatever dollars and braces it has', () => {
    const part = fc.constantFrom('$', '{', '}', 'a', 'plan', '${plan}', '.', '\n');
    const texts = fc.array(part).map((parts) => parts.join(''));
    fc.assert(fc.property(texts, (text) => substituteVariables(escapeVariables(text), noValue) === text));
  });
});
