const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** Codes that name something, but no country. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** True for the two letters of a country in ISO 3166-1. */
export function isKnownCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRIES.has(code) && names.of(code) !== undefined;
}
