import type { BillingDetails, Tax } from '../api/types.js';

/** What finance calls the categories of tax. */
export const taxCategories: Readonly<Record<Tax['category'], string>> = {
  standard: 'Standard rate',
  reduced: 'Reduced rate',
  zero: 'Zero rate',
  exempt: 'Exempt',
  reverse_charge: 'Reverse charge',
  outside_scope: 'Outside the scope',
};

/** A country, or the part of it with rates of its own: "CA-QC". */
export function placeCode(country: string | null, region: string | null): string {
  return [country, region].filter(Boolean).join('-');
}

/** The lines of an address as they are printed, without the country: a postal code that none of them has comes last. */
export function printedAddress({ addressLines, postalCode }: PrintedAddress): readonly string[] {
  if (!postalCode || addressLines.some((line) => compact(line).includes(compact(postalCode)))) return addressLines;
  return [...addressLines, postalCode];
}

interface PrintedAddress {
  readonly addressLines: readonly string[];
  readonly postalCode?: string | null;
}

function compact(text: string): string {
  return text.replaceAll(/[ -]/g, '').toUpperCase();
}

/** A tax number with what the register says of it, where it is asked: "DE136695976 (of Atlas GmbH, says the register)". */
export function taxNumberWords(value: string, checks: BillingDetails['taxIdChecks']): string {
  const check = checks.find((one) => one.value === value);
  switch (check?.state) {
    case 'registered':
      return `${value} (${check.name === null ? 'in the register' : `of ${check.name}, says the register`})`;
    case 'unknown':
      return `${value} (not in the register)`;
    case 'waiting':
      return `${value} (the register has not answered yet)`;
    case undefined:
      return value;
  }
}
