import { describe, expect, it } from 'vitest';
import { ENTRY_BYTES, writeManifestEntry } from '../usage/event-digest.js';
import { entriesInRange, keyOf, nameEvent } from './manifest-entries.js';

const id = (last: number) => `0190aaaa-0000-7000-8000-00000000000${last}`;

function digestsOf(...entries: readonly (readonly [id: string, seq: number, digest: number])[]): Buffer {
  const digests = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach(([eventId, seq, digest], index) => {
    writeManifestEntry(digests, index * ENTRY_BYTES, eventId, seq, Buffer.alloc(14, digest));
  });
  return digests;
}

describe('the entries of a manifest', () => {
  it('come in the order of id and seq, each once, from the first bound to before the last', () => {
    const digests = digestsOf([id(4), 0, 1], [id(3), 1, 1], [id(3), 0, 1], [id(3), 0, 1], [id(2), 0, 1], [id(1), 0, 1]);
    const entries = entriesInRange(digests, { fromId: id(2), toId: id(4) });
    expect(entries.map(nameEvent)).toEqual([
      `usage_event ${id(2)}/0`,
      `usage_event ${id(3)}/0`,
      `usage_event ${id(3)}/1`,
    ]);
  });

  it('are told apart by their digests, and not by their keys', () => {
    const [first, second] = entriesInRange(digestsOf([id(1), 0, 1], [id(1), 0, 2]), { fromId: id(0), toId: id(9) });
    expect(keyOf(first!)).toBe(keyOf(second!));
    expect(first!.equals(second!)).toBe(false);
  });
});
