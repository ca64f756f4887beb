import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { faulty } from '#faults';
import { encodeHeader, encodeSeal } from '../format/segment-format.js';
import { segmentPath } from '../format/segment-name.js';
import { syncFolder } from '../folder/sync-folder.js';

const open = promisify(fs.open);
const write = promisify(fs.write);
const truncate = promisify(fs.ftruncate);
const fdatasync = promisify(fs.fdatasync);
const close = promisify(fs.close);
const rename = promisify(fs.rename);

export interface SegmentIdentity {
  readonly folder: string;
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  /** Space taken in advance, this much at a time: a sync then need not record a new length. 0 for none. */
  readonly preallocateBytes: number;
}

/** A segment that is complete: its file never changes again. */
export interface SealedSegment {
  readonly epoch: number;
  readonly segment: number;
  readonly file: string;
  readonly eventCount: number;
}

/** One segment file that is being written. Its length counts only what was written whole. */
export class SegmentWriter {
  eventCount = 0;
  private length = 0;
  private allocated = 0;
  private isFolderSynced = false;
  private syncing: Promise<void> = Promise.resolve();
  private sealedFile: string | null = null;

  private constructor(
    readonly identity: SegmentIdentity,
    private readonly file: string,
    private readonly descriptor: number,
  ) {}

  /** Creates the file and writes the header; a number that is taken is an error, and an error leaves no file. */
  static create(identity: SegmentIdentity): SegmentWriter {
    const file = segmentPath(identity.folder, { ...identity, state: 'open' });
    const segment = new SegmentWriter(identity, file, fs.openSync(file, 'wx+', 0o600));
    try {
      segment.write(encodeHeader(identity), 0);
    } catch (error) {
      fs.closeSync(segment.descriptor);
      fs.rmSync(file, { force: true });
      throw error;
    }
    return segment;
  }

  get dataLength(): number {
    return this.length;
  }

  /**
   * Appends `bytes`, which hold `eventCount` whole records, with one write. When it throws, the segment is as it was
   * before: what a failed write has left behind the end is overwritten by the next one, or cut off by the seal.
   */
  write(bytes: Buffer, eventCount: number): void {
    if (this.identity.preallocateBytes > 0) this.allocate(this.length + bytes.length);
    let done = 0;
    while (done < bytes.length) {
      done += fs.writeSync(this.descriptor, bytes, done, bytes.length - done, this.length + done);
    }
    this.length += bytes.length;
    this.eventCount += eventCount;
  }

  /** Returns when all that was written before the call would survive a power cut. */
  sync(): Promise<void> {
    this.syncing = this.syncing.catch(() => undefined).then(() => this.syncOnce());
    return this.syncing;
  }

  /** Completes the file and gives it its final name. Nothing is written afterwards; may be called again at any time. */
  async seal(): Promise<SealedSegment> {
    await this.syncing.catch(() => undefined);
    const { folder, epoch, segment } = this.identity;
    this.sealedFile ??= await this.complete();
    await syncFolder(folder);
    return { epoch, segment, file: this.sealedFile, eventCount: this.eventCount };
  }

  /** Once only: behind the rename there is no file of the old name to try it with. */
  private async complete(): Promise<string> {
    const seal = encodeSeal({ eventCount: this.eventCount, dataLength: this.length });
    await truncate(this.descriptor, this.length);
    await write(this.descriptor, seal, 0, seal.length, this.length);
    await fdatasync(this.descriptor);
    const file = segmentPath(this.identity.folder, { ...this.identity, state: 'sealed' });
    await rename(this.file, file);
    await close(this.descriptor).catch(() => undefined);
    return file;
  }

  private async syncOnce(): Promise<void> {
    await faulty('fdatasync', () => fdatasync(this.descriptor));
    if (this.isFolderSynced) return;
    await syncFolder(this.identity.folder);
    this.isFolderSynced = true;
  }

  private allocate(end: number): void {
    while (this.allocated < end) {
      const size = this.identity.preallocateBytes;
      fs.writeSync(this.descriptor, Buffer.alloc(size), 0, size, this.allocated);
      this.allocated += size;
    }
  }
}

/**
 * Completes a segment that a process left open: cuts it behind `dataLength` and seals it with `eventCount` records.
 */
export async function sealLeftover(
  file: string,
  { eventCount, dataLength }: { readonly eventCount: number; readonly dataLength: number },
): Promise<string> {
  const seal = encodeSeal({ eventCount, dataLength });
  const descriptor = await open(file, 'r+');
  try {
    await truncate(descriptor, dataLength);
    await write(descriptor, seal, 0, seal.length, dataLength);
    await fdatasync(descriptor);
  } finally {
    await close(descriptor);
  }
  const sealed = file.replace(/\.open$/, '.sealed');
  await rename(file, sealed);
  await syncFolder(path.dirname(file));
  return sealed;
}
