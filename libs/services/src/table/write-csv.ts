import { csvRows } from '../csv/csv-rows.js';
import { type Table, cellText } from './table.js';

/**
 * A table as CSV (RFC 4180, UTF-8, a header row first), in pieces that end with a whole row: no more than a page is in memory.
 * Instants are ISO 8601 in UTC. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export async function* writeCsv(table: Table): AsyncGenerator<string, void, undefined> {
  yield csvRows([table.header]);
  for await (const rows of table.pages()) yield csvRows(rows.map((row) => row.map(cellText)));
}
