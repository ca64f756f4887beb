import { describe, expect, it } from 'vitest';
import { placeCode, printedAddress, taxNumberWords } from './tax-words.js';

describe('the words of tax', () => {
  it('name a place by its codes', () => {
    expect([placeCode('CA', 'QC'), placeCode('DE', null), placeCode(null, null)]).toEqual(['CA-QC', 'DE', '']);
  });

  it('print a postal code that no line of the address has', () => {
    const addressLines = ['Hauptstr. 1', '10117 Berlin'];
    expect(printedAddress({ addressLines, postalCode: '10117' })).toEqual(addressLines);
    expect(printedAddress({ addressLines, postalCode: '10115' })).toEqual([...addressLines, '10115']);
    expect(printedAddress({ addressLines, postalCode: null })).toEqual(addressLines);
    expect(printedAddress({ addressLines })).toEqual(addressLines);
  });

  it('say what the register knows of a number', () => {
    const check = { country: 'DE', value: 'DE1', state: 'registered', name: 'Atlas GmbH', checkedAt: null } as const;
    expect(taxNumberWords('DE1', [check])).toBe('DE1 (of Atlas GmbH, says the register)');
    expect(taxNumberWords('DE1', [{ ...check, state: 'unknown' }])).toBe('DE1 (not in the register)');
    expect(taxNumberWords('FR1', [check])).toBe('FR1');
  });
});
