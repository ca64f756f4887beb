import { describe, expect, it } from 'vitest';
import { minorOfInput } from './minor-input.js';

describe('an amount that a person writes', () => {
  it.each([
    ['12.50', 'USD', '1250'],
    ['-0.05', 'EUR', '-5'],
    ['7', 'JPY', '7'],
    ['1.234', 'KWD', '1234'],
    [' 3 ', 'USD', '300'],
    ['-0', 'USD', '0'],
  ])('%s %s is %s minor units', (text, currency, minor) => {
    expect(minorOfInput(text, currency)).toBe(minor);
  });

  it.each(['', 'ten', '1,5', '1.005', '1e3', '--1', '1.'])('"%s" is none', (text) => {
    expect(minorOfInput(text, 'USD')).toBeNull();
  });
});
