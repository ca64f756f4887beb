import fs from 'node:fs/promises';
import path from 'node:path';
import { readLastEpoch } from '../folder/epoch.js';
import { writeFileAtomically } from '../folder/write-file-atomically.js';
import { parseSegment } from '../format/parse-segment.js';
import { encodeSegment, salvageSegment } from '../format/salvage-segment.js';
import { parseSegmentName, segmentPath } from '../format/segment-name.js';
import { JournalError } from '../journal-error.js';

export interface SalvagedFile {
  /** The whole segment that has taken the place of the damaged one. */
  readonly file: string;
  /** Where the damaged one is now. */
  readonly damagedFile: string;
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
  readonly events: number;
  /** Events that could not be read; null when the seal that counts them cannot be read either. */
  readonly lostEvents: number | null;
  readonly unreadableBytes: number;
}

/**
 * Puts a whole segment, with every record that can be read, in the place of a damaged one, which is kept beside it. A crash
 * at any moment leaves one or the other. `gatewayId` is needed for a file whose header cannot be read.
 * @throws JournalError `journal_file_unknown` when the name is none of a segment, `journal_file_open` when a gateway may
 * write to it, `journal_file_whole` when it is not damaged, `journal_file_kept` when an older copy is in the way, `journal_header_unreadable` when nobody says whose it is; errors of the file system as they are.
 */
export async function salvageFile(file: string, gatewayId?: string): Promise<SalvagedFile> {
  const name = parseSegmentName(file);
  if (!name)
    throw new JournalError(
      'journal_file_unknown',
      `${file} is not named as a segment: expected 0000000001-0000000001.sealed.`,
    );
  const folder = path.dirname(file);
  if (name.state === 'open' && name.epoch >= (await readLastEpoch(folder)))
    throw new JournalError(
      'journal_file_open',
      `${file} may still be written to: start its gateway anew first, which mends an unfinished end by itself.`,
    );
  const bytes = await fs.readFile(file);
  const { damage, sealed } = parseSegment(bytes);
  const isWhole = name.state === 'sealed' ? sealed : damage?.kind !== 'corrupt';
  if (isWhole) throw new JournalError('journal_file_whole', `${file} is not damaged: there is nothing to salvage.`);
  const { header, payloads, unreadableBytes, sealedCount } = salvageSegment(bytes);
  const owner = header?.gatewayId ?? gatewayId;
  if (owner === undefined)
    throw new JournalError(
      'journal_header_unreadable',
      `The header of ${file} cannot be read: say whose it is with --gateway ID.`,
    );
  const { epoch, segment } = name;
  const damagedFile = `${file}.damaged`;
  await keepAs(damagedFile, file);
  const salvaged = segmentPath(folder, { ...name, state: 'sealed' });
  await writeFileAtomically(salvaged, encodeSegment({ gatewayId: owner, epoch, segment }, payloads));
  if (name.state === 'open') await fs.rm(file);
  return {
    file: salvaged,
    damagedFile,
    gatewayId: owner,
    epoch,
    segment,
    events: payloads.length,
    lostEvents: sealedCount === null ? null : sealedCount - payloads.length,
    unreadableBytes,
  };
}

/** A second name for what is there, so that the first can be replaced in one step. Harmless when a crash came after it. */
async function keepAs(kept: string, file: string): Promise<void> {
  try {
    await fs.link(file, kept);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [one, other] = await Promise.all([fs.stat(file), fs.stat(kept)]);
    if (one.ino !== other.ino)
      throw new JournalError('journal_file_kept', `${kept} is there already: move it away first.`);
  }
}
