import type { PurgeTarget } from '#domain';
import { hashOf } from '../proxy/hash/rendezvous.js';
import type { StoredAnswer } from '../stored/stored-answer.js';
import type { Freshness } from './freshness.js';
import { type RequestFields, type Selection, isSelectedBy } from './vary.js';

/** Of one address, so many answers that differ by `Vary` are kept. */
const maxVariants = 16;
/** Addresses that share one of these change together: it costs what is being fetched for another one its place, seldom enough. */
const changeMarks = 65_536;
/** What an entry takes beside its body and header fields, roughly. */
const entryBytes = 1_024;

/** Whose answer it is and to what. */
export interface CachePlace {
  /** API version, host, path and query: what an unsafe call to the same address invalidates. */
  readonly address: string;
  /** Everybody, or one consumer. */
  readonly scope: string;
}

export interface CacheEntry {
  readonly place: CachePlace;
  readonly answer: StoredAnswer;
  readonly freshness: Freshness;
  readonly selection: Selection;
  readonly bytes: number;
}

/**
 * Answers in memory, by address, scope and selecting fields. Bounded by bytes: what was used longest ago goes first. An
 * address that is invalidated is forgotten in every scope.
 */
export class ResponseCache {
  /** By address and scope, used last at the end. */
  private readonly slots = new Map<string, CacheEntry[]>();
  private readonly slotsByAddress = new Map<string, Set<string>>();
  private heldBytes = 0;
  private changeCount = 0;
  /** The number of the latest change of the addresses with each mark. */
  private readonly changedAt = new Float64Array(changeMarks);

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.heldBytes;
  }

  /** How often answers were invalidated or purged until now: see `hasChanged`. */
  get changes(): number {
    return this.changeCount;
  }

  /** True when an answer of the address that was asked for after so many changes must not be kept: it may be what was to be removed. */
  hasChanged({ address }: CachePlace, sinceChanges: number): boolean {
    return this.changedAt[markOf(address)]! > sinceChanges;
  }

  find(place: CachePlace, request: RequestFields): CacheEntry | null {
    const key = keyOf(place);
    const slot = this.slots.get(key);
    const entry = slot?.find(({ selection }) => isSelectedBy(selection, request));
    if (!slot || !entry) return null;
    this.slots.delete(key);
    this.slots.set(key, slot);
    return entry;
  }

  /** Keeps an answer in the place of those for the same request; one that is larger than all the room is not kept. */
  put(
    place: CachePlace,
    answer: StoredAnswer,
    freshness: Freshness,
    selection: Selection,
    request: RequestFields,
  ): CacheEntry {
    const bytes = entryBytes + answer.body.length + JSON.stringify([answer.headers, selection, place]).length * 2;
    const key = keyOf(place);
    const others = (this.slots.get(key) ?? []).filter((other) => !isSelectedBy(other.selection, request));
    this.drop(key);
    const entry = { place, answer, freshness, selection, bytes };
    if (bytes > this.maxBytes) return entry;
    const slot = [...others.slice(1 - maxVariants), entry];
    this.slots.set(key, slot);
    for (const kept of slot) this.heldBytes += kept.bytes;
    const addressSlots = this.slotsByAddress.get(place.address);
    if (addressSlots) addressSlots.add(key);
    else this.slotsByAddress.set(place.address, new Set([key]));
    for (const [oldest] of this.slots) {
      if (this.heldBytes <= this.maxBytes) break;
      this.drop(oldest);
    }
    return entry;
  }

  /** Forgets what is kept for an address, whosever it is. */
  invalidate(address: string): void {
    this.changedAt[markOf(address)] = ++this.changeCount;
    this.forget(address);
  }

  private forget(address: string): void {
    for (const key of this.slotsByAddress.get(address) ?? []) this.drop(key);
  }

  /** Forgets what is kept of an API version, whosever it is, or all of it under a path; null for everything. */
  purge(target: PurgeTarget | null): void {
    this.changedAt.fill(++this.changeCount);
    for (const address of this.slotsByAddress.keys()) {
      if (target === null || isTarget(address, target)) this.forget(address);
    }
  }

  private drop(key: string): void {
    const slot = this.slots.get(key);
    if (!slot) return;
    this.slots.delete(key);
    for (const { bytes } of slot) this.heldBytes -= bytes;
    const { address } = slot[0]!.place;
    const addressSlots = this.slotsByAddress.get(address)!;
    addressSlots.delete(key);
    if (addressSlots.size === 0) this.slotsByAddress.delete(address);
  }
}

/** An address is the version's id, the host, and path with query. */
function isTarget(address: string, { apiVersionId, path }: PurgeTarget): boolean {
  if (!address.startsWith(`${apiVersionId} `)) return false;
  if (path === null) return true;
  const asked = address.slice(address.indexOf(' ', apiVersionId.length + 1) + 1);
  return path.endsWith('*') ? asked.startsWith(path.slice(0, -1)) : asked.split('?', 1)[0] === path;
}

function markOf(address: string): number {
  return hashOf(address) % changeMarks;
}

export function keyOf({ address, scope }: CachePlace): string {
  return `${scope} ${address}`;
}
