import fs from 'node:fs/promises';
import path from 'node:path';
import { JournalError } from '../journal-error.js';
import { writeFileAtomically } from './write-file-atomically.js';

/** The last epoch that was begun in a journal folder, 0 when none was. */
export async function readLastEpoch(folder: string): Promise<number> {
  const file = epochFile(folder);
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0';
    throw error;
  });
  const epoch = Number(text.trim());
  if (Number.isSafeInteger(epoch) && epoch >= 0) return epoch;
  throw new JournalError(
    'journal_epoch_unreadable',
    `${file} must hold the number of the last epoch, not "${text.slice(0, 40)}".`,
  );
}

/** Remembers that an epoch has begun, before anything is written in it: no restart uses its number again. */
export async function writeLastEpoch(folder: string, epoch: number): Promise<void> {
  await writeFileAtomically(epochFile(folder), `${epoch}\n`);
}

function epochFile(folder: string): string {
  return path.join(folder, 'epoch');
}
