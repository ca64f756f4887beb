import { describe, expect, it } from 'vitest';
import { printedAddress } from './billing-details.js';

describe('the address as it is printed', () => {
  it.each([
    ['no postal code', ['1 Main St', 'Bern'], null, ['1 Main St', 'Bern']],
    ['one of its own', ['350 5th Ave', 'New York'], '10118', ['350 5th Ave', 'New York', '10118']],
    ['one that a line has', ['Hauptstr. 1', '10117 Berlin'], '10117', ['Hauptstr. 1', '10117 Berlin']],
    ['one that a line writes otherwise', ['Montréal QC h2x1y4'], 'H2X 1Y4', ['Montréal QC h2x1y4']],
    ['nothing else', [], '10117', ['10117']],
  ])('has %s', (_, addressLines, postalCode, printed) => {
    expect(printedAddress({ addressLines, postalCode })).toEqual(printed);
  });

  it('is its lines on an invoice that was made before postal codes were kept', () => {
    expect(printedAddress({ addressLines: ['Bern'] })).toEqual(['Bern']);
  });
});
