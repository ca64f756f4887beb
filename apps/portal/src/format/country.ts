const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
/** Codes that name something, but no country. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** What a country is called: "Germany" for DE; the code itself where it has no name. */
export function countryName(code: string): string {
  return names.of(code) ?? code;
}

/** Every country with its code, by name. */
export function countryChoices(): readonly { readonly value: string; readonly label: string }[] {
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  const seen = new Set<string>();
  return codes
    .filter((code) => !NO_COUNTRIES.has(code))
    .flatMap((value) => {
      const label = names.of(value);
      // Codes that a country has had before it was called what it is have the same name.
      if (label === undefined || seen.has(label) || new Intl.Locale(`und-${value}`).region !== value) return [];
      seen.add(label);
      return { value, label };
    })
    .toSorted((one, other) => one.label.localeCompare(other.label, 'en'));
}
