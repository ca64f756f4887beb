import type { ElectronicFile, TableFormat } from '#services';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

/** A PDF that the browser saves under the invoice's number. */
export function pdfFile(bytes: Uint8Array, name: string): StreamableFile {
  return new StreamableFile(bytes, { type: 'application/pdf', disposition: attachment(`${name}.pdf`) });
}

/** The media types of exports. */
export const exportTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A file that is sent while it is read; who stops reading it stops its making. */
export function exportFile(
  content: AsyncIterable<string | Uint8Array>,
  name: string,
  format: TableFormat,
): StreamableFile {
  return new StreamableFile(Readable.from(content, { objectMode: false }), {
    type: format === 'xlsx' ? exportTypes[format] : `${exportTypes[format]}; charset=utf-8`,
    disposition: attachment(`${name}.${format}`),
  });
}

/** CSV that is sent while it is read. */
export function csvFile(rows: AsyncIterable<string | Uint8Array>, name: string): StreamableFile {
  return exportFile(rows, name, 'csv');
}

/** A document by EN 16931 that the browser saves. */
export function ublFile({ number, xml }: ElectronicFile): StreamableFile {
  return new StreamableFile(Buffer.from(xml), {
    type: 'application/xml; charset=utf-8',
    disposition: attachment(`${number}.xml`),
  });
}

/** A JSON document that the browser saves. */
export function jsonFile(document: Readonly<Record<string, unknown>>, name: string): StreamableFile {
  return new StreamableFile(Buffer.from(`${JSON.stringify(document, null, 2)}\n`), {
    type: 'application/json; charset=utf-8',
    disposition: attachment(`${name}.json`),
  });
}

function attachment(fileName: string): string {
  return `attachment; filename="${fileName.replace(/[^A-Za-z0-9._-]/g, '-')}"`;
}
