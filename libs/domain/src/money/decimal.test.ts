import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromScaled, toScaled } from '../../../../test/support/plan-arbitraries.js';
import { InvalidError } from '../problem/tollgate-error.js';
import {
  addDecimals,
  compareDecimals,
  decimalPlaces,
  formatDecimal,
  isDecimal,
  multiplyDecimals,
  parseDecimal,
} from './decimal.js';

const largest = 10n ** 38n - 1n;
const aScaled = fc.bigInt(0n, largest);

describe('parseDecimal', () => {
  it.each(['0', '0.0', '1', '29.00', '0.000000000001', `${'9'.repeat(26)}.${'9'.repeat(12)}`])('accepts %s', (text) => {
    expect(isDecimal(text)).toBe(true);
    expect(parseDecimal(text).eq(new Big(text))).toBe(true);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '-1',
    '-0',
    '+1',
    '.5',
    '5.',
    '01',
    '00',
    '1e3',
    '1E3',
    '0x10',
    '1,000',
    '1_000',
    'NaN',
    'Infinity',
    '١',
    '0.0000000000001',
    '1'.repeat(27),
  ])('refuses %j', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => parseDecimal(text)).toThrow(InvalidError);
  });

  it('names the field and what is expected', () => {
    expect(() => parseDecimal('-1', 'fixedFee')).toThrow(
      'fixedFee: "-1" is not a decimal. Write digits such as "12.5"',
    );
  });

  it('keeps every digit of any decimal that fits NUMERIC(38,12)', () => {
    fc.assert(
      fc.property(aScaled, (scaled) => {
        expect(toScaled(formatDecimal(parseDecimal(fromScaled(scaled))))).toBe(scaled);
      }),
    );
  });
});

describe('formatDecimal', () => {
  it.each([
    ['1.500000000000', '1.5'],
    ['0.000000000001', '0.000000000001'],
    ['10000000000000000000000000', '10000000000000000000000000'],
    ['0.00', '0'],
    ['100', '100'],
  ])('writes %s as %s, never with an exponent', (text, expected) => {
    expect(formatDecimal(parseDecimal(text))).toBe(expected);
  });
});

describe('decimal arithmetic', () => {
  it('adds what binary floating point cannot', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(addDecimals()).toBe('0');
  });

  it('adds exactly', () => {
    const half = fc.bigInt(0n, largest / 2n);
    fc.assert(
      fc.property(half, half, (left, right) => {
        expect(toScaled(addDecimals(fromScaled(left), fromScaled(right)))).toBe(left + right);
      }),
    );
  });

  it('multiplies exactly, to all 24 places', () => {
    expect(multiplyDecimals('0.000000000001', '0.000000000001')).toBe(`0.${'0'.repeat(23)}1`);
    fc.assert(
      fc.property(aScaled, aScaled, (left, right) => {
        const product = multiplyDecimals(fromScaled(left), fromScaled(right));
        const [whole = '', fraction = ''] = product.split('.');
        expect(BigInt(whole + fraction.padEnd(24, '0'))).toBe(left * right);
      }),
    );
  });

  it('compares by value, not by spelling', () => {
    expect(compareDecimals('1.0', '1')).toBe(0);
    expect(compareDecimals('9', '10')).toBeLessThan(0);
    expect(compareDecimals('10', '9.999999999999')).toBeGreaterThan(0);
  });

  it('counts the places a value needs, not those it was written with', () => {
    expect(['29', '29.00', '0.50', '0.005'].map((text) => decimalPlaces(parseDecimal(text)))).toEqual([0, 0, 1, 3]);
  });
});
