import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseSegmentName } from '../format/segment-name.js';

/**
 * The segment files in a journal's folder and in the folders in it (one for each gateway process of a machine), in the
 * order in which each gateway wrote them. A folder that is not there holds none.
 */
export async function listSegmentFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readFolder(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isFile() && parseSegmentName(file)) files.push(file);
    if (!entry.isDirectory()) continue;
    const inner = await readFolder(file);
    files.push(...inner.filter(({ name }) => parseSegmentName(name)).map(({ name }) => path.join(file, name)));
  }
  return files.toSorted();
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
