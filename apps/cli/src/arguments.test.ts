import { describe, expect, it } from 'vitest';
import { organizationId, subscriptionId } from './arguments.js';

describe('the id before the options', () => {
  const id = '019b2f10-5a3c-7c10-8f2e-0123456789ab';

  it('is taken in either case', () => {
    expect(subscriptionId(id.toUpperCase())).toBe(id);
    expect(organizationId(id)).toBe(id);
  });

  it('is refused before the database sees it when it is none', () => {
    for (const word of [undefined, '--json', '-'.repeat(36), id.slice(1)]) {
      expect(() => subscriptionId(word)).toThrow('expected the id of a subscription');
      expect(() => organizationId(word)).toThrow('expected the id of an organization');
    }
  });
});
