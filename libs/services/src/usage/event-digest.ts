import { hash } from 'node:crypto';
import { type UsageEvent, writeUuid } from '#domain';
import { canonicalCaller, findKnownCaller } from './known-callers.js';

/** Bytes of the SHA-256 that a manifest keeps of each event. */
export const DIGEST_BYTES = 14;
/** An event's entry in a manifest: id (16), seq (2), digest (14). */
export const ENTRY_BYTES = 32;
const DIGEST_AT = 18;

const SEPARATOR = '\u001f';

/**
 * An event's facts as one text, the same whoever computes it: every column of its row but the three that the ledger
 * adds (epoch and segment, which the manifest has, and where it settles). Fields in the order of the columns, separated
 * by U+001F; null is empty, times are milliseconds. The last three are there only when they say something, so
 * that events from before they existed keep their digests. `EVENT_DIGEST_SQL` of #persistence says the same of a stored row.
 */
export function canonicalEvent(event: UsageEvent): string {
  const { id, seq, endedAtMs, gatewayId, operation, method, status, outcome, reason, attempts } = event;
  const { bytesIn, bytesOut, billable, countsToQuota, estimated, overrun, distinctValues } = event;
  const caller = findKnownCaller(event)?.canonical ?? canonicalCaller(event);
  let text =
    `${id}${SEPARATOR}${seq}${SEPARATOR}${endedAtMs}${SEPARATOR}${gatewayId}${SEPARATOR}${caller}${SEPARATOR}` +
    `${operation}${SEPARATOR}${method}${SEPARATOR}${status}${SEPARATOR}${outcome}${SEPARATOR}${reason}${SEPARATOR}` +
    `${attempts}${SEPARATOR}${bytesIn}${SEPARATOR}${bytesOut}${SEPARATOR}${canonicalQuantities(event.quantities)}` +
    `${SEPARATOR}${billable}${SEPARATOR}${countsToQuota}`;
  if (estimated || overrun || distinctValues)
    text += `${SEPARATOR}${estimated ?? false}${SEPARATOR}${overrun ? canonicalQuantities(overrun) : ''}`;
  return distinctValues ? `${text}${SEPARATOR}${canonicalQuantities(distinctValues)}` : text;
}

/** The first 14 bytes of the SHA-256 of the canonical event. */
export function eventDigest(event: UsageEvent): Buffer {
  const digest = Buffer.allocUnsafe(DIGEST_BYTES);
  writeDigest(digest, 0, event);
  return digest;
}

/** A digest as a string of characters and then as bytes costs a quarter of one in a new buffer, and leaves none to be collected. */
function writeDigest(into: Buffer, at: number, event: UsageEvent): void {
  into.write(hash('sha256', canonicalEvent(event), 'latin1'), at, DIGEST_BYTES, 'latin1');
}

/** As Postgres writes a jsonb: shorter keys first, then by bytes; meters need no escaping. */
export function canonicalQuantities(quantities: UsageEvent['quantities']): string {
  const meters = Object.keys(quantities);
  if (meters.length > 1) meters.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return `{${meters.map((meter) => `"${meter}": "${quantities[meter]}"`).join(', ')}}`;
}

/** Writes a manifest's entry for an event at `offset`: what is in the ledger must match it. */
export function writeManifestEntry(digests: Buffer, offset: number, id: string, seq: number, digest: Buffer): void {
  writeName(digests, offset, id, seq);
  digest.copy(digests, offset + DIGEST_AT);
}

/** The same with the event's own digest. */
export function writeEventEntry(digests: Buffer, offset: number, event: UsageEvent): void {
  writeName(digests, offset, event.id, event.seq);
  writeDigest(digests, offset + DIGEST_AT, event);
}

/** True when both entries have the same digest. */
export function haveSameDigest(digests: Buffer, offset: number, other: number): boolean {
  const end = offset + ENTRY_BYTES;
  return digests.compare(digests, offset + DIGEST_AT, end, other + DIGEST_AT, other + ENTRY_BYTES) === 0;
}

function writeName(digests: Buffer, offset: number, id: string, seq: number): void {
  writeUuid(digests, offset, id);
  digests.writeUInt16BE(seq, offset + 16);
}

/** The event that an entry names. */
export function readManifestEntry(entry: Buffer): { id: string; seq: number; digest: Buffer } {
  const hex = entry.toString('hex', 0, 16);
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { id, seq: entry.readUInt16BE(16), digest: entry.subarray(DIGEST_AT) };
}
