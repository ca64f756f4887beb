import { describe, expect, it } from 'vitest';
import { FRESH, type Protocol, bytesIn, protocolOf, withCrossing } from './translation-words.js';

describe('a translation that is edited', () => {
  it('begins with the protocol that was chosen', () => {
    for (const protocol of ['grpc', 'graphql', 'soap'] satisfies Protocol[])
      expect(protocolOf(FRESH[protocol])).toBe(protocol);
  });

  it('has descriptors as long as their file', () => {
    for (const file of ['', 'a', 'ab', 'abc', 'abcd']) expect(bytesIn(btoa(file))).toBe(file.length);
  });

  it('has header fields that cross it on either way, or says nothing of them', () => {
    const asked = withCrossing(undefined, 'request', ['x-tenant']);
    expect(asked).toEqual({ request: ['x-tenant'] });
    const both = withCrossing(asked, 'response', ['x-served-by']);
    expect(both).toEqual({ request: ['x-tenant'], response: ['x-served-by'] });
    expect(withCrossing(both, 'request', [])).toEqual({ response: ['x-served-by'] });
    expect(withCrossing(asked, 'request', [])).toBeUndefined();
  });
});
