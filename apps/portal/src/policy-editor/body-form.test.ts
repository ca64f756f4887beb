import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyForm, type BodyWords, type SetField, bodyForm, bodyWords, jsonFault } from './body-form.js';

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
/** Without members that are undefined, which neither a file nor the page has. */
const said = <Whole extends object>(whole: Whole): Whole =>
  Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as Whole;

/** Values as they come by HTTP, where there is no -0. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const pointer = fc.string().map((text) => `/${text}`);
const shared = {
  maxBytes: optional(fc.nat()),
  remove: optional(fc.array(pointer)),
  rename: optional(fc.array(fc.record({ from: pointer, to: pointer }))),
  tooLarge: optional(fc.constantFrom('pass' as const, 'refuse' as const)),
};
const words = fc
  .record({ ...shared, set: optional(fc.dictionary(pointer, json)), template: optional(json) })
  .map((one) => said(one) as BodyWords);

const shownJson = (value: unknown) => JSON.stringify(value, null, 2);
const setField: fc.Arbitrary<SetField> = fc.oneof(
  fc.record({ pointer, as: fc.constant('text' as const), value: fc.string() }),
  fc.record({
    pointer,
    as: fc.constant('json' as const),
    value: fc.oneof(
      json.filter((value) => typeof value !== 'string').map(shownJson),
      fc.constant(shownJson('two\nlines')),
    ),
  }),
);
const form = fc
  .record({
    ...shared,
    set: optional(fc.uniqueArray(setField, { selector: (row) => row.pointer })),
    template: optional(json.map(shownJson)),
  })
  .map((one) => said(one) as BodyForm);

describe('changes of bodies on the page', () => {
  it('say the same as the file, whatever it says', () => {
    fc.assert(
      fc.property(words, (one) => {
        expect(bodyWords(bodyForm(one))).toEqual(one);
      }),
    );
  });

  it('are on the page again as they were, whatever was typed', () => {
    fc.assert(
      fc.property(form, (one) => {
        expect(bodyForm(bodyWords(one))).toEqual(one);
      }),
    );
  });

  it('tell texts from numbers that look alike, and null from nothing', () => {
    const one: BodyWords = { set: { '/a': '5', '/b': 5, '/c': 'two\nlines', '/d': null }, template: null };
    expect(bodyForm(one)).toEqual({
      set: [
        { pointer: '/a', as: 'text', value: '5' },
        { pointer: '/b', as: 'json', value: '5' },
        { pointer: '/c', as: 'json', value: '"two\\nlines"' },
        { pointer: '/d', as: 'json', value: 'null' },
      ],
      template: 'null',
    });
  });

  it('leave the last of two values for one pointer', () => {
    const row = (value: string): SetField => ({ pointer: '/by', as: 'text', value });
    expect(bodyWords({ set: [row('first'), row('last')] })).toEqual({ set: { '/by': 'last' } });
  });

  it('may have the names that objects have of themselves', () => {
    const one = { set: [{ pointer: '__proto__', as: 'text' as const, value: 'x' }] };
    expect(bodyForm(bodyWords(one))).toEqual(one);
  });

  it('are refused while a value or the template is not JSON', () => {
    expect(() => bodyWords({ template: '{ "data": ' })).toThrow(SyntaxError);
    expect(() => bodyWords({ set: [{ pointer: '/a', as: 'json', value: '' }] })).toThrow(SyntaxError);
  });
});

describe('a text that is to be JSON', () => {
  it.each(['{ "data": "${body}" }', 'null', '0', '-12.50', '1e21', '9007199254740991', '["12345678901234567890"]'])(
    'is fine as %s',
    (text) => expect(jsonFault(text)).toBeUndefined(),
  );

  it.each(['{', '{ data: 1 }', "'text'", '${body}', '[1,]', ''])('is told when it is none: %s', (text) =>
    expect(jsonFault(text)).toMatch(/^This is not JSON: ./),
  );

  it.each(['12345678901234567890', '{ "a": [1e999] }', '9'.repeat(400)])(
    'is told when numbers in it would be others: %s',
    (text) => expect(jsonFault(text)).toContain('more digits than are kept: write it as a text'),
  );
});
