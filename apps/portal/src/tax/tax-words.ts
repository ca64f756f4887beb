import type { Tax } from '../api/types.js';

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
