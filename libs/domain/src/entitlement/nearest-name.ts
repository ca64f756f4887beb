/** Longer texts are not compared: what was meant by them cannot be guessed. */
const MAX_LENGTH = 200;

/**
 * The one of `names` that differs from `text` in the fewest letters, upper and lower case being one; the first of those
 * that are equally near. Null when each differs in more than half of the letters of `text`.
 */
export function nearestName(text: string, names: readonly string[]): string | null {
  if (text.length > MAX_LENGTH) return null;
  let nearest: string | null = null;
  let least = Math.floor(text.length / 2) + 1;
  for (const name of names) {
    if (Math.abs(name.length - text.length) >= least) continue;
    const distance = editDistance(text.toLowerCase(), name.toLowerCase());
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** How many letters must be put in, taken out or changed to make one of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
