const COLLATOR = new Intl.Collator('en');

/** Orders names as an English reader expects: "Åland Islands" beside "Albania". */
export function compareText(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}
