import { describe, expect, it } from 'vitest';
import { type TaxRateInput, checkTaxRate } from './tax-rate.js';

const input: TaxRateInput = {
  sellerSlug: 'default',
  country: 'DE',
  region: null,
  category: 'standard',
  name: ' VAT ',
  percent: '19',
  taxId: ' ',
  note: null,
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validTo: null,
};

describe('a tax rate', () => {
  it('is kept without blanks around its texts, and without empty ones', () => {
    expect(checkTaxRate(input)).toEqual({ ...input, name: 'VAT', taxId: null });
  });

  it.each(['0.0001', '9.975', '100'])('is of %s per cent', (percent) => {
    expect(checkTaxRate({ ...input, percent }).percent).toBe(percent);
  });

  it.each<[string, Partial<TaxRateInput>]>([
    ['country', { country: 'de' }],
    ['region', { region: 'CA-QC' }],
    ['name', { name: ' ' }],
    ['name', { name: 'N'.repeat(21) }],
    ['percent', { percent: '19 %' }],
    ['percent', { percent: '-1' }],
    ['percent', { percent: '0.00001' }],
    ['percent', { percent: '100.01' }],
    ['percent', { percent: '0' }],
    ['percent', { percent: '1', category: 'zero' }],
    ['note', { percent: '0', category: 'exempt' }],
    ['note', { note: 'n'.repeat(301) }],
    ['taxId', { taxId: '1'.repeat(41) }],
    ['validTo', { validTo: input.validFrom }],
  ])('is refused, naming %s, with %j', (field, wrong) => {
    expect(() => checkTaxRate({ ...input, ...wrong })).toThrow(new RegExp(`^${field}: `));
  });
});
