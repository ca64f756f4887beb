import { InvalidError, type TaxId, isInEuropeanUnion } from '#domain';
import { isKnownCountry } from './known-country.js';

/** What a business is registered under for tax, by country: which number of the library it is, and what it is called. */
const NUMBERS: Readonly<Record<string, readonly [key: string, name: string]>> = {
  AT: ['uid', 'UID'],
  BE: ['vat', 'BTW/TVA number'],
  BG: ['vat', 'VAT number'],
  CY: ['vat', 'VAT number'],
  CZ: ['dic', 'DIČ'],
  DE: ['vat', 'USt-IdNr.'],
  DK: ['cvr', 'CVR number'],
  EE: ['kmkr', 'KMKR number'],
  ES: ['nif', 'NIF'],
  FI: ['alv', 'ALV number'],
  FR: ['tva', 'TVA number'],
  GR: ['vat', 'AFM'],
  HR: ['oib', 'OIB'],
  HU: ['anum', 'ANUM'],
  IE: ['vat', 'VAT number'],
  IT: ['iva', 'partita IVA'],
  LT: ['pvm', 'PVM code'],
  LU: ['tva', 'TVA number'],
  LV: ['pvn', 'PVN number'],
  MT: ['vat', 'VAT number'],
  NL: ['btw', 'BTW number'],
  PL: ['nip', 'NIP'],
  PT: ['nif', 'NIF'],
  RO: ['cif', 'CIF'],
  SE: ['vat', 'VAT number'],
  SI: ['ddv', 'DDV number'],
  SK: ['dph', 'IČ DPH'],
  AU: ['abn', 'ABN'],
  CA: ['gst', 'GST number'],
  CH: ['vat', 'MWST/TVA/IVA number'],
  GB: ['vat', 'VAT number'],
  IN: ['gstin', 'GSTIN'],
  NO: ['mva', 'MVA number'],
  NZ: ['ird', 'IRD number'],
  US: ['ein', 'EIN'],
};

/** Of countries whose numbers nobody checks here. */
const OTHER = /^[A-Z0-9](?:[A-Z0-9 ./-]{0,28}[A-Z0-9])?$/;

/**
 * The tax number as it is printed, when its form and its check digits are right: "136 695 976" of DE is "DE136695976". Of a
 * country whose form is not known it is letters, digits and separators, at most 30. Whether a tax office has given it to
 * its owner nobody is asked.
 * @throws InvalidError `tax_id_invalid` that names `field`, what is expected and what is wrong
 */
export async function checkTaxId({ country, value }: TaxId, field = 'taxId'): Promise<TaxId> {
  if (!isKnownCountry(country))
    throw new InvalidError('tax_id_invalid', `${field}.country: expected a country code such as DE (ISO 3166-1).`);
  const typed = value.trim().toUpperCase();
  const [key, name] = NUMBERS[country] ?? [];
  if (key === undefined || name === undefined) {
    if (OTHER.test(typed)) return { country, value: typed };
    throw new InvalidError(
      'tax_id_invalid',
      `${field}.value: expected at most 30 letters, digits, blanks, ".", "/" or "-".`,
    );
  }
  // Only where a number is checked: the library has those of a hundred countries.
  const { stdnum } = await import('stdnum');
  const number = stdnum[country]![key]!;
  const result = number.validate(typed);
  if (!result.isValid)
    throw new InvalidError(
      'tax_id_invalid',
      `${field}.value: "${value}" is no ${name} of ${country}: ${reasonOf(result.error)}`,
    );
  if (isInEuropeanUnion(country)) return { country, value: `${country === 'GR' ? 'EL' : country}${result.compact}` };
  return { country, value: country === 'GB' ? `GB${result.compact}` : number.format(typed) };
}

function reasonOf({ name }: Error): string {
  switch (name) {
    case 'InvalidChecksum':
      return 'its check digits do not fit. Look for a digit that was mistyped.';
    case 'InvalidLength':
      return 'it is too long or too short.';
    default:
      return 'it does not have that form.';
  }
}
