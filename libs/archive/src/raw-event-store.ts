import type { ArchiveBlock } from './archive-folder.js';

/** The kinds of places where days of usage are kept that Postgres has no more. */
export type RawEventStoreKind = 'files' | 'clickhouse';

/** A day of usage as it was written into a store, and how to know it again. */
export interface StoredDay {
  /** As 2026-11-25, UTC. */
  readonly day: string;
  /** Its name in the store. */
  readonly file: string;
  /** SHA-256 of what the store holds under this name, in hex. */
  readonly sha256: string;
  /** What it takes on the store's disk. */
  readonly bytes: number;
  readonly rowCount: number;
  /** SHA-256 of the rows as they were given, in hex. */
  readonly contentSha256: string;
  /** The columns of the rows, in order. */
  readonly columns: readonly string[];
  /** Where parts of it can be read alone; empty where the store needs no such thing. */
  readonly blocks: readonly ArchiveBlock[];
}

/** Which requests are wanted: of one organization, and every condition that is given must hold. */
export interface RawEventFilter {
  readonly organizationId: string;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Only requests with a lower id. */
  readonly before?: string | undefined;
}

/** Which requests are wanted in their order: of one organization and subscription, only those with a higher id than one when it is given. */
export interface RawEventWalk {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly after: string | null;
}

/** A part of a day: whole rows, in their order. */
export interface RawEventPart {
  readonly rows: Buffer;
  /** Of its last row: more rows of that request may be in the next part. */
  readonly lastId: string;
}

/** How far a search goes: `limit` requests at most, and about as much reading as `maxBlocks` blocks of files. */
export interface SearchBound {
  readonly limit: number;
  readonly maxBlocks: number;
}

/** What a search has come to. */
export interface SearchResult {
  /** How many requests were found. */
  readonly found: number;
  /** How many blocks were read for it. */
  readonly blocksRead: number;
  /** The id down to which was searched when the bound was met before enough was found; else null. */
  readonly reachedId: string | null;
}

/**
 * Where raw events are kept when they leave Postgres, a UTC day at a time. Rows are of COPY's text format: fields with tabs
 * between them and a line feed behind, by organization, id and seq; the first columns are `organization_id`, `id` and
 * `seq`. Which day is where, and what belongs in it, is in Postgres: a store decides nothing.
 */
export interface RawEventStore {
  readonly kind: RawEventStoreKind;
  /**
   * Writes a day, wholly or so that what there is of it is not found: it may break off anywhere and be done again; each
   * event is there once. One at a time writes a day. `read` gives all rows anew whenever it is called. What the store has of
   * the day with other rows stays.
   */
  write(day: string, columns: readonly string[], read: () => AsyncIterable<Buffer>): Promise<StoredDay>;
  /** @throws ArchiveReadError when what the store has under the name is not what was written. */
  check(stored: StoredDay): Promise<void>;
  /** All rows as they were written, in their order. @throws ArchiveReadError when that cannot be read. */
  readDay(stored: StoredDay): AsyncIterable<Buffer>;
  /**
   * Gives the rows of the newest requests that match to `onRows`, all rows of a stream with it; the days have the same
   * columns, the newest first. Rows come in no order, and some more may come of the last request.
   * @throws ArchiveReadError when a day cannot be read.
   */
  search(
    days: readonly StoredDay[],
    filter: RawEventFilter,
    bound: SearchBound,
    onRows: (rows: AsyncIterable<Buffer> | Iterable<Buffer>) => Promise<void>,
  ): Promise<SearchResult>;
  /**
   * The rows of a day that match, the oldest request first, a part at a time: whoever stops has read no more of the day than a part
   * beyond what was needed. @throws ArchiveReadError when the day cannot be read.
   */
  walk(stored: StoredDay, walk: RawEventWalk): AsyncIterable<RawEventPart>;
}

/** The stores that are configured. */
export class RawEventStores {
  /** Days that leave Postgres go to the first. */
  constructor(private readonly stores: readonly [RawEventStore, ...RawEventStore[]]) {}

  get target(): RawEventStore {
    return this.stores[0];
  }

  /** The store of this kind; undefined when none is configured. */
  find(kind: RawEventStoreKind): RawEventStore | undefined {
    return this.stores.find((store) => store.kind === kind);
  }
}
