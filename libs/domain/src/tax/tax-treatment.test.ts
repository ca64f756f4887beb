import { describe, expect, it } from 'vitest';
import type { TaxId } from './tax-id.js';
import type { TaxRate } from './tax-rate.js';
import { REVERSE_CHARGE_NOTE, type TaxBasis, decideTax } from './tax-treatment.js';

const aRate = (overrides: Partial<TaxRate> = {}): TaxRate => ({
  id: 'rate',
  sellerSlug: 'default',
  country: 'DE',
  region: null,
  category: 'standard',
  name: 'VAT',
  percent: '19',
  taxId: null,
  note: null,
  validFrom: new Date('2020-01-01T00:00:00Z'),
  validTo: null,
  ...overrides,
});
const german: TaxId = { country: 'DE', value: 'DE136695976' };
const french: TaxId = { country: 'FR', value: 'FR40303265045' };
const norwegian: TaxId = { country: 'NO', value: '995525828MVA' };
const nobody: TaxBasis['buyer'] = { country: null, region: null, taxIds: [], exemptionReason: null };

const rates = [
  aRate(),
  aRate({ category: 'reduced', percent: '7' }),
  aRate({ country: 'AT', percent: '20' }),
  aRate({ country: 'CH', percent: '8.1', name: 'MwSt.', taxId: 'CHE-123.456.788 MWST' }),
  aRate({ country: 'NO', percent: '25', name: 'MVA' }),
  aRate({ country: 'NO', category: 'reverse_charge', percent: '0', name: 'MVA', note: 'Omvendt avgiftsplikt.' }),
  aRate({ country: 'CA', percent: '5', name: 'GST' }),
  aRate({ country: 'CA', region: 'QC', percent: '9.975', name: 'QST' }),
  aRate({ country: 'CA', region: 'QC', percent: '5', name: 'GST' }),
  aRate({ country: 'GB', category: 'exempt', percent: '0', note: 'Exempt by Schedule 9.' }),
];
const decide = (buyer: Partial<TaxBasis['buyer']>, basis: Partial<TaxBasis> = {}) =>
  decideTax({
    seller: { country: 'DE' },
    rates,
    buyer: { ...nobody, ...buyer },
    category: 'standard',
    at: new Date('2026-02-28T23:59:59.999Z'),
    ...basis,
  });
const short = (treatment: ReturnType<typeof decideTax>) => [
  treatment.category,
  ...treatment.rates.map(({ name, percent }) => `${name} ${percent}`),
];

