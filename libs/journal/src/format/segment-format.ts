import { crc32 } from 'node:zlib';

/**
 * # The segment file, version 1
 *
 * A journal is a folder of segment files. A segment holds the usage events that one gateway wrote in one epoch (one
 * start of the process), in the order in which they were written. All integers are little-endian and unsigned.
 *
 * ```
 * header   "tollgate"  8 bytes   what kind of file this is
 *          version     u16       1
 *          idLength    u16       length of the gateway's id in bytes
 *          epoch       u64       from 1
 *          segment     u64       from 1, without gaps within the epoch
 *          gatewayId   idLength bytes of UTF-8
 *          crc         u32       CRC-32 of all the bytes before it
 * record   length      u32       1 … 16 MiB: bytes of the payload
 *          crc         u32       CRC-32 of the payload, begun with `length` instead of 0
 *          payload     the JSON of one usage event, UTF-8, no line breaks
 * …        more records
 * seal     zero        u32       0: no record follows
 *          crc         u32       CRC-32 of the two numbers below
 *          count       u32       records in the segment
 *          length      u32       bytes of header and records
 * ```
 *
 * A segment without a seal was still being written. Zero bytes up to its end are space taken in advance, not damage.
 */
export const SEGMENT_VERSION = 1;

export interface SegmentHeader {
  readonly version: number;
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
}

export interface SegmentSeal {
  readonly eventCount: number;
  readonly dataLength: number;
}

export const maxPayloadBytes = 16 * 1024 * 1024;
export const RECORD_HEAD_BYTES = 8;
export const SEAL_BYTES = 16;
const MAGIC = Buffer.from('tollgate', 'latin1');
const FIXED_HEADER_BYTES = 28;

/** The header's bytes. */
export function encodeHeader(header: Omit<SegmentHeader, 'version'>): Buffer {
  const id = Buffer.from(header.gatewayId, 'utf8');
  const bytes = Buffer.alloc(FIXED_HEADER_BYTES + id.length + 4);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt16LE(SEGMENT_VERSION, 8);
  bytes.writeUInt16LE(id.length, 10);
  bytes.writeBigUInt64LE(BigInt(header.epoch), 12);
  bytes.writeBigUInt64LE(BigInt(header.segment), 20);
  id.copy(bytes, FIXED_HEADER_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

/** The header at the start of `bytes` and its length, or null when it is cut short, altered or of another version. */
export function decodeHeader(bytes: Buffer): { readonly header: SegmentHeader; readonly length: number } | null {
  if (bytes.length < FIXED_HEADER_BYTES + 4 || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const version = bytes.readUInt16LE(8);
  const crcAt = FIXED_HEADER_BYTES + bytes.readUInt16LE(10);
  if (version !== SEGMENT_VERSION || bytes.length < crcAt + 4) return null;
  if (bytes.readUInt32LE(crcAt) !== crc32(bytes.subarray(0, crcAt))) return null;
  const header = {
    version,
    gatewayId: bytes.toString('utf8', FIXED_HEADER_BYTES, crcAt),
    epoch: Number(bytes.readBigUInt64LE(12)),
    segment: Number(bytes.readBigUInt64LE(20)),
  };
  return { header, length: crcAt + 4 };
}

/** What a record's checksum must be: a changed length shows as well as a changed payload. */
export function recordChecksum(payload: Buffer): number {
  return crc32(payload, payload.length);
}

/** The payload of the record at `offset`, or null when there is no whole, unaltered record. */
export function decodeRecord(bytes: Buffer, offset: number): Buffer | null {
  if (offset + RECORD_HEAD_BYTES > bytes.length) return null;
  const length = bytes.readUInt32LE(offset);
  const start = offset + RECORD_HEAD_BYTES;
  if (length === 0 || length > maxPayloadBytes || start + length > bytes.length) return null;
  const payload = bytes.subarray(start, start + length);
  return bytes.readUInt32LE(offset + 4) === recordChecksum(payload) ? payload : null;
}

/** The seal's bytes. */
export function encodeSeal(seal: SegmentSeal): Buffer {
  const bytes = Buffer.alloc(SEAL_BYTES);
  bytes.writeUInt32LE(seal.eventCount, 8);
  bytes.writeUInt32LE(seal.dataLength, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
  return bytes;
}

/** The seal at `offset`, or null when there is none. */
export function decodeSeal(bytes: Buffer, offset: number): SegmentSeal | null {
  if (offset + SEAL_BYTES > bytes.length || bytes.readUInt32LE(offset) !== 0) return null;
  const numbers = bytes.subarray(offset + 8, offset + SEAL_BYTES);
  if (bytes.readUInt32LE(offset + 4) !== crc32(numbers)) return null;
  return { eventCount: numbers.readUInt32LE(0), dataLength: numbers.readUInt32LE(4) };
}
