import { describe, expect, it } from 'vitest';
import { InvalidError } from '../problem/tollgate-error.js';
import { formatInvoiceNumber } from './invoice-number.js';

describe('formatInvoiceNumber', () => {
  it.each([
    ['TG', 1, 'TG-000001'],
    ['TG', 42, 'TG-000042'],
    ['TG', 999_999, 'TG-999999'],
    ['TG', 1_000_000, 'TG-1000000'],
    ['ACME-DE', 7, 'ACME-DE-000007'],
    ['A', 1, 'A-000001'],
    ['ABCDEFGHIJKL', 1, 'ABCDEFGHIJKL-000001'],
  ])('numbers %s %i as %s', (prefix, sequence, expected) => {
    expect(formatInvoiceNumber(prefix, sequence)).toBe(expected);
  });

  it('keeps the order of issue when sorted as text', () => {
    const numbers = [1, 2, 9, 10, 99, 100, 123_456, 999_999].map((sequence) => formatInvoiceNumber('TG', sequence));
    expect(numbers.toSorted()).toEqual(numbers);
  });

  it.each(['', 'tg', 'TG ', '-TG', 'TG-', 'T/G', 'ABCDEFGHIJKLM', '=TG', 'TG\n'])('refuses the prefix %j', (prefix) => {
    expect(() => formatInvoiceNumber(prefix, 1)).toThrow(InvalidError);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuses the sequence %d', (sequence) => {
    expect(() => formatInvoiceNumber('TG', sequence)).toThrow(/count from 1/);
  });
});
