import {
  type SegmentHeader,
  type SegmentSeal,
  RECORD_HEAD_BYTES,
  decodeHeader,
  decodeRecord,
  decodeSeal,
  encodeHeader,
  encodeSeal,
  recordChecksum,
} from './segment-format.js';

/** What can still be read of a damaged segment. */
export interface SalvagedSegment {
  /** Null when the file does not begin with a readable header. */
  readonly header: SegmentHeader | null;
  /** The payloads of all records that are whole, before and after damage; views of the bytes given. */
  readonly payloads: readonly Buffer[];
  /** Bytes that belong to no whole record. */
  readonly unreadableBytes: number;
  /** How many records the seal says there were; null without a readable seal. */
  readonly sealedCount: number | null;
}

/**
 * Finds every whole record of a segment, wherever it lies. None is found that was not written: a record begins with its length
 * in binary, which holds a zero byte (16 MiB at most), and no JSON text does.
 */
export function salvageSegment(bytes: Buffer): SalvagedSegment {
  const head = decodeHeader(bytes);
  const payloads: Buffer[] = [];
  let unreadableBytes = 0;
  let seal: SegmentSeal | null = null;
  let offset = head?.length ?? 0;
  // Zeros at the end are space that was taken in advance.
  let end = bytes.length;
  while (end > offset && bytes[end - 1] === 0) end--;
  while (offset < end) {
    const payload = decodeRecord(bytes, offset);
    if (payload !== null) {
      payloads.push(payload);
      offset += RECORD_HEAD_BYTES + payload.length;
      continue;
    }
    seal = decodeSeal(bytes, offset);
    if (seal !== null) break;
    unreadableBytes++;
    offset++;
  }
  return { header: head?.header ?? null, payloads, unreadableBytes, sealedCount: seal?.eventCount ?? null };
}

/** The bytes of a sealed segment with these records. */
export function encodeSegment(header: Omit<SegmentHeader, 'version'>, payloads: readonly Buffer[]): Buffer {
  const parts = [encodeHeader(header), ...payloads.flatMap((payload) => [recordHead(payload), payload])];
  const dataLength = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, encodeSeal({ eventCount: payloads.length, dataLength })]);
}

function recordHead(payload: Buffer): Buffer {
  const head = Buffer.alloc(RECORD_HEAD_BYTES);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(recordChecksum(payload), 4);
  return head;
}
