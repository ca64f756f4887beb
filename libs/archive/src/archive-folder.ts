import { type Hash, createHash } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { faulty } from '#faults';
import { ArchiveReadError } from './archive-read-error.js';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

/** Rows of so many bytes make a block: what has to be read for one of them. */
const DEFAULT_BLOCK_BYTES = 1 << 20;
/** With a checksum of what was compressed, so that damage shows in whatever block is read. */
const COMPRESSION = { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } };
const LINE_FEED = 0x0a;
const HASH_CHUNK_BYTES = 1 << 20;

/** A part of an archive file that is compressed on its own. */
export interface ArchiveBlock {
  /** The first two fields of its first row, with the tab between them. */
  readonly firstKey: string;
  /** In the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** What was written, and how to know it again. */
export interface ArchiveFile {
  /** Its name in the folder. */
  readonly file: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly rowCount: number;
  /** SHA-256 of the rows as they were before compression, in hex. */
  readonly contentSha256: string;
  /** Without the header, in the order of the rows. */
  readonly blocks: readonly ArchiveBlock[];
}

/**
 * A folder of archive files: rows of text, each ended by a line feed, under one header row. A file is a row of zstd
 * frames, so that the `zstd` command reads it as a whole and a block can be read alone. It is there wholly or not at all.
 */
export class ArchiveFolder {
  constructor(
    readonly folder: string,
    private readonly blockBytes = DEFAULT_BLOCK_BYTES,
  ) {}

  /**
   * Writes the rows that `read` gives under the name: to a temporary file, which is flushed to the disk, renamed, and the
   * folder flushed. An older file that says something else is kept, under another name: it may be the only one that has
   * what a restored database has not. Holds about a block in memory.
   */
  async write(file: string, header: string, read: () => AsyncIterable<Buffer>): Promise<ArchiveFile> {
    await this.makeFolder();
    const temporary = this.pathOf(`${file}.writing`);
    const written = await faulty('archive-write', () => writeBlocks(temporary, header, read(), this.blockBytes));
    await faulty('archive-rename', async () => {
      await this.keepOther(file, written.sha256);
      await this.rename(temporary, this.pathOf(file));
    });
    return { file, ...written };
  }

  /**
   * Reads the file through and compares it with what was written.
   * @throws ArchiveReadError when it is not there, or is another.
   */
  async check({ file, sha256 }: Pick<ArchiveFile, 'file' | 'sha256'>): Promise<void> {
    if ((await hashOf(await this.open(file))) !== sha256) throw this.altered(file);
  }

  /**
   * The rows of these blocks, a block at a time, as they were before compression.
   * @throws ArchiveReadError when the file is not there, or is damaged.
   */
  async *readBlocks(file: string, blocks: Iterable<ArchiveBlock>): AsyncGenerator<Buffer> {
    const handle = await this.open(file);
    try {
      for (const { offset, bytes } of blocks) {
        const compressed = Buffer.alloc(bytes);
        await handle.read(compressed, 0, bytes, offset);
        yield await decompress(compressed).catch((cause: unknown) => {
          throw this.altered(file, cause);
        });
      }
    } finally {
      await handle.close();
    }
  }

  /** A new folder is only there after a power cut when those above it are flushed as well. */
  private async makeFolder(): Promise<void> {
    const folder = path.resolve(this.folder);
    const first = await fs.mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) await flush(path.dirname(made));
  }

  /** Renames the file of this name unless it is the one with the hash. */
  private async keepOther(file: string, sha256: string): Promise<void> {
    const handle = await fs.open(this.pathOf(file), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    const found = handle && (await hashOf(handle));
    if (found === null || found === sha256) return;
    await fs.rename(this.pathOf(file), this.pathOf(`${file}.${found.slice(0, 12)}.replaced`));
  }

  private async rename(from: string, to: string): Promise<void> {
    await fs.rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      // Made again, it finds nothing to rename, but what it has made.
      await fs.access(to);
    });
    await flush(this.folder);
  }

  private async open(file: string): Promise<FileHandle> {
    try {
      return await fs.open(this.pathOf(file), 'r');
    } catch (cause) {
      const message = `The archive file ${this.pathOf(file)} cannot be opened. Restore it from its back-up, or correct USAGE_ARCHIVE_DIR.`;
      throw new ArchiveReadError('missing', message, { cause });
    }
  }

  private altered(file: string, cause?: unknown): ArchiveReadError {
    const message = `The archive file ${this.pathOf(file)} is not the one that was written. Restore it from its back-up.`;
    return new ArchiveReadError('altered', message, { cause });
  }

  private pathOf(file: string): string {
    return path.join(this.folder, file);
  }
}

/** Writes what a folder has to the disk: files that were made or renamed in it. */
async function flush(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of all of the file, in hex; closes it. */
async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: HASH_CHUNK_BYTES, autoClose: false })) {
      hash.update(chunk as Buffer);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeBlocks(
  target: string,
  header: string,
  chunks: AsyncIterable<Buffer>,
  blockBytes: number,
): Promise<Omit<ArchiveFile, 'file'>> {
  const fileHash = createHash('sha256');
  const contentHash = createHash('sha256');
  const blocks: ArchiveBlock[] = [];
  let bytes = 0;
  let rowCount = 0;
  // A file of its own: whoever was at it before and lives on, without a hold on the day, writes into what has no name any more.
  await fs.rm(target, { force: true });
  const handle = await fs.open(target, 'wx');
  try {
    const append = async (rows: Buffer): Promise<number> => {
      const frame = await compress(rows, COMPRESSION);
      fileHash.update(frame);
      // Unlike `write`, it goes on until all is written, or fails.
      await handle.appendFile(frame);
      bytes += frame.length;
      return frame.length;
    };
    await append(Buffer.from(`${header}\n`));
    for await (const rows of wholeRows(chunks, blockBytes, contentHash)) {
      const offset = bytes;
      const firstKey = rows.toString('latin1', 0, rows.indexOf('\t', rows.indexOf('\t') + 1));
      blocks.push({ firstKey, offset, bytes: await append(rows) });
      rowCount += countRows(rows);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: fileHash.digest('hex'), bytes, rowCount, contentSha256: contentHash.digest('hex'), blocks };
}

/** The rows in blocks that end with a row, each as long as it takes to have `blockBytes`, but for the last. */
async function* wholeRows(chunks: AsyncIterable<Buffer>, blockBytes: number, hash: Hash): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    waiting.push(chunk);
    length += chunk.length;
    if (length < blockBytes) continue;
    let joined = Buffer.concat(waiting);
    for (let end: number; (end = joined.indexOf(LINE_FEED, blockBytes - 1) + 1) > 0;) {
      yield joined.subarray(0, end);
      joined = joined.subarray(end);
    }
    waiting = [joined];
    length = joined.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/** How many rows end in these bytes. */
export function countRows(rows: Buffer): number {
  let count = 0;
  for (let at = rows.indexOf(LINE_FEED); at >= 0; at = rows.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}
