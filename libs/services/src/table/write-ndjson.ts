import { type Cell, type Table, cellText } from './table.js';

/**
 * A table as JSON lines, an object a row with the columns as keys. Decimals, amounts (in major units) and whole numbers beyond
 * 2^53 are strings, so that no digit is lost; instants are ISO 8601 in UTC.
 */
export async function* writeNdjson(table: Table): AsyncGenerator<string, void, undefined> {
  for await (const rows of table.pages()) {
    yield rows
      .map(
        (row) =>
          `${JSON.stringify(Object.fromEntries(row.map((cell, index) => [table.header[index]!, jsonOf(cell)])))}\n`,
      )
      .join('');
  }
}

function jsonOf(cell: Cell): string | number | null {
  return typeof cell === 'number' ? cell : cellText(cell);
}
