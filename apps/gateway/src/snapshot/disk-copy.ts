import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFileAtomically } from '#journal';
import type { Snapshot, SnapshotContent } from './snapshot.js';

const FORMAT = 'tollgate-snapshot-1';

/** What the disk copy knows beside the snapshot itself. */
export interface DiskCopyHeader {
  readonly number: number;
  /** How far Tollgate's clock ran ahead of the machine's. */
  readonly clockOffsetMs: number;
}

export interface DiskCopy extends DiskCopyHeader {
  readonly content: SnapshotContent;
}

/**
 * The snapshot on disk, so that a gateway starts while the database is away. A file of JSON lines: a header, parts of
 * the content, and the SHA-256 of all lines before. It holds hashes of keys and sealed secrets, never the plain ones.
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
  async write(snapshot: Snapshot, clockOffsetMs: number): Promise<void> {
    const header = { format: FORMAT, number: snapshot.number, clockOffsetMs };
    const lines = [`${JSON.stringify(header)}\n`];
    const hash = createHash('sha256').update(lines[0]!);
    for (const part of snapshot.parts()) {
      const line = `${JSON.stringify(part)}\n`;
      hash.update(line);
      lines.push(line);
      await nextTurn();
    }
    lines.push(`${JSON.stringify({ sha256: hash.digest('hex') })}\n`);
    await writeFileAtomically(this.file, Buffer.from(lines.join('')));
  }

  /** The copy, or null when there is none, or none that is whole and of this format. */
  async read(): Promise<DiskCopy | null> {
    const text = await fs.readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    const end = text.lastIndexOf('\n', text.length - 2) + 1;
    const body = text.slice(0, end);
    const trailer = parseLine<{ sha256: string }>(text.slice(end));
    if (trailer?.sha256 !== createHash('sha256').update(body).digest('hex')) return null;
    const [first, ...lines] = body.split('\n').slice(0, -1);
    const header = parseLine<DiskCopyHeader & { format: string }>(first ?? '');
    if (header?.format !== FORMAT) return null;
    const parts = lines.map((line) => JSON.parse(line) as Partial<SnapshotContent>);
    return { number: header.number, clockOffsetMs: header.clockOffsetMs, content: contentOf(header.number, parts) };
  }
}

function contentOf(number: number, parts: readonly Partial<SnapshotContent>[]): SnapshotContent {
  return {
    number,
    catalog: parts.find((part) => part.catalog)?.catalog ?? { versions: [], products: [], planVersions: [] },
    applications: parts.flatMap((part) => part.applications ?? []),
    subscriptions: parts.flatMap((part) => part.subscriptions ?? []),
    credentials: parts.flatMap((part) => part.credentials ?? []),
  };
}

function parseLine<Value>(line: string): Value | null {
  try {
    return JSON.parse(line) as Value;
  } catch {
    return null;
  }
}
