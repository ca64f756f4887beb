import { open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';

/** One change of the store: what to put, or the id to delete. */
export type Change = ['put', string, { readonly id: string }] | ['delete', string, string];

/**
 * State that survives a crash. The file is a log with one line per transaction, so a change costs its own size and not
 * that of all the money ever made; opening it writes a compact copy, which replaces the log by a rename. A last line
 * without its end was never acknowledged, and is dropped.
 */
export class StateFile {
  private pending: string[] = [];
  private written: Promise<void> = Promise.resolve();

  private constructor(
    private readonly handle: FileHandle,
    private initialChanges: Change[],
  ) {}

  static async open(path: string): Promise<StateFile> {
    const changes = await readChanges(path);
    const replacement = `${path}.new`;
    const text = changes.map((change) => `${JSON.stringify([change])}\n`).join('');
    await writeFile(replacement, text, { mode: 0o600, flush: true });
    await rename(replacement, path);
    return new StateFile(await open(path, 'a', 0o600), changes);
  }

  /** What the file held when it was opened; the caller owns it from here. */
  takeInitialChanges(): Change[] {
    const changes = this.initialChanges;
    this.initialChanges = [];
    return changes;
  }

  append(changes: readonly Change[]): void {
    this.pending.push(`${JSON.stringify(changes)}\n`);
  }

  /**
   * Resolves when everything appended so far is on disk; callers that wait together share one write. After a failed
   * write every later call fails too: the sandbox must not go on as if money were safe.
   */
  flushed(): Promise<void> {
    if (this.pending.length > 0) this.written = this.written.then(() => this.writePending());
    return this.written;
  }

  async close(): Promise<void> {
    await this.flushed().finally(() => this.handle.close());
  }

  private async writePending(): Promise<void> {
    if (this.pending.length === 0) return;
    const text = this.pending.join('');
    this.pending = [];
    await this.handle.appendFile(text);
    await this.handle.datasync();
  }
}

/** The last change of each object, in the order in which the objects were first put. */
async function readChanges(path: string): Promise<Change[]> {
  const lines = (await readFile(path, 'utf8').catch(ignoreMissing)).split('\n').slice(0, -1);
  const latest = new Map<string, Change>();
  for (const [index, line] of lines.entries()) {
    for (const change of parseLine(line, path, index + 1)) {
      const key = `${change[1]}/${change[0] === 'put' ? change[2].id : change[2]}`;
      if (change[0] === 'put') latest.set(key, change);
      else latest.delete(key);
    }
  }
  return [...latest.values()];
}

function parseLine(line: string, path: string, lineNumber: number): Change[] {
  try {
    return JSON.parse(line) as Change[];
  } catch (cause) {
    throw new Error(`Line ${lineNumber} of ${path} is not JSON. Move the file away to start the sandbox empty.`, {
      cause,
    });
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
