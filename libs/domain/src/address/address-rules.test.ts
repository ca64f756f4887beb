import { describe, expect, it } from 'vitest';
import { AddressRules } from './address-rules.js';

describe('AddressRules', () => {
  it('permits only what is allowed when anything is', () => {
    const rules = new AddressRules({ allow: ['192.0.2.0/24'], deny: [] });
    expect(rules.permits('192.0.2.1')).toBe(true);
    expect(rules.permits('198.51.100.1')).toBe(false);
    expect(rules.permits('unknown')).toBe(false);
  });

  it('lets a denial win over a permission', () => {
    const rules = new AddressRules({ allow: ['192.0.2.0/24'], deny: ['192.0.2.66'] });
    expect(rules.permits('192.0.2.66')).toBe(false);
    expect(rules.permits('192.0.2.67')).toBe(true);
  });

  it('permits all but what is denied when nothing is allowed by name', () => {
    const rules = new AddressRules({ allow: [], deny: ['2001:db8::/32'] });
    expect(rules.permits('2001:db8::1')).toBe(false);
    expect(rules.permits('192.0.2.1')).toBe(true);
  });
});
