/** One of several values that have a name, as a row of the page. */
export interface NamedRow<Value> {
  readonly name: string;
  readonly value: Value;
}

/** Values by their names, as the file says them. */
export type NamedWords<Value> = Readonly<Record<string, Value | undefined>>;

/** The values as rows, in the order in which they come. */
export function namedRows<Value>(words: NamedWords<Value> | undefined): NamedRow<Value>[] {
  return Object.entries(words ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The rows as the file says them; undefined for none. Of two with one name the last one is left. */
export function namedWords<Value>(rows: readonly NamedRow<Value>[]): Readonly<Record<string, Value>> | undefined {
  return rows.length === 0 ? undefined : Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
