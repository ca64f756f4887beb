import fs from 'node:fs';
import { ReusedBuffer } from '#journal';

/** Takes whole lines and never holds its caller up. */
export interface LineSink {
  /** `line` ends with a line feed. */
  write(line: string): void;
}

const flushMs = 100;
const flushAtLength = 32 * 1024;
/** What is gathered while nothing can be written; more is dropped, and counted. */
const maxLength = 4 * 1024 * 1024;
/** UTF-8 of a UTF-16 unit, at most. */
const maxBytesOfUnit = 3;

/**
 * Writes lines to a file descriptor in batches: when 32 KiB have gathered, and at the latest after a tenth of a second.
 * A regular file takes a batch at once: that costs less than to have another thread do it. Everything else is written one
 * batch at a time, outside of the event loop, so that a reader that is slow delays nothing; what does not fit into
 * 4 MiB meanwhile is dropped and counted. A process that is killed loses what it had gathered.
 */
export class LineWriter implements LineSink {
  dropped = 0;
  private gathered = '';
  private isWriting = false;
  private timer: NodeJS.Timeout | null = null;

  private readonly isFile: boolean;
  /** Of the batch that is being written, of which there is one at a time. */
  private readonly memory = new ReusedBuffer();

  constructor(private readonly descriptor = 1) {
    this.isFile = isRegularFile(descriptor);
  }

  write(line: string): void {
    if (this.gathered.length + line.length > maxLength) {
      this.dropped++;
      return;
    }
    this.gathered += line;
    if (this.gathered.length >= flushAtLength) this.flush();
    else this.timer ??= setTimeout(this.flush, flushMs);
  }

  /** Writes what has gathered and returns when it is written: for the end of the process. */
  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.writeAtOnce();
  }

  private writeAtOnce(): void {
    const bytes = this.takeGathered();
    try {
      for (let done = 0; done < bytes.length;) done += fs.writeSync(this.descriptor, bytes, done);
    } catch {
      // Nobody reads it any more, or there is no room for it.
    }
  }

  private readonly flush = (): void => {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.isWriting || this.gathered === '') return;
    if (this.isFile) return this.writeAtOnce();
    this.writeFrom(this.takeGathered(), 0);
  };

  /** As bytes, in the memory of the batch before unless that is still being written. */
  private takeGathered(): Buffer {
    const text = this.gathered;
    this.gathered = '';
    if (this.isWriting) return Buffer.from(text);
    const bytes = this.memory.take(text.length * maxBytesOfUnit);
    return bytes.subarray(0, bytes.write(text));
  }

  private writeFrom(bytes: Buffer, start: number): void {
    this.isWriting = true;
    fs.write(this.descriptor, bytes, start, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.writeFrom(bytes, start), flushMs);
      if (!error && start + written < bytes.length) return this.writeFrom(bytes, start + written);
      this.isWriting = false;
      if (this.gathered.length >= flushAtLength) this.flush();
      else if (this.gathered !== '') this.timer ??= setTimeout(this.flush, flushMs);
    });
  }
}

function isRegularFile(descriptor: number): boolean {
  try {
    return fs.fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}
