import fs from 'node:fs';
import path from 'node:path';

const defaultMaxBytes = 16 * 1024 * 1024;
const NAME = /^decisions-(\d+)-(\d+)\.log$/;

/** Keeps the admitted calls that are not recorded yet on the disk of the journal, so that a crash loses none of them. */
export class DecisionLog {
  private descriptor: number | null = null;
  private file = '';
  private bytes = 0;
  private number = 0;
  private readonly open = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly epoch: number,
    private readonly onError: (error: Error) => void,
    private readonly maxBytes = defaultMaxBytes,
  ) {}

  /** Returns when a crash of the process would not lose it; a power cut may. @throws what the disk says. */
  begin(requestId: string, record: string): void {
    this.write(`+${requestId} ${record}\n`);
    this.open.set(requestId, record);
    if (this.bytes > this.maxBytes) this.beginFile();
  }

  /** It is recorded. */
  end(requestId: string): void {
    if (!this.open.delete(requestId) || this.descriptor === null) return;
    try {
      this.write(`-${requestId}\n`);
    } catch (error) {
      // It is found again at the next start, and the ledger takes an id once.
      this.onError(error as Error);
    }
  }

  /** Ends it; without a file where nothing is open any more. */
  close(): void {
    if (this.descriptor === null) return;
    fs.closeSync(this.descriptor);
    this.descriptor = null;
    if (this.open.size === 0) fs.rmSync(this.file, { force: true });
  }

  private write(line: string): void {
    if (this.descriptor === null) this.beginFile();
    // By place: what a write has left behind that failed is written over by the next.
    this.bytes += writeWhole(this.descriptor!, line, this.bytes);
  }

  /** Goes on in a new file with what is open, and lets go of the one before. */
  private beginFile(): void {
    const file = path.join(this.folder, `decisions-${this.epoch}-${++this.number}.log`);
    const descriptor = fs.openSync(file, 'wx', 0o600);
    const lines = [...this.open].map(([requestId, record]) => `+${requestId} ${record}\n`).join('');
    let bytes: number;
    try {
      bytes = writeWhole(descriptor, lines, 0);
    } catch (error) {
      fs.closeSync(descriptor);
      fs.rmSync(file, { force: true });
      throw error;
    }
    const before = this.descriptor;
    const fileBefore = this.file;
    [this.descriptor, this.file, this.bytes] = [descriptor, file, bytes];
    if (before === null) return;
    fs.closeSync(before);
    fs.rmSync(fileBefore, { force: true });
  }
}

/** Writes a text at a place; a disk may take it in parts. Returns its bytes. @throws what the disk says */
function writeWhole(descriptor: number, text: string, at: number): number {
  const buffer = Buffer.from(text);
  let done = 0;
  while (done < buffer.length) done += fs.writeSync(descriptor, buffer, done, buffer.length - done, at + done);
  return buffer.length;
}

/** What earlier starts have left in a folder: the records of calls that were not recorded, by request id; and the files of it. */
export function readLeftDecisions(folder: string): {
  readonly records: ReadonlyMap<string, string>;
  readonly files: readonly string[];
} {
  const names = fs.readdirSync(folder).filter((name) => NAME.test(name));
  const records = new Map<string, string>();
  const ended = new Set<string>();
  const files = names.map((name) => path.join(folder, name));
  for (const file of files) {
    // The last line may be torn: what was not written whole was never answered.
    const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines) {
      const [id = '', ...record] = line.slice(1).split(' ');
      if (line.startsWith('+')) records.set(id, record.join(' '));
      else if (line.startsWith('-')) ended.add(id);
    }
  }
  for (const id of ended) records.delete(id);
  return { records, files };
}
