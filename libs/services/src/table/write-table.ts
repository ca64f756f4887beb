import type { Table } from './table.js';
import { writeCsv } from './write-csv.js';
import { writeNdjson } from './write-ndjson.js';
import { writeXlsx } from './xlsx/write-xlsx.js';

/** The formats that every table can be had in. */
export const tableFormats = ['csv', 'ndjson', 'xlsx'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** A table in a format, in pieces, in memory that does not grow with the number of rows. */
export function writeTable(table: Table, format: TableFormat, writtenAt: Date): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return writeCsv(table);
    case 'ndjson':
      return writeNdjson(table);
    case 'xlsx':
      return writeXlsx([table], { writtenAt });
  }
}
