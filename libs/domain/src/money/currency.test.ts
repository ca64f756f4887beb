import { data, publishDate } from 'currency-codes';
import { describe, expect, it } from 'vitest';
import { InvalidError } from '../problem/tollgate-error.js';
import { currencyCodes, isCurrency, minorDigits } from './currency.js';

/** Metals, units of account, the test code and "no currency": ISO 4217 gives them no minor unit. */
const withoutMinorUnit = new Set([
  'XAG',
  'XAU',
  'XBA',
  'XBB',
  'XBC',
  'XBD',
  'XDR',
  'XPD',
  'XPT',
  'XSU',
  'XTS',
  'XUA',
  'XXX',
]);
/** Came with amendment 176 (2025-03-31), after the list that the package was made from. */
const newerThanPackage = ['XCG'];

describe('the currency table', () => {
  it(`agrees with the published list of ${publishDate}, code by code`, () => {
    const published = data.filter(({ code }) => !withoutMinorUnit.has(code));
    expect(published.length).toBeGreaterThan(150);
    for (const { code, digits } of published) expect([code, minorDigits(code)]).toEqual([code, digits]);
  });

  it('has nothing that the published list does not have, but for newer codes', () => {
    const published = new Set([...data.map(({ code }) => code), ...newerThanPackage]);
    expect(currencyCodes.filter((code) => !published.has(code))).toEqual([]);
  });

  it('lists each code once, in order', () => {
    expect([...new Set(currencyCodes)].toSorted()).toEqual(currencyCodes);
  });
});

describe('minorDigits', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['XCG', 2],
  ])('%s has %i', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
  });

  it.each(['usd', 'US', 'USDT', '', 'XXX', 'XAU', 'constructor', ' USD'])('refuses %j and says what to use', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => minorDigits(code)).toThrow(InvalidError);
    expect(() => minorDigits(code)).toThrow(/ISO 4217/);
  });
});
