import { describe, expect, it } from 'vitest';
import { type ProviderTax, taxedByProvider } from './provider-tax.js';

const vat: ProviderTax = {
  category: 'standard',
  name: 'VAT',
  percent: '19',
  country: 'DE',
  region: null,
  taxableMinor: 100n,
  taxMinor: 19n,
};
const nothing: ProviderTax = { ...vat, percent: '0', taxMinor: 0n };
const noReason = { exemptionReason: null };

describe('taxedByProvider', () => {
  it('keeps every tax that is charged, in order, and says where from', () => {
    const state: ProviderTax = { ...vat, name: 'QST', percent: '9.975', country: 'CA', region: 'QC', taxMinor: 10n };
    const federal: ProviderTax = { ...vat, name: 'GST', percent: '5', country: 'CA', taxMinor: 5n };
    const { taxes, treatment } = taxedByProvider([nothing, federal, state], noReason);
    expect(taxes).toEqual([
      { ...federal, position: 1 },
      { ...state, position: 2 },
    ]);
    expect(treatment).toMatchObject({
      category: 'standard',
      note: null,
      explanation: 'Computed by Stripe for CA: GST at 5 % and QST at 9.975 %.',
      source: 'provider',
    });
  });

  it.each([
    ['reverse_charge', 'FR', /Article 196/, 'Computed by Stripe for FR: the buyer owes the tax.'],
    ['reverse_charge', 'GB', /the customer owes the VAT/, 'Computed by Stripe for GB: the buyer owes the tax.'],
    ['exempt', 'DE', /Embassy/, 'Computed by Stripe for DE: exempt.'],
  ] as const)('says what must be printed of %s in %s', (category, country, note, explanation) => {
    const { taxes, treatment } = taxedByProvider([{ ...nothing, category, country }], { exemptionReason: 'Embassy' });
    expect(taxes).toHaveLength(1);
    expect(treatment).toMatchObject({ category, note: expect.stringMatching(note), explanation });
  });

  it('has one tax over nothing where the provider names none', () => {
    const { taxes, treatment } = taxedByProvider([], noReason);
    expect(taxes).toMatchObject([{ position: 1, category: 'outside_scope', percent: '0', taxMinor: 0n }]);
    expect(treatment.explanation).toBe('Computed by Stripe: no tax is charged there.');
  });
});
