import fs from 'node:fs/promises';
import path from 'node:path';
import type { SegmentDamage } from '../format/parse-segment.js';
import { parseSegment } from '../format/parse-segment.js';
import { type SegmentName, parseSegmentName, segmentPath } from '../format/segment-name.js';
import { syncFolder } from '../folder/sync-folder.js';
import { sealLeftover } from '../writing/segment-writer.js';

/** A segment of an earlier epoch that is still in the folder, and so not acknowledged. */
export interface LeftoverSegment {
  readonly epoch: number;
  readonly segment: number;
  readonly file: string;
  /** Bytes behind the last whole record that a crash had left unfinished and that were cut off. */
  readonly cutBytes: number;
  /** Set when what was once written has changed. Such a file is left as it is and must not be shipped. */
  readonly damage: SegmentDamage | null;
}

/**
 * Prepares what earlier epochs left behind for shipping: open segments are cut behind their last whole record and
 * sealed; a file in which not even the header was finished is removed, as nothing follows it. In the order of writing. Call it before the current epoch writes; calling it again after
 * a crash in the middle is safe.
 */
export async function recoverJournal(folder: string, currentEpoch: number): Promise<readonly LeftoverSegment[]> {
  const names = (await fs.readdir(folder)).toSorted().flatMap((name) => parseSegmentName(name) ?? []);
  const leftovers: LeftoverSegment[] = [];
  for (const name of names) {
    if (name.epoch >= currentEpoch) continue;
    const leftover = name.state === 'open' ? await recoverOpen(folder, name) : sealedLeftover(folder, name);
    if (leftover) leftovers.push(leftover);
  }
  return leftovers;
}

/** Sealed files are checked when they are read for shipping: reading all of them here would delay the start. */
function sealedLeftover(folder: string, name: SegmentName): LeftoverSegment {
  return { epoch: name.epoch, segment: name.segment, file: segmentPath(folder, name), cutBytes: 0, damage: null };
}

async function recoverOpen(folder: string, name: SegmentName): Promise<LeftoverSegment | null> {
  const file = segmentPath(folder, name);
  const bytes = await fs.readFile(file);
  const { header, payloads, dataLength, sealed, damage } = parseSegment(bytes);
  const leftover = { epoch: name.epoch, segment: name.segment };
  if (damage?.kind === 'corrupt') return { ...leftover, file, cutBytes: 0, damage };
  if (!header) {
    await fs.rm(file);
    await syncFolder(path.dirname(file));
    return null;
  }
  const sealedFile = await sealLeftover(file, { eventCount: payloads.length, dataLength });
  const cutBytes = sealed || !damage ? 0 : bytes.length - dataLength;
  return { ...leftover, file: sealedFile, cutBytes, damage: null };
}
