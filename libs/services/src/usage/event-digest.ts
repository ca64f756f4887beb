import { hash } from 'node:crypto';
import { type UsageEvent, writeUuid } from '#domain';
import { canonicalCaller, findKnownCaller } from './known-callers.js';

/** Bytes of the SHA-256 that a manifest keeps of each event. */
export const DIGEST_BYTES = 14;
/** An event's entry in a manifest: id (16), seq (2), digest (14). */
export const ENTRY_BYTES = 32;

const SEPARATOR = '\u001f';

/**
 * An event's facts as one text, the same whoever computes it: every column of its row but the three that the ledger
 * adds (epoch and segment, which the manifest has, and where it settles). Fields in the order of the columns, separated
 * by U+001F; null is empty, times are milliseconds. The last three are there only when they say something, so
 * that events from before they existed keep their digests. `EVENT_DIGEST_SQL` of #persistence says the same of a stored row.
 */
export function canonicalEvent(event: UsageEvent): string {
  const facts = [
    event.id,
    event.seq,
    event.endedAtMs,
    event.gatewayId,
    findKnownCaller(event)?.canonical ?? canonicalCaller(event),
    event.operation,
    event.method,
    event.status,
    event.outcome,
    event.reason,
    event.attempts,
    event.bytesIn,
    event.bytesOut,
    canonicalQuantities(event.quantities),
    event.billable,
    event.countsToQuota,
  ];
  const { estimated, overrun, distinctValues } = event;
  if (estimated || overrun || distinctValues) {
    facts.push(estimated ?? false, overrun ? canonicalQuantities(overrun) : '');
  }
  if (distinctValues) facts.push(canonicalQuantities(distinctValues));
  return facts.join(SEPARATOR);
}

/** The first 14 bytes of the SHA-256 of the canonical event. */
export function eventDigest(event: UsageEvent): Buffer {
  return hash('sha256', canonicalEvent(event), 'buffer').subarray(0, DIGEST_BYTES);
}

/** As Postgres writes a jsonb: shorter keys first, then by bytes; meters need no escaping. */
export function canonicalQuantities(quantities: UsageEvent['quantities']): string {
  const meters = Object.keys(quantities);
  if (meters.length > 1) meters.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return `{${meters.map((meter) => `"${meter}": "${quantities[meter]}"`).join(', ')}}`;
}

/** Writes a manifest's entry for an event at `offset`: what is in the ledger must match it. */
export function writeManifestEntry(digests: Buffer, offset: number, id: string, seq: number, digest: Buffer): void {
  writeUuid(digests, offset, id);
  digests.writeUInt16BE(seq, offset + 16);
  digest.copy(digests, offset + 18);
}

/** The event that an entry names. */
export function readManifestEntry(entry: Buffer): { id: string; seq: number; digest: Buffer } {
  const hex = entry.toString('hex', 0, 16);
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { id, seq: entry.readUInt16BE(16), digest: entry.subarray(18) };
}
