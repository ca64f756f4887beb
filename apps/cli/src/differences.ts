/** One place in which two things differ, as texts; null where there is nothing. */
interface Difference {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A line for each difference: "+" for what is new, "−" for what goes, "~" for what changes. */
export function differenceLines(differences: readonly Difference[]): string {
  return differences.map((difference) => `    ${lineOf(difference)}\n`).join('');
}

function lineOf({ path, from, to }: Difference): string {
  if (from === null) return `+ ${path}: ${to}`;
  return to === null ? `− ${path}: ${from}` : `~ ${path}: ${from} → ${to}`;
}
