import { createHash } from 'node:crypto';
import { countRows } from './archive-folder.js';

/** What rows are known again by. */
export interface RowDigest {
  /** SHA-256 of all of them, in hex. */
  readonly sha256: string;
  readonly rowCount: number;
}

/** Reads rows to their end; memory does not grow with their number. */
export async function digestRows(rows: AsyncIterable<Buffer>): Promise<RowDigest> {
  const hash = createHash('sha256');
  let rowCount = 0;
  for await (const chunk of rows) {
    hash.update(chunk);
    rowCount += countRows(chunk);
  }
  return { sha256: hash.digest('hex'), rowCount };
}
