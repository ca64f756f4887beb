/** What is done to header fields or query parameters, in the order in which gateways do it. */
export const CHANGE_KINDS = ['remove', 'rename', 'set', 'add'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Changes as a transformation says them. */
export interface ChangeWords {
  readonly remove?: readonly string[];
  readonly rename?: Readonly<Record<string, string | undefined>>;
  readonly set?: Readonly<Record<string, string | undefined>>;
  readonly add?: Readonly<Record<string, string | undefined>>;
}

/** One of them as a row of the page. */
export interface ChangeRow {
  readonly kind: ChangeKind;
  readonly name: string;
  /** The new name or the value; empty for what is removed. */
  readonly value: string;
}

/** The changes as rows, in the order in which gateways make them. */
export function changeRows(words: ChangeWords | undefined): ChangeRow[] {
  return CHANGE_KINDS.flatMap((kind): ChangeRow[] =>
    kind === 'remove'
      ? (words?.remove ?? []).map((name) => ({ kind, name, value: '' }))
      : Object.entries(words?.[kind] ?? {}).map(([name, value = '']) => ({ kind, name, value })),
  );
}

/** The rows as a transformation says them; undefined for none. Of two with one kind and name the last one is left. */
export function changesOf(rows: readonly ChangeRow[]): ChangeWords | undefined {
  const of = (kind: ChangeKind) => rows.filter((row) => row.kind === kind);
  const parts = CHANGE_KINDS.filter((kind) => of(kind).length > 0).map((kind) => [
    kind,
    kind === 'remove'
      ? of(kind).map(({ name }) => name)
      : Object.fromEntries(of(kind).map(({ name, value }) => [name, value])),
  ]);
  return parts.length === 0 ? undefined : (Object.fromEntries(parts) as ChangeWords);
}

/** Where faults of a row are, below the changes: "set.x-trace", "remove.0". */
export function faultPlace(rows: readonly ChangeRow[], index: number): string {
  const { kind, name } = rows[index]!;
  if (kind !== 'remove') return `${kind}.${name}`;
  return `remove.${rows.slice(0, index).filter((row) => row.kind === 'remove').length}`;
}

/** True for a row that a later one with the same name takes the place of. */
export function isReplaced(rows: readonly ChangeRow[], index: number): boolean {
  const { kind, name } = rows[index]!;
  return kind !== 'remove' && rows.slice(index + 1).some((row) => row.kind === kind && row.name === name);
}
