import { describe, expect, it } from 'vitest';
import { mailIdentity } from './mail-identity.js';

describe('the identity behind an e-mail address', () => {
  it.each([
    ['Ada.Lovelace+trial2@Gmail.com', 'adalovelace@gmail.com'],
    ['a.d.a@googlemail.com', 'ada@gmail.com'],
    ['ada+x+y@outlook.com', 'ada@outlook.com'],
    ['ada+1@pm.me', 'ada@proton.me'],
  ])('takes %s for %s', (email, identity) => {
    expect(mailIdentity(email)).toBe(identity);
  });

  it.each(['a.da@example.com', 'ada+x@example.com', 'a.da@outlook.com', '+x@gmail.com', 'nobody'])(
    'leaves %s as it is, where dots and tags may tell people apart',
    (email) => {
      expect(mailIdentity(email)).toBe(email);
    },
  );
});
