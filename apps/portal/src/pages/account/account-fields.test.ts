import { expect, it } from 'vitest';
import { emailFault, faultsOf, hasFaults, passwordFault, requiredFault } from './account-fields.js';

it('takes any address that could be one, and no other', () => {
  expect(['ada@example.com', ' ada@localhost ', 'ø@x.no'].map(emailFault)).toEqual([undefined, undefined, undefined]);
  expect(emailFault('')).toMatch(/Enter/);
  expect(emailFault('ada@')).toMatch(/not a complete/);
  expect(emailFault('ada lovelace@example.com')).toMatch(/not a complete/);
});

it('asks for a password of some length', () => {
  expect(passwordFault('short')).toMatch(/at least 10/);
  expect(passwordFault('correct horse')).toBeUndefined();
});

it('keeps only what is wrong', () => {
  const faults = faultsOf({ name: requiredFault(' ', 'Enter a name.'), email: undefined });
  expect(faults).toEqual({ name: 'Enter a name.' });
  expect(hasFaults(faults)).toBe(true);
  expect(hasFaults(faultsOf({ name: undefined }))).toBe(false);
});
