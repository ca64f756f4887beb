import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | bigint | null;

/** A number written out, such as an amount: whatever it begins with, no spreadsheet takes it for a formula. */
const DECIMAL = /^-\d+(\.\d+)?$/;

/**
 * Rows as CSV (RFC 4180, UTF-8), each with its line break. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe; negative numbers are left as they are.
 */
export function csvRows(rows: readonly (readonly CsvCell[])[]): string {
  return stringify(rows as CsvCell[][], {
    record_delimiter: '\r\n',
    // Quotes are set for whole delimiters only; a lone line break would split the row.
    quoted_match: /[\r\n]/,
    escape_formulas: true,
    cast: { string: (text) => (DECIMAL.test(text) ? { value: text, escape_formulas: false } : text) },
  });
}
