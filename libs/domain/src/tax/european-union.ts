/** Member states with the country codes of ISO 3166-1: https://european-union.europa.eu/principles-countries-history */
const MEMBER_STATES: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** The member states, by ISO 3166-1. */
export const EUROPEAN_UNION: readonly string[] = [...MEMBER_STATES];

/** True for the ISO 3166-1 code of a member state of the European Union; Greece is GR here, and EL in its VAT numbers. */
export function isInEuropeanUnion(country: string): boolean {
  return MEMBER_STATES.has(country);
}
