import { createHash } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFileAtomically } from '#journal';
import { readLines } from './read-lines.js';
import type { Snapshot, SnapshotPart } from './snapshot.js';

const FORMAT = 'tollgate-snapshot-2';
const CHUNK_BYTES = 1024 * 1024;

/** What the disk copy knows beside the snapshot itself. */
export interface DiskCopyHeader {
  readonly number: number;
  /** How far Tollgate's clock ran ahead of the machine's. */
  readonly clockOffsetMs: number;
}

export interface DiskCopy extends DiskCopyHeader {
  /** The content, read from disk as it is asked for. Read it before the next copy is written. */
  parts(): AsyncGenerator<SnapshotPart>;
}

/**
 * The snapshot on disk, so that a gateway starts while the database is away. A file of JSON lines: a header, parts of
 * the content, and the SHA-256 of all lines before. It holds hashes of keys and sealed secrets, never the plain ones.
 * Written and read in pieces: a million keys are never in memory as text.
 */
export class SnapshotFile {
  private readonly file: string;

  constructor(folder: string) {
    this.file = path.join(folder, 'snapshot.jsonl');
  }

  /**
   * Replaces the copy. Yields to requests between the parts; a change that comes meanwhile may be in it or not, which is
   * harmless, as it is named in the change log after the header's number.
   */
  write(snapshot: Snapshot, clockOffsetMs: number): Promise<void> {
    return writeFileAtomically(this.file, linesOf(snapshot, clockOffsetMs));
  }

  /** The copy, or null when there is none, or none that is whole and of this format. */
  async read(): Promise<DiskCopy | null> {
    const handle = await fs.open(this.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return null;
    try {
      const end = (await handle.stat()).size - TRAILER_BYTES;
      if (end <= 0 || (await readTrailer(handle, end)) !== (await hashUpTo(handle, end))) return null;
      const header = await readHeader(handle, end);
      return header && { ...header, parts: () => this.parts(end) };
    } finally {
      await handle.close();
    }
  }

  private async *parts(end: number): AsyncGenerator<SnapshotPart> {
    const handle = await fs.open(this.file);
    try {
      let isHeader = true;
      for await (const line of readLines(readUpTo(handle, end))) {
        if (!isHeader) yield JSON.parse(line) as SnapshotPart;
        isHeader = false;
      }
    } finally {
      await handle.close();
    }
  }
}

async function* linesOf(snapshot: Snapshot, clockOffsetMs: number): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (content: object) => {
    const line = `${JSON.stringify(content)}\n`;
    hash.update(line);
    return line;
  };
  yield hashed({ format: FORMAT, number: snapshot.number, clockOffsetMs });
  for (const part of snapshot.parts()) {
    yield hashed(part);
    await nextTurn();
  }
  yield trailer(hash.digest('hex'));
}

function trailer(sha256: string): string {
  return `${JSON.stringify({ sha256 })}\n`;
}

const TRAILER_BYTES = trailer('0'.repeat(64)).length;

/** The hash that the last line names; null when that is no such line. */
async function readTrailer(handle: FileHandle, at: number): Promise<string | null> {
  const { buffer } = await handle.read(Buffer.alloc(TRAILER_BYTES), 0, TRAILER_BYTES, at);
  const text = buffer.toString('latin1');
  const sha256 = text.slice(TRAILER_BYTES - 67, -3);
  return text === trailer(sha256) ? sha256 : null;
}

async function hashUpTo(handle: FileHandle, end: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readUpTo(handle, end)) hash.update(chunk);
  return hash.digest('hex');
}

async function readHeader(handle: FileHandle, end: number): Promise<DiskCopyHeader | null> {
  for await (const line of readLines(readUpTo(handle, end))) {
    const { format, number, clockOffsetMs } = JSON.parse(line) as DiskCopyHeader & { format: string };
    return format === FORMAT ? { number, clockOffsetMs } : null;
  }
  return null;
}

/** The bytes before `end`, in chunks. */
async function* readUpTo(handle: FileHandle, end: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < end;) {
    const length = Math.min(CHUNK_BYTES, end - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
