/** The files that were chosen under the names that a catalogue file has for them, and those that it has none for. */
export function matchFiles<Chosen extends { readonly name: string }>(
  named: readonly string[],
  chosen: readonly Chosen[],
): { readonly matches: readonly (readonly [string, Chosen])[]; readonly others: readonly Chosen[] } {
  // Browsers tell the last part of a path only.
  const matches = named.flatMap((name) => {
    const file = chosen.find((one) => one.name === name.split('/').at(-1));
    return file ? [[name, file] as const] : [];
  });
  return { matches, others: chosen.filter((file) => matches.every(([, match]) => match !== file)) };
}
