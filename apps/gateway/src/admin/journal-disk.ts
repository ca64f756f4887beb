import fs from 'node:fs/promises';
import path from 'node:path';

export interface DiskReading {
  /** Of the disk, by whomever, from 0 to 1. */
  readonly usedShare: number;
  readonly freeBytes: number;
}

export interface JournalFiles {
  readonly bytes: number;
  /** Since the oldest of the segments that are still here was last written to; 0 without any. */
  readonly oldestSeconds: number;
}

const intervalMs = 5_000;

/** The disk that the journal is on. */
export class JournalDisk {
  /** The latest reading; null before the first, and where the system gives none. */
  reading: DiskReading | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly folder: string) {}

  /** Reads now, and every five seconds from now on. */
  async start(): Promise<void> {
    await this.read();
    this.timer = setTimeout(() => void this.start(), intervalMs).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** What is in the journal that the ledger does not have yet. Walks the folder: for metrics that are asked for. */
  async files(nowMs: number): Promise<JournalFiles> {
    const names = await fs.readdir(this.folder).catch(() => []);
    let bytes = 0;
    let oldestMs = nowMs;
    for (const name of names) {
      if (!/\.(open|sealed)$/.test(name)) continue;
      const stat = await fs.stat(path.join(this.folder, name)).catch(() => null);
      if (!stat) continue;
      bytes += stat.size;
      oldestMs = Math.min(oldestMs, stat.mtimeMs);
    }
    return { bytes, oldestSeconds: (nowMs - oldestMs) / 1000 };
  }

  private async read(): Promise<void> {
    try {
      const { blocks, bavail, bfree, bsize } = await fs.statfs(this.folder);
      const used = blocks - bfree;
      this.reading = { usedShare: used / Math.max(1, used + bavail), freeBytes: bavail * bsize };
    } catch {
      this.reading = null;
    }
  }
}
