import { hash } from 'node:crypto';
import { type UsageEvent, isUuid, uuidV7TimeMs } from '#domain';
import type { DecodedSegmentJob } from '#queues';
import {
  DIGEST_BYTES,
  ENTRY_BYTES,
  eventDigest,
  haveSameDigest,
  writeEventEntry,
  writeManifestEntry,
} from './event-digest.js';
import { parseUsageEvent } from './parse-usage-event.js';

/** Why an event is kept aside instead of being counted. */
export const QUARANTINE_REASONS = [
  'malformed',
  'in_future',
  'too_old',
  'content_differs',
  'segment_differs',
  'unknown_subscription',
  'wrong_period',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** An event as it was sent, kept aside. */
export interface QuarantinedEvent {
  readonly eventId: string;
  readonly seq: number;
  readonly reason: QuarantineReason;
  /** The event, or of a malformed one its JSON as text, since Postgres cannot hold every JSON. */
  readonly event: UsageEvent | string;
  readonly digest: Buffer;
}

/** A segment's events, sorted into those that may be counted and those that may not, before the ledger is asked. */
export interface SegmentBatch {
  /** At most one for each (id, seq). */
  readonly countable: readonly UsageEvent[];
  /** When the oldest of them was admitted; Infinity without any. */
  readonly oldestMs: number;
  readonly quarantined: readonly QuarantinedEvent[];
  /** One entry for each event that was sent, in order. */
  readonly digests: Buffer;
}

/** How far a gateway's clock may be ahead. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;
/** Long after every period that such an event could settle in was closed. */
export const MAX_AGE_MS = 400 * 86_400_000;
/** No day is archived before it has ended so long ago; half of it is for clocks that differ. */
export const MIN_SEALED_AGE_MS = 2 * 86_400_000;

/** Sorts a segment's events; the first of several with one (id, seq) is the one that counts. */
export function sortSegment(segment: DecodedSegmentJob, nowMs: number): SegmentBatch {
  const offsets = new Map<string, number>();
  const countable: UsageEvent[] = [];
  const quarantined: QuarantinedEvent[] = [];
  const digests = Buffer.alloc(segment.events.length * ENTRY_BYTES);
  let oldestMs = Infinity;
  for (const [index, value] of segment.events.entries()) {
    const offset = index * ENTRY_BYTES;
    const event = parseUsageEvent(value, segment.gatewayId);
    if (typeof event === 'string') {
      const malformed = describeMalformed(value);
      quarantined.push(malformed);
      writeManifestEntry(digests, offset, malformed.eventId, malformed.seq, malformed.digest);
      continue;
    }
    writeEventEntry(digests, offset, event);
    const key = event.seq === 0 ? event.id : `${event.id}/${event.seq}`;
    const first = offsets.get(key);
    const admittedMs = uuidV7TimeMs(event.id);
    if (first !== undefined) {
      if (!haveSameDigest(digests, offset, first)) quarantined.push(keepAside(event, 'content_differs'));
      continue;
    }
    offsets.set(key, offset);
    const untimely = untimelyReason(admittedMs, nowMs);
    if (untimely !== null) quarantined.push(keepAside(event, untimely));
    else {
      countable.push(event);
      oldestMs = Math.min(oldestMs, admittedMs);
    }
  }
  return { countable, oldestMs, quarantined, digests };
}

/** Why an event of that instant cannot be counted now, if so. */
export function untimelyReason(admittedMs: number, nowMs: number): 'in_future' | 'too_old' | null {
  if (admittedMs > nowMs + FUTURE_TOLERANCE_MS) return 'in_future';
  return admittedMs < nowMs - MAX_AGE_MS ? 'too_old' : null;
}

export function keepAside(event: UsageEvent, reason: QuarantineReason): QuarantinedEvent {
  return { eventId: event.id, seq: event.seq, reason, event, digest: eventDigest(event) };
}

function describeMalformed(value: unknown): QuarantinedEvent {
  const text = JSON.stringify(value);
  const digest = hash('sha256', text, 'buffer');
  const { id, seq } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown; seq?: unknown };
  return {
    eventId: typeof id === 'string' && isUuid(id) ? id : uuidOf(digest),
    seq: typeof seq === 'number' && Number.isInteger(seq) && seq >= 0 && seq <= 0xffff ? seq : 0,
    reason: 'malformed',
    event: text,
    digest: digest.subarray(0, DIGEST_BYTES),
  };
}

/** A name for what has none: a UUID of version 8 (RFC 9562 §5.8) from the content's hash. */
function uuidOf(digest: Buffer): string {
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
