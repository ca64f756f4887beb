import { describe, expect, it } from 'vitest';
import { compactAccount, isBic, isIban, printedIban, transferReference } from './bank-account.js';

describe('a bank account', () => {
  // Examples of the SWIFT IBAN registry.
  it.each([
    'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19',
    'no93 8601 1117 947',
    'MT84MALT011000012345MTLCAST001S',
  ])('has an IBAN whose check digits fit: %s', (iban) => expect(isIban(compactAccount(iban))).toBe(true));

  it.each(['DE89370400440532013001', 'DE88370400440532013000', 'DE8937040044', 'de89370400440532013000', '', 'XX'])(
    'has no IBAN with a slip in it: %s',
    (iban) => expect(isIban(iban)).toBe(false),
  );

  it.each([
    ['COBADEFF', true],
    ['COBADEFFXXX', true],
    ['COBADEFFX', false],
    ['C0BADEFF', false],
  ])('has a BIC of 8 or 11 places: %s', (bic, isOne) => expect(isBic(bic)).toBe(isOne));

  it('is printed in groups of four, and asks for the number of the invoice', () => {
    const account = { iban: 'DE89370400440532013000', bic: null, referenceText: 'Atlas' };
    expect(printedIban(account.iban)).toBe('DE89 3704 0044 0532 0130 00');
    expect(transferReference(account, 'TG-000007')).toBe('Atlas TG-000007');
    expect(transferReference({ ...account, referenceText: null }, 'TG-000007')).toBe('TG-000007');
  });
});
