import fs from 'node:fs';
import path from 'node:path';
import { JournalError } from '../journal-error.js';

/** Holds a journal folder for this process until it is released or the process ends, however it ends. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder, creating it when it is not there. The lock names a process; one that no longer runs has lost it, and
 * so has one whose number was given to another process since. Works among the processes of one machine (of one
 * container): a folder shared over a network is not protected.
 * @throws JournalError `journal_folder_in_use` when a running process has it, `journal_folder_unusable` when this process may not
 * write there.
 */
export function lockFolder(folder: string): FolderLock {
  const file = path.join(folder, 'lock');
  const own = describeProcess(process.pid);
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(draft, own, { mode: 0o600 });
  } catch (error) {
    throw new JournalError(
      'journal_folder_unusable',
      `${folder} cannot hold the journal (${(error as Error).message}). Set JOURNAL_DIR to a folder on a disk of this machine that the gateway may write to.`,
    );
  }
  try {
    while (!tryLink(draft, file)) {
      const holder = readIfThere(file);
      if (holder === null) continue;
      if (isRunning(holder)) {
        throw new JournalError(
          'journal_folder_in_use',
          `${folder} is the journal of process ${holder.split(' ')[0]}, which runs. Give each gateway a JOURNAL_DIR of its own.`,
        );
      }
      if (readIfThere(file) === holder) fs.rmSync(file, { force: true });
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return {
    release: () => {
      if (readIfThere(file) === own) fs.rmSync(file, { force: true });
    },
  };
}

/** A link fails when the name is taken, and so exactly one of several processes gets it. */
function tryLink(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isRunning(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return describeProcess(pid) === holder;
}

/** Number and, where the system tells it, start time: numbers are used again, above all in containers. */
function describeProcess(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid} -`;
  }
}
