import { describe, expect, it } from 'vitest';
import { BodyChanges } from './body-changes.js';
import { jsonText, parseJson } from './json-text.js';
import type { Variables } from './variables.js';

const variables: Variables = {
  'request.id': 'r',
  'consumer.id': 'c',
  'application.id': 'a',
  plan: 'pro',
  mode: 'live',
  pathParameters: new Map(),
};
const changed = (body: string, set: Readonly<Record<string, unknown>>) =>
  jsonText(new BodyChanges({ set }).applyTo(parseJson(body), variables));
/** As a document store gives it back, which keeps no order of members. */
const turned = (set: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(set).toReversed());

describe('fields that are set', () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, object]>([
    ['swap two', '{"a":1,"b":2}', { '/a': '${body/b}', '/b': '${body/a}' }, { a: 2, b: 1 }],
    [
      'have what was there before any of them was set',
      '{"a":{"x":1}}',
      { '/copy': '${body/a}', '/a/x': 2 },
      { a: { x: 2 }, copy: { x: 1 } },
    ],
    ['come after the one that they are within', '{}', { '/a/b': '${plan}', '/a': { c: 1 } }, { a: { c: 1, b: 'pro' } }],
  ])('%s, in whatever order they come', (_what, body, set, wanted) => {
    expect(JSON.parse(changed(body, set))).toEqual(wanted);
    expect(JSON.parse(changed(body, turned(set)))).toEqual(wanted);
  });

  it('may hold the whole body that they are in, and share nothing with it', () => {
    expect(JSON.parse(changed('{"a":1}', { '/before': '${body}' }))).toEqual({ a: 1, before: { a: 1 } });
    expect(JSON.parse(changed('{"a":{"b":[1]}}', { '/a/b/0': '${body/a}', '/c': ['${body/a/b}'] }))).toEqual({
      a: { b: [{ b: [1] }] },
      c: [[1]],
    });
  });

  it('keep all digits of numbers that they take from the body', () => {
    expect(changed('{"a":{"n":12345678901234567890}}', { '/b': '${body/a}' })).toBe(
      '{"a":{"n":12345678901234567890},"b":{"n":12345678901234567890}}',
    );
  });
});
