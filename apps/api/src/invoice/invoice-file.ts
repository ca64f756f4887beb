import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';

/** A PDF that the browser saves under the invoice's number. */
export function pdfFile(bytes: Uint8Array, name: string): StreamableFile {
  return new StreamableFile(bytes, { type: 'application/pdf', disposition: attachment(`${name}.pdf`) });
}

/** CSV that is sent while it is read. */
export function csvFile(rows: AsyncIterable<string | Uint8Array>, name: string): StreamableFile {
  return new StreamableFile(Readable.from(rows, { objectMode: false }), {
    type: 'text/csv; charset=utf-8',
    disposition: attachment(`${name}.csv`),
  });
}

function attachment(fileName: string): string {
  return `attachment; filename="${fileName.replace(/[^A-Za-z0-9._-]/g, '-')}"`;
}
