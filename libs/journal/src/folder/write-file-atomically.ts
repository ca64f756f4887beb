import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './sync-folder.js';

/**
 * Replaces a file as a whole: a reader, or a restart after a crash at any moment, finds the old content or the new one,
 * never a part. Only the owner may read it. One writer at a time. Content that comes in pieces is written as it comes.
 */
export async function writeFileAtomically(
  file: string,
  content: string | Buffer | AsyncIterable<string>,
): Promise<void> {
  const draft = `${file}.draft`;
  const handle = await fs.open(draft, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await fs.rename(draft, file);
  await syncFolder(path.dirname(file));
}
