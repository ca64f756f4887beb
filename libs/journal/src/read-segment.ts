import fs from 'node:fs/promises';
import type { UsageEvent } from '#domain';
import { type SegmentDamage, parseSegment } from './format/parse-segment.js';
import type { SegmentHeader } from './format/segment-format.js';
import { parseSegmentName } from './format/segment-name.js';
import { JournalError } from './journal-error.js';
import type { ReusedBuffer } from './reused-buffer.js';

export interface SegmentContent {
  readonly header: SegmentHeader;
  /** One JSON document for each event, as it was written. */
  readonly payloads: readonly Buffer[];
  /** Null for a segment that is whole; else what is before the damage is in `payloads`, and nothing else. */
  readonly damage: SegmentDamage | null;
}

export interface Segment {
  readonly header: SegmentHeader;
  readonly events: readonly UsageEvent[];
  readonly damage: SegmentDamage | null;
}

/**
 * The records of a segment file as bytes. A file that is named as sealed and has no seal is reported as damaged. With a `memory` they are
 * in it, and hold until it is used again.
 * @throws JournalError `journal_header_unreadable`; errors of the file system as they are.
 */
export async function readSegmentPayloads(file: string, memory?: ReusedBuffer): Promise<SegmentContent> {
  const { header, payloads, sealed, dataLength, damage } = parseSegment(
    memory ? await readInto(memory, file) : await fs.readFile(file),
  );
  if (!header) {
    throw new JournalError(
      'journal_header_unreadable',
      `${file} does not begin as a journal segment: ${damage?.message}.`,
    );
  }
  const sealMissing = parseSegmentName(file)?.state === 'sealed' && !sealed;
  const unsealed = { kind: 'corrupt', offset: dataLength, message: 'the seal is missing' } as const;
  return { header, payloads, damage: damage ?? (sealMissing ? unsealed : null) };
}

/** The events of a segment file; see `readSegmentPayloads`. */
export async function readSegment(file: string): Promise<Segment> {
  const { header, payloads, damage } = await readSegmentPayloads(file);
  return { header, events: payloads.map((payload) => JSON.parse(payload.toString('utf8')) as UsageEvent), damage };
}

async function readInto(memory: ReusedBuffer, file: string): Promise<Buffer> {
  const handle = await fs.open(file);
  try {
    const bytes = memory.take((await handle.stat()).size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}
