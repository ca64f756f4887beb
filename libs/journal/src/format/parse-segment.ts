import {
  type SegmentHeader,
  RECORD_HEAD_BYTES,
  SEAL_BYTES,
  decodeHeader,
  decodeRecord,
  decodeSeal,
} from './segment-format.js';

/**
 * Where a segment stops making sense. `torn_tail`: nothing readable follows, as when a write was cut off by a crash.
 * `corrupt`: what was once written has changed.
 */
export interface SegmentDamage {
  readonly kind: 'torn_tail' | 'corrupt';
  readonly offset: number;
  readonly message: string;
}

export interface ParsedSegment {
  /** Null when the file does not begin with a readable header. */
  readonly header: SegmentHeader | null;
  /** The payloads of all records before the damage, if any; views of the bytes given. */
  readonly payloads: readonly Buffer[];
  /** Where the last of these records ends. */
  readonly dataLength: number;
  readonly sealed: boolean;
  readonly damage: SegmentDamage | null;
}

/** Takes a segment apart. Every record is checked; nothing is skipped: reading stops at the first damage. */
export function parseSegment(bytes: Buffer): ParsedSegment {
  const head = decodeHeader(bytes);
  const payloads: Buffer[] = [];
  if (!head) {
    return { header: null, payloads, dataLength: 0, sealed: false, damage: damageAt(bytes, 0, 'no readable header') };
  }
  let offset = head.length;
  for (let payload = decodeRecord(bytes, offset); payload; payload = decodeRecord(bytes, offset)) {
    payloads.push(payload);
    offset += RECORD_HEAD_BYTES + payload.length;
  }
  const seal = decodeSeal(bytes, offset);
  const sealFits =
    seal?.eventCount === payloads.length && seal.dataLength === offset && bytes.length === offset + SEAL_BYTES;
  const parsed = { header: head.header, payloads, dataLength: offset, sealed: sealFits };
  if (sealFits || isZero(bytes, offset)) return { ...parsed, damage: null };
  const message = seal
    ? 'the seal does not fit what is before or after it'
    : `record ${payloads.length + 1} is not readable`;
  return { ...parsed, damage: damageAt(bytes, offset, message) };
}

function damageAt(bytes: Buffer, offset: number, message: string): SegmentDamage {
  const kind = hasRecordAfter(bytes, offset) ? 'corrupt' : 'torn_tail';
  return { kind, offset, message };
}

/** A length that is damaged says nothing about where the next record begins, so every place is tried. */
function hasRecordAfter(bytes: Buffer, offset: number): boolean {
  for (let place = offset + 1; place < bytes.length; place++) {
    if (decodeRecord(bytes, place) || (place > offset + RECORD_HEAD_BYTES && decodeSeal(bytes, place))) return true;
  }
  return false;
}

function isZero(bytes: Buffer, offset: number): boolean {
  return bytes.subarray(offset).equals(Buffer.alloc(bytes.length - offset));
}
