/** The place in a list of `count` that a key leads to, round its ends; null for keys that lead nowhere. */
export function stepFrom(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (from + 1) % count;
  return key === 'ArrowUp' ? (from - 1 + count) % count : null;
}
