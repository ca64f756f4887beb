import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PolicyWords,
  movedTo,
  policyForm,
  policyWords,
  ruleBy,
  ruleOf,
  selectorChoices,
  withAuthentication,
  withChangePart,
} from './policy-words.js';

describe('policies that are edited', () => {
  it('have no section for callers once nothing is said of them', () => {
    const mtls = withAuthentication({ sizes: {} }, 'mtls', {});
    expect(mtls).toEqual({ sizes: {}, authentication: { mtls: {} } });
    const both = withAuthentication(mtls, 'keys', { bearer: false });
    expect(withAuthentication(both, 'mtls', undefined)).toEqual({
      sizes: {},
      authentication: { keys: { bearer: false } },
    });
    expect(withAuthentication(mtls, 'mtls', undefined)).toEqual({ sizes: {} });
  });

  it('keep of a change all but the part that is edited, and lose a side that is empty', () => {
    const change = { selector: '*', request: { body: { template: 'null' } } };
    const both = withChangePart(change, 'request', 'headers', { remove: ['a'] });
    expect(both.request).toEqual({ body: { template: 'null' }, headers: { remove: ['a'] } });
    expect(withChangePart(both, 'request', 'headers', undefined)).toEqual(change);
    const answer = withChangePart({ selector: '*' }, 'response', 'headers', { remove: ['a'] });
    expect(withChangePart(answer, 'response', 'headers', undefined)).toEqual({ selector: '*' });
  });

  it('are sent as they came, with what the page does not know too', () => {
    // As they come by HTTP, where there is no -0.
    const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    const parts = (side: string) =>
      fc.dictionary(fc.constantFrom('headers', 'query', 'path', `${side}-of-tomorrow`), json);
    const body = fc.dictionary(fc.constantFrom('template', 'remove', 'bound-of-tomorrow'), json);
    const side = (name: string) =>
      fc.tuple(parts(name), fc.option(body)).map(([one, changed]) => ({ ...one, ...(changed && { body: changed }) }));
    const transformation = fc
      .tuple(fc.string(), side('request'), side('response'), fc.boolean())
      .map(([selector, request, response, isLater]) => ({ selector, request, response, ...(isLater && { when: 1 }) }));
    const policies = fc
      .tuple(fc.array(transformation), fc.dictionary(fc.constantFrom('translation', 'mock', 'later'), json))
      .map(([transformations, others]) => ({ ...others, transformations }) as unknown as PolicyWords);
    fc.assert(
      fc.property(policies, (words) => {
        expect(policyWords(policyForm(words))).toEqual(words);
      }),
    );
    expect(policyWords(policyForm({}))).toEqual({});
  });

  it('have rules of billing by a header or by a pointer, for some values or all but these, and never both', () => {
    const rule = { selector: '*', header: 'x-error', noneOf: ['yes'] };
    expect(ruleBy(rule, 'pointer')).toEqual({ selector: '*', pointer: 'x-error', noneOf: ['yes'] });
    expect(ruleBy(ruleBy(rule, 'pointer'), 'header')).toEqual(rule);
    expect(ruleOf(rule, 'oneOf', ['yes'])).toEqual({ selector: '*', header: 'x-error', oneOf: ['yes'] });
  });

  it('have lists whose items are moved, and nothing else', () => {
    expect(movedTo(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(movedTo(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(movedTo(['a'], 3, 0)).toEqual(['a']);
  });

  it('name each tag and operation once', () => {
    const routes = [
      { operation: 'getNow', tags: ['now'] },
      { operation: 'getYear', tags: ['now', 'archive'] },
    ];
    expect(selectorChoices(routes)).toEqual(['*', 'tag:now', 'tag:archive', 'getNow', 'getYear']);
  });
});
