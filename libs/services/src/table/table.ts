import { formatMinor } from '#domain';

/** Money in a cell: written with all places of its currency. */
export interface AmountCell {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** A number in a cell that is too long for a JavaScript one; exact. */
export interface DecimalCell {
  readonly decimal: string;
}

/** What stands in a cell, before a format decides how. A string is text, whatever it looks like. */
export type Cell = string | number | bigint | Date | AmountCell | DecimalCell | null;

/** A cell as text that loses no digit: amounts in major units with all places, instants ISO 8601 in UTC; null for nothing. */
export function cellText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell !== 'object') return cell.toString();
  if (cell instanceof Date) return cell.toISOString();
  return 'decimal' in cell ? cell.decimal : formatMinor(cell.amountMinor, cell.currency);
}

/** The columns of a table by their names, in order: what each has in the cell of a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** Rows for somebody else's program, in no format yet. */
export interface Table {
  /** For people: "Invoices". At most 28 characters, none of `: \ / ? * [ ]`. */
  readonly name: string;
  readonly header: readonly string[];
  /** The rows in pages, so that memory does not grow with their number. Can be read again. */
  pages(): AsyncIterable<readonly (readonly Cell[])[]>;
}

/** A table of the pages that `read` gives. */
export function tableOf<Row>(
  name: string,
  columns: Columns<Row>,
  read: () => AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
): Table {
  const cells = Object.values(columns);
  return {
    name,
    header: Object.keys(columns),
    async *pages() {
      for await (const rows of read()) yield rows.map((row) => cells.map((cell) => cell(row)));
    },
  };
}

/** How many rows of an export are in memory at a time, unless said otherwise. */
export const PAGE_SIZE = 1000;

/** The pages of a listing that goes on after the last row of the page before; ends with the first that is not full. */
export async function* pagesOf<Row>(
  pageSize: number,
  read: (after: Row | null, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void, undefined> {
  let after: Row | null = null;
  for (;;) {
    const page: readonly Row[] = await read(after, pageSize);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    after = page.at(-1)!;
  }
}