describe('how an invoice is taxed', () => {
  it.each<[string, Partial<TaxBasis['buyer']>, readonly string[]]>([
    ['a buyer in the seller’s country pays its rate', { country: 'DE' }, ['standard', 'VAT 19']],
    ['a business there too', { country: 'DE', taxIds: [german] }, ['standard', 'VAT 19']],
    ['a buyer whose country nobody has said is taken to be there', {}, ['standard', 'VAT 19']],
    [
      'a business in another member state owes it itself',
      { country: 'FR', taxIds: [french] },
      ['reverse_charge', 'VAT 0'],
    ],
    ['even where the seller has a rate', { country: 'AT', taxIds: [french] }, ['reverse_charge', 'VAT 0']],
    ['but not with a number of the seller’s own country', { country: 'FR', taxIds: [german] }, ['standard', 'VAT 19']],
    ['nor with a number of no member state', { country: 'FR', taxIds: [norwegian] }, ['standard', 'VAT 19']],
    ['a consumer there pays the rate of there', { country: 'AT' }, ['standard', 'VAT 20']],
    ['or the seller’s own, where it has none there', { country: 'FR' }, ['standard', 'VAT 19']],
    [
      'a number of the union does not free a buyer outside',
      { country: 'CH', taxIds: [french] },
      ['standard', 'MwSt. 8.1'],
    ],
    ['a consumer elsewhere pays the rate of there', { country: 'NO' }, ['standard', 'MVA 25']],
    [
      'a business owes it itself where the seller says so',
      { country: 'NO', taxIds: [norwegian] },
      ['reverse_charge', 'MVA 0'],
    ],
    ['but not with a number of elsewhere', { country: 'NO', taxIds: [french] }, ['standard', 'MVA 25']],
    ['a region without rates has those of the country', { country: 'CA', region: 'AB' }, ['standard', 'GST 5']],
    ['one with rates has its own, all of them', { country: 'CA', region: 'QC' }, ['standard', 'GST 5', 'QST 9.975']],
    ['what the law exempts there is exempt', { country: 'GB' }, ['exempt', 'VAT 0']],
    ['nothing is charged where the seller has no rate', { country: 'US' }, ['outside_scope', 'Tax 0']],
    ['nor to an exempt buyer', { country: 'DE', exemptionReason: 'Embassy' }, ['exempt', 'VAT 0']],
    [
      'whose exemption comes before anything else',
      { country: 'FR', taxIds: [french], exemptionReason: 'NATO' },
      ['exempt', 'VAT 0'],
    ],
  ])('%s', (_, buyer, expected) => {
    expect(short(decide(buyer))).toEqual(expected);
  });

  it('takes the rate of the product’s category, or the standard one where there is none', () => {
    expect(short(decide({ country: 'DE' }, { category: 'reduced' }))).toEqual(['reduced', 'VAT 7']);
    expect(short(decide({ country: 'AT' }, { category: 'reduced' }))).toEqual(['standard', 'VAT 20']);
    expect(short(decide({ country: 'GB' }, { category: 'zero' }))).toEqual(['exempt', 'VAT 0']);
  });

  it('takes the rate that is in force at the last instant of the period', () => {
    const at = new Date('2026-07-01T00:00:00Z');
    const changing = [aRate({ validTo: at }), aRate({ percent: '21', validFrom: at })];
    const before = new Date(at.getTime() - 1);
    expect(short(decide({ country: 'DE' }, { rates: changing, at: before }))).toEqual(['standard', 'VAT 19']);
    expect(short(decide({ country: 'DE' }, { rates: changing, at }))).toEqual(['standard', 'VAT 21']);
    const over = changing.slice(0, 1);
    expect(short(decide({ country: 'DE' }, { rates: over, at }))).toEqual(['outside_scope', 'Tax 0']);
  });

  it('charges nothing of a seller without rates, wherever it and its buyers are', () => {
    for (const country of [null, 'DE', 'FR'])
      expect(short(decide({ country, taxIds: [french] }, { rates: [], seller: { country: null } }))).toEqual([
        'outside_scope',
        'Tax 0',
      ]);
  });

  it('states what the law wants on the invoice, and from what it follows', () => {
    expect(decide({ country: 'FR', taxIds: [french] })).toMatchObject({
      note: REVERSE_CHARGE_NOTE,
      explanation: 'Seller in DE, business with a VAT number in FR: the buyer owes the tax.',
    });
    expect(decide({ country: 'NO', taxIds: [norwegian] }).note).toBe('Omvendt avgiftsplikt.');
    expect(decide({ country: 'DE', exemptionReason: 'Embassy, § 4 Nr. 7 UStG' }).note).toBe('Embassy, § 4 Nr. 7 UStG');
    expect(decide({ country: 'GB' })).toMatchObject({
      note: 'Exempt by Schedule 9.',
      explanation: 'The buyer is in GB: exempt there.',
    });
    expect(decide({ country: 'CA', region: 'QC' })).toMatchObject({
      note: null,
      explanation: 'The buyer is in CA-QC: GST at 5 % and QST at 9.975 %.',
    });
    expect(decide({}).explanation).toBe("The buyer's country is not known, and is taken to be DE: VAT at 19 %.");
  });

  it('calls what is not charged as the seller calls its tax there, or at home', () => {
    const swissFirst = [aRate({ country: 'CH', name: 'MWST', percent: '8.1' }), aRate({ name: 'USt.' })];
    const nameOf = (buyer: Partial<TaxBasis['buyer']>) => decide(buyer, { rates: swissFirst }).rates[0]!.name;
    expect(nameOf({ country: 'FR', taxIds: [french] })).toBe('USt.');
    expect(nameOf({ country: 'CH', exemptionReason: 'Embassy' })).toBe('MWST');
  });

  it('names the seller’s number of where it is taxed', () => {
    expect(decide({ country: 'CH' }).sellerTaxId).toBe('CHE-123.456.788 MWST');
    expect(decide({ country: 'DE' }).sellerTaxId).toBeNull();
  });
});
