import type { EventIdRange } from '#persistence';
import { ENTRY_BYTES, readManifestEntry } from '../usage/event-digest.js';

const KEY_BYTES = 18;

/** The entries of a manifest, or of what is stored, in the order of id and seq, each once, of events in the range. */
export function entriesInRange(digests: Buffer, { fromId, toId }: EventIdRange): Buffer[] {
  const [from, to] = [idBytes(fromId), idBytes(toId)];
  const entries: Buffer[] = [];
  for (let offset = 0; offset < digests.length; offset += ENTRY_BYTES) {
    const entry = digests.subarray(offset, offset + ENTRY_BYTES);
    if (entry.compare(from, 0, 16, 0, 16) >= 0 && entry.compare(to, 0, 16, 0, 16) < 0) entries.push(entry);
  }
  entries.sort((left, right) => left.compare(right));
  return entries.filter((entry, index) => index === 0 || !entry.equals(entries[index - 1]!));
}

/** What both of an event's id and seq are equal of. */
export function keyOf(entry: Buffer): string {
  return entry.toString('latin1', 0, KEY_BYTES);
}

export function nameEvent(entry: Buffer): string {
  const { id, seq } = readManifestEntry(entry);
  return `usage_event ${id}/${seq}`;
}

function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
