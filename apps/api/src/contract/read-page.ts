/** Rows of a list, and the last one of them when there are more. */
export interface ReadPage<Row> {
  readonly rows: readonly Row[];
  readonly last: Row | null;
}

/** A page of at most `limit` rows; `read` gives so many of them as it is asked for, or all that there are. */
export async function readPage<Row>(
  limit: number,
  read: (most: number) => Promise<readonly Row[]>,
): Promise<ReadPage<Row>> {
  const found = await read(limit + 1);
  const rows = found.slice(0, limit);
  return { rows, last: found.length > limit ? rows.at(-1)! : null };
}
