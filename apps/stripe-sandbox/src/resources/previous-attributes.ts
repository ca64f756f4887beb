/** What an update's event says about before: the fields that it changed, with their old values. */
export function previousOf<T extends object>(before: T, after: T): Partial<T> {
  const entries = Object.entries(before) as [keyof T, unknown][];
  const differing = entries.filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(after[key]));
  return Object.fromEntries(differing) as Partial<T>;
}
